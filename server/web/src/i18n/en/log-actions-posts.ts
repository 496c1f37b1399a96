import type { postActions as ja } from '../ja/log-actions-posts.ts';

export const postActions: typeof ja = {
  'post.thread': 'Read a conversation on',
  'post.react': 'Reacted to a post on',
  'post.unreact': 'Took back a reaction on',
  'post.pin': 'Kept a post on top for',
  'post.unpin': 'Took a post down for',
  'post.approve': 'Approved an entry on',
  'post.return': 'Gave back an entry on',
  'pins.list': 'Saw the posts on top for',
  'approvals.list': 'Saw what waits for approval',
  'wounds.list': 'Saw the wounds of',
  'wounds.series': 'Saw the course of a wound of',
  'post_templates.list': 'Saw the templates of posts',
  'post_template.keep': 'Keeping templates of posts',
  'post_template.create': 'Made a template of posts',
  'post_template.update': 'Changed a template of posts',
  'post_template.remove': 'Removed a template of posts',
};
