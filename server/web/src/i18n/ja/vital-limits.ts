/** 連絡の基準. */
export const vitalLimitTexts = {
  limits: {
    title: '連絡の基準',
    explained:
      'この範囲を外れたバイタルが記録されると、「急な変化」の投稿が自動で追加され、選んだ方に確認が依頼されます。',
    none: '連絡の基準は設定されていません。',
    set: '基準を設定',
    change: '基準を変更',
    save: '基準を保存',
    low: '下限',
    high: '上限',
    line: (label: string, low: string | null, high: string | null, unit: string) =>
      low !== null && high !== null
        ? `${label} ${low}〜${high} ${unit}`
        : low !== null
          ? `${label} ${low} ${unit} 以上`
          : `${label} ${high ?? ''} ${unit} 以下`,
    news2: (from: number) => `NEWS2 ${from}点以上で連絡`,
    wrong: '赤枠の値を確かめてください。下限は上限より低い数字で入力します。',
    score: 'NEWS2 による連絡',
    noScore: '使わない',
    fromScore: (from: string) => `${from}点以上で連絡`,
    scale: 'SpO₂ の目標',
    scales: { '1': '通常（96%以上）', '2': '88〜92%（高二酸化炭素血症のおそれがあり、医師が決めた方）' },
    instruction: '基準を外れたときの対応',
    instructionHint: '例：訪問看護ステーション（24時間）に電話',
    notify: '確認を依頼する方',
    within: 'いつまでに',
    answers: {
      '15': '15分以内',
      '30': '30分以内',
      '60': '1時間以内',
      '240': '4時間以内',
      '1440': '24時間以内',
    },
    by: (name: string, day: string) => `${name} さんが ${day} に設定`,
    formerMember: 'チームを離れた方',
  },
};
