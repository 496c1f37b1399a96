/** Acts on requests, notices and duty contacts in the access log. */
export const noticeActions = {
  'acknowledgement.ask': '確認を依頼',
  'acknowledgement.escalate': '確認の依頼を代理・当番に連絡',
  'acknowledgement.remind': '確認の依頼を再度通知',
  'acknowledgement.withdraw': '確認の依頼を取り下げ',
  'acknowledgements.list': '確認の依頼の一覧を表示',
  'duty_contacts.list': '施設の当番を表示',
  'duty_contacts.update': '施設の当番を変更',
  'notice.finish': 'お知らせを確認',
  'notice_settings.read': '通知の設定を表示',
  'notice_settings.update': '通知の設定を変更',
  'push_subscription.create': '端末への通知を開始',
  'push_subscription.delete': '端末への通知を終了',
  'work.count': '自分の仕事の件数を表示',
  'work.read': '自分の仕事を表示',
};
