/** Colour and glyph of each profession; the name comes from the catalogue. The three always appear together. */
import type { Messages } from '#i18n/ja/index.ts';

export type Profession = keyof Messages['professions'];

interface Named {
  profession: string;
  kana: string;
}

interface Mark {
  glyph: string;
  color: string;
}

const marks: Record<Profession, Mark> = {
  physician: { glyph: '医', color: '#2b3f6b' },
  dentist: { glyph: '歯', color: '#2a6485' },
  pharmacist: { glyph: '薬', color: '#5d4a88' },
  nurse: { glyph: '看', color: '#1c6a61' },
  assistant_nurse: { glyph: '准', color: '#35706a' },
  midwife: { glyph: '助', color: '#2a7264' },
  public_health_nurse: { glyph: '保', color: '#2f6653' },
  physical_therapist: { glyph: '理', color: '#626219' },
  occupational_therapist: { glyph: '作', color: '#75601c' },
  speech_therapist: { glyph: '言', color: '#576828' },
  dietitian: { glyph: '栄', color: '#476a30' },
  nutritionist: { glyph: '養', color: '#557029' },
  dental_hygienist: { glyph: '衛', color: '#34708f' },
  clinical_engineer: { glyph: '工', color: '#4b6075' },
  radiographer: { glyph: '放', color: '#4b6075' },
  laboratory_technologist: { glyph: '検', color: '#4b6075' },
  public_psychologist: { glyph: '心', color: '#7a4a5f' },
  psychiatric_social_worker: { glyph: '精', color: '#7a4a5f' },
  social_worker: { glyph: '社', color: '#78496f' },
  medical_social_worker: { glyph: '相', color: '#6c487e' },
  care_manager: { glyph: 'ケ', color: '#835416' },
  chief_care_manager: { glyph: '主', color: '#835416' },
  consultation_specialist: { glyph: '談', color: '#7d5a20' },
  medical_care_child_coordinator: { glyph: '児', color: '#7d5a20' },
  home_helper: { glyph: '訪', color: '#7b4b3a' },
  service_supervisor: { glyph: '責', color: '#7b4b3a' },
  care_worker: { glyph: '介', color: '#804f41' },
  day_care_staff: { glyph: '通', color: '#835545' },
  life_counsellor: { glyph: '生', color: '#835545' },
  equipment_consultant: { glyph: '具', color: '#575c63' },
  judo_therapist: { glyph: '柔', color: '#6b5a2c' },
  massage_therapist: { glyph: '鍼', color: '#6b5a2c' },
  support_center_staff: { glyph: '包', color: '#665738' },
  municipal_officer: { glyph: '市', color: '#4f5d66' },
  insurer_staff: { glyph: '険', color: '#4f5d66' },
  health_center_staff: { glyph: '所', color: '#4f5d66' },
  regional_coordinator: { glyph: '連', color: '#465771' },
  association_staff: { glyph: '会', color: '#465771' },
  paramedic: { glyph: '救', color: '#a23a1e' },
  welfare_commissioner: { glyph: '民', color: '#5c5c4a' },
  volunteer: { glyph: 'ボ', color: '#5c5c4a' },
  patient: { glyph: '本', color: '#5a5560' },
  family: { glyph: '家', color: '#5a5560' },
  administrator: { glyph: '管', color: '#54504a' },
  facility_administrator: { glyph: '施', color: '#54504a' },
  auditor: { glyph: '監', color: '#54504a' },
  support: { glyph: '守', color: '#54504a' },
};

/** The seal of a profession; null for one that this app does not know. */
export function markOf(profession: string): Mark | null {
  return profession in marks ? marks[profession as Profession] : null;
}

/** The order in which a team is listed: as it would be on the cover of a care plan. */
export const professionOrder: readonly string[] = Object.keys(marks);

/** By profession, then by kana: the same order wherever a team is shown. */
export function byProfession(a: Named, b: Named): number {
  const rank = (person: Named) => professionOrder.indexOf(person.profession);
  return rank(a) - rank(b) || a.kana.localeCompare(b.kana, 'ja');
}
