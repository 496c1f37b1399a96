import type { vitalLimitTexts as ja } from '../ja/vital-limits.ts';

export const vitalLimitTexts: typeof ja = {
  limits: {
    title: 'When to tell somebody',
    explained:
      'When vital signs outside these ranges are recorded, a post "Urgent change" is added and the people chosen here are asked to acknowledge it.',
    none: 'No ranges are set.',
    set: 'Set ranges',
    change: 'Change ranges',
    save: 'Save ranges',
    low: 'Lowest',
    high: 'Highest',
    line: (label: string, low: string | null, high: string | null, unit: string) =>
      low !== null && high !== null
        ? `${label} ${low}–${high} ${unit}`
        : low !== null
          ? `${label} at least ${low} ${unit}`
          : `${label} at most ${high ?? ''} ${unit}`,
    news2: (from: number) => `NEWS2 of ${from} or more`,
    wrong: 'Check the values with a red frame. The lowest has to be below the highest.',
    score: 'By NEWS2',
    noScore: 'Not used',
    fromScore: (from: string) => `${from} or more`,
    scale: 'Target of SpO₂',
    scales: { '1': 'Usual (96 % and more)', '2': '88–92 % (risk of hypercapnia, decided by a physician)' },
    instruction: 'What to do then',
    instructionHint: 'For example: call the visiting nurses (24 hours)',
    notify: 'Who is asked to acknowledge',
    within: 'Within',
    answers: { '15': '15 minutes', '30': '30 minutes', '60': '1 hour', '240': '4 hours', '1440': '24 hours' },
    by: (name: string, day: string) => `Set by ${name} on ${day}`,
    formerMember: 'Somebody who left the team',
  },
};
