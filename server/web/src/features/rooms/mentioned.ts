/** Whether what somebody is about to say in a room is about one of the patients whom this device knows. */
export interface Known {
  id: string;
  name: string;
  kana: string;
}

/** The patient whom a text names: by the whole name, or by the family name with 様 or さん. */
export function patientNamed(text: string, patients: readonly Known[]): Known | null {
  const plain = squeeze(text);
  return patients.find((patient) => names(patient, plain)) ?? null;
}

function names({ name, kana }: Known, text: string): boolean {
  const whole = [name, kana].map(squeeze).filter((one) => one.length >= 3);
  if (whole.some((one) => text.includes(one))) return true;
  const families = [name, kana].map((one) => squeeze(one.trim().split(/[\s\u3000]+/)[0] ?? ''));
  return families.some(
    (family) =>
      family.length >= 2 && ['さん', '様', 'さま', '氏'].some((title) => text.includes(family + title)),
  );
}

/** Without spaces, in one width, with katakana for hiragana only where it is a reading; enough to find a name. */
function squeeze(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '');
}
