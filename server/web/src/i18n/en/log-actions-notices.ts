/** Acts on requests, notices and duty contacts in the access log. */
export const noticeActions = {
  'acknowledgement.ask': 'Asked to acknowledge',
  'acknowledgement.escalate': 'Turned to a deputy or duty contact',
  'acknowledgement.remind': 'Reminded of a request',
  'acknowledgement.withdraw': 'Took a request back',
  'acknowledgements.list': 'Listed requests',
  'duty_contacts.list': 'Read duty contacts',
  'duty_contacts.update': 'Changed duty contacts',
  'notice.finish': 'Took a notice off',
  'notice_settings.read': 'Read settings of notices',
  'notice_settings.update': 'Changed settings of notices',
  'push_subscription.create': 'Let a device be told',
  'push_subscription.delete': 'Let a device not be told',
  'work.count': 'Counted own work',
  'work.read': 'Read own work',
};
