import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const features = readdirSync(new URL('src/features', import.meta.url));

/** A feature imports only api/, ui/, i18n/ and itself; api, ui and i18n import no feature. */
const walls = [
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^#features/|\\.\\./', message: 'Features do not know each other.' }] },
      ],
    },
  })),
  {
    files: ['src/api/**', 'src/ui/**', 'src/i18n/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^#features/', message: 'Below the features.' }] },
      ],
    },
  },
];

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', 'node_modules/', 'src/api/schema.gen.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off',
      'no-console': 'error',
      'max-lines': ['error', { max: 250 }],
      complexity: ['error', 15],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
      // Dates and maps here are values of one moment, not state.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  { files: ['scripts/**'], rules: { 'no-console': 'off' } },
  ...walls,
);
