/** English for what people are asked about their own accesses. */
import type { justificationTexts as ja } from '../ja/justifications.ts';

export const justificationTexts: typeof ja = {
  justifications: {
    title: 'Questions for you',
    intro:
      'To make sure that records are used as they should be, an auditor asks why you opened one. Please write what made it necessary, in your own words.',
    notice: (n: number) =>
      n === 1 ? 'An auditor has a question for you.' : `Auditors have ${n} questions for you.`,
    noticeOverdue: 'An answer is overdue.',
    toList: 'Read and answer',
    ask: 'Please tell us why you looked at this record',
    question: 'What the auditor asks',
    asked: (day: string) => `Asked on ${day}`,
    due: (day: string) => `Answer by ${day}`,
    overdue: (day: string) => `The answer was due on ${day}`,
    what: 'The record in question',
    patient: (name: string) => name,
    patientHidden: 'The record of somebody you do not care for any more. The name is not shown.',
    denied: 'was not opened',
    more: (n: number) => `Show ${n} more`,
    answer: 'Reason',
    answerHint:
      'For example: the nurse on duty called for advice and I checked the prescription. What you write is kept on this device. You can answer once and not change it.',
    answerMissing: 'Please write the reason.',
    send: 'Send the answer',
    confirmTitle: 'Send this answer?',
    confirmBody: 'It cannot be changed afterwards. Only auditors read it.',
    sent: 'Your answer was sent. Thank you.',
    answered: (at: string) => `Answered ${at}`,
    yours: 'Your answer',
    ended: 'No answer is needed any more',
    shown: 'Show',
    states: { open: 'Waiting for an answer', all: 'All so far' },
    emptyTitle: 'No questions for you',
    emptyBody: 'When an auditor asks why a record was opened, it appears here, and you are told by mail.',
  },
};
