/** What is being entered about one fact: every field as it is typed. */
import { factKind, type FactField } from '#ui/fact-kinds.ts';
import { parseNumber } from '#ui/format/kana.ts';
import type { Value } from './types.ts';

export class FactForm {
  kind = $state('');
  texts = $state<Record<string, string>>({});
  chosen = $state<Record<string, string[]>>({});

  constructor(kind: string, value: Value = {}) {
    this.kind = kind;
    this.fill(value);
  }

  fill(value: Value): void {
    const texts: Record<string, string> = {};
    const chosen: Record<string, string[]> = {};
    for (const [code, said] of Object.entries(value)) {
      if (Array.isArray(said)) chosen[code] = said.map(String);
      else if (said === true) texts[code] = 'true';
      else if (said !== null && said !== undefined && said !== false) texts[code] = String(said);
    }
    this.texts = texts;
    this.chosen = chosen;
  }

  /** The fields that belong to what was chosen so far. */
  get fields(): readonly FactField[] {
    const all = factKind(this.kind)?.fields ?? [];
    return all.filter((field) =>
      Object.entries(field.when ?? {}).every(([other, codes]) => codes.includes(this.texts[other] ?? '')),
    );
  }

  #said(field: FactField): unknown {
    if (field.type === 'choices')
      return this.chosen[field.code]?.length ? [...(this.chosen[field.code] ?? [])] : undefined;
    const text = (this.texts[field.code] ?? '').trim();
    if (text === '') return undefined;
    if (field.type === 'flag') return text === 'true' ? true : undefined;
    if (field.type === 'integer' || field.type === 'number') return parseNumber(text) ?? text;
    return text;
  }

  get value(): Value {
    const value: Value = {};
    for (const field of this.fields) {
      const said = this.#said(field);
      if (said !== undefined) value[field.code] = said;
    }
    return value;
  }

  get missing(): string[] {
    return this.fields
      .filter((field) => field.required && this.#said(field) === undefined)
      .map((field) => field.code);
  }

  /** Fields with a number that is none, or too low or too high. */
  get wrong(): string[] {
    return this.fields
      .filter((field) => field.type === 'integer' || field.type === 'number')
      .filter((field) => {
        const said = this.#said(field);
        if (said === undefined) return false;
        if (typeof said !== 'number') return true;
        const whole = field.type === 'number' || Number.isInteger(said);
        return !whole || said < (field.low ?? -Infinity) || said > (field.high ?? Infinity);
      })
      .map((field) => field.code);
  }

  toggle(code: string, choice: string, on: boolean): void {
    const others = (this.chosen[code] ?? []).filter((other) => other !== choice);
    this.chosen = { ...this.chosen, [code]: on ? [...others, choice] : others };
  }
}
