/** The kinds of facts with their fields and choices: the published catalogue itself, so that form and server agree. */
import catalogue from '../../../../schema/facts.json' with { type: 'json' };

export interface FactChoice {
  code: string;
  ja: string;
  en: string;
  points?: number;
}

export interface FactField {
  code: string;
  ja: string;
  en: string;
  type: 'text' | 'choice' | 'choices' | 'integer' | 'number' | 'date' | 'partial_date' | 'flag';
  required?: boolean;
  when?: Readonly<Record<string, readonly string[]>>;
  longest?: number;
  lines?: boolean;
  low?: number;
  high?: number;
  format?: string;
  unit?: string;
  choices?: readonly FactChoice[];
}

export interface FactKind {
  code: string;
  ja: string;
  en: string;
  single?: boolean;
  future?: boolean;
  about?: readonly string[];
  absent?: { field: string; codes: readonly string[] };
  score?: { fields: readonly string[]; highest: number; notation?: string };
  fields: readonly FactField[];
}

export const factKinds = catalogue.kinds as unknown as readonly FactKind[];

export function factKind(code: string): FactKind | undefined {
  return factKinds.find((kind) => kind.code === code);
}
