import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** The same sources always give the same build: the version is a hash of them, not the time of day. */
function sourceVersion(): string {
  const hash = createHash('sha256');
  for (const file of globSync([
    'src/**/*.*',
    'static/**/*.*',
    'package-lock.json',
    '../../schema/facts.json',
  ]).sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html' }),
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
        },
      },
      serviceWorker: { register: false },
      version: { name: sourceVersion(), pollInterval: 0 },
    }),
  ],
  build: { target: 'es2022' },
  test: { include: ['src/**/*.test.ts'], setupFiles: ['scripts/test-setup.ts'] },
});
