/** The same for what is done with posts beside reading and writing them. */
export const postActions = {
  'post.thread': '投稿と返信を表示',
  'post.react': '投稿にリアクション',
  'post.unreact': 'リアクションを取り消し',
  'post.pin': '投稿を固定',
  'post.unpin': '投稿の固定を解除',
  'post.approve': '代行入力を承認',
  'post.return': '代行入力を差し戻し',
  'pins.list': '固定された投稿を表示',
  'approvals.list': '代行入力の承認待ちを表示',
  'wounds.list': '創部の一覧を表示',
  'wounds.series': '創部の経過を表示',
  'post_templates.list': '投稿のひな形を表示',
  'post_template.keep': '投稿のひな形の管理',
  'post_template.create': '投稿のひな形を作成',
  'post_template.update': '投稿のひな形を変更',
  'post_template.remove': '投稿のひな形を削除',
};
