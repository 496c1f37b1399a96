/** Texts of the consoles: incoming documents, gallery. */
export const consoles = {
  incoming: {
    title: '届いた文書',
    intro: '患者がまだ特定できていない文書です。候補を確かめて、正しい方の記録に登録してください。',
    emptyTitle: '確認が必要な文書はありません',
    emptyBody:
      '病院のシステムから届いた文書のうち、どの患者のものか自動で決められなかったものが、ここに表示されます。',
    none: '候補が見つかりません。先に患者を登録すると、ここに候補として表示されます。',
    link: 'この方の記録に登録',
    linkTitle: (name: string) => `${name} さんの記録に登録しますか`,
    linkBody:
      '登録すると、その方のケアチーム全員が文書を読めるようになります。氏名・生年月日をもう一度確かめてください。',
    linkSubmit: '登録する',
    onDocument: '文書に書かれた患者',
    candidate: '登録先の候補',
    received: (at: string, by: string) => `${at} 受信・${by}`,
  },
  gallery: { title: '部品の見本', intro: '画面で使う部品を、すべての状態で並べています。' },
};
