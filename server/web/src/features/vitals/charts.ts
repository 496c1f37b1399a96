/** Which signs share a graph. */
import type { VitalKey } from '#ui/vital-signs.ts';

export interface ChartSpec {
  name:
    | 'temperature'
    | 'blood_pressure'
    | 'pulse'
    | 'spo2'
    | 'respiration'
    | 'weight'
    | 'glucose'
    | 'pain'
    | 'fluids'
    | 'stools';
  keys: readonly VitalKey[];
}

export const charts: readonly ChartSpec[] = [
  { name: 'temperature', keys: ['temperature'] },
  { name: 'blood_pressure', keys: ['systolic', 'diastolic'] },
  { name: 'pulse', keys: ['pulse'] },
  { name: 'spo2', keys: ['spo2'] },
  { name: 'respiration', keys: ['respiration'] },
  { name: 'weight', keys: ['weight'] },
  { name: 'glucose', keys: ['glucose'] },
  { name: 'pain', keys: ['pain'] },
  { name: 'fluids', keys: ['intake', 'output'] },
  { name: 'stools', keys: ['stools'] },
];
