import { describe, expect, it } from 'vitest';
import { questionOf, type Choices } from './question.ts';

const choices: Choices = {
  patientId: 'p',
  staffMemberId: null,
  action: 'patient.read',
  kind: 'note',
  record: 'medication',
  channel: 'sensitive',
  sensitivity: 'abuse',
};

describe('a question about access', () => {
  it('asks only what belongs to the act', () => {
    expect(questionOf(choices)).toEqual({ patient_id: 'p', action: 'patient.read' });
    expect(questionOf({ ...choices, action: 'post.read', channel: 'team' })).toEqual({
      patient_id: 'p',
      action: 'post.read',
      kind: 'note',
      channel: 'team',
    });
    expect(questionOf({ ...choices, action: 'record.read' })).toEqual({
      patient_id: 'p',
      action: 'record.read',
      kind: 'medication',
    });
    expect(questionOf({ ...choices, action: 'post.create', staffMemberId: 's' })).toEqual({
      patient_id: 'p',
      action: 'post.create',
      kind: 'note',
      channel: 'sensitive',
      sensitivity: 'abuse',
      staff_member_id: 's',
    });
  });
});
