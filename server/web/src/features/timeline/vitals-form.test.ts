import { describe, expect, it } from 'vitest';
import { examine, VitalsForm } from './vitals-form.svelte.ts';

describe('plausibility', () => {
  it('lets the usual pass', () => {
    expect(examine('temperature', '36.5')).toBeNull();
    expect(examine('spo2', '９７')).toBeNull();
  });
  it('asks about the unusual', () => {
    expect(examine('temperature', '39.2')).toMatchObject({ kind: 'question' });
    expect(examine('pulse', '38')).toMatchObject({ kind: 'question' });
  });
  it('refuses the impossible and guesses at a forgotten point', () => {
    expect(examine('temperature', '365')).toMatchObject({ kind: 'error', meant: 36.5 });
    expect(examine('spo2', '101')).toMatchObject({ kind: 'error' });
    expect(examine('weight', 'abc')).toMatchObject({ kind: 'error' });
  });
});

describe('the form', () => {
  it('is acceptable once an unusual value is confirmed', () => {
    const form = new VitalsForm();
    form.texts.temperature = '39.2';
    expect(form.acceptable).toBe(false);
    form.confirm('temperature');
    expect(form.acceptable).toBe(true);
    form.texts.temperature = '39.9';
    expect(form.acceptable).toBe(false);
  });
  it('wants both blood pressures, the lower below the upper', () => {
    const form = new VitalsForm();
    form.tried = true;
    form.texts.systolic = '120';
    expect(form.finding('diastolic')).toMatchObject({ kind: 'error' });
    form.texts.diastolic = '130';
    expect(form.finding('diastolic')).toMatchObject({ kind: 'error' });
    form.texts.diastolic = '76';
    expect(form.acceptable).toBe(true);
    expect(form.values).toEqual({ systolic: 120, diastolic: 76 });
  });
  it('is empty at first', () => {
    expect(new VitalsForm().acceptable).toBe(false);
  });
});
