DROP TABLE post_templates;
DROP TABLE post_approvals;
DROP TABLE post_pins;
DROP TABLE post_reactions;
DROP TABLE post_recipients;
DROP INDEX posts_entered;
DROP INDEX posts_on_behalf;
DROP INDEX posts_wounds;
DROP INDEX posts_threads;
ALTER TABLE posts
    DROP COLUMN wound_label,
    DROP COLUMN wound_site,
    DROP COLUMN mentioned_professions,
    DROP COLUMN mentioned_staff,
    DROP COLUMN on_behalf_of,
    DROP COLUMN thread_id;
ALTER TABLE posts DROP CONSTRAINT posts_channel_check;
ALTER TABLE posts ADD CONSTRAINT posts_channel_check
    CHECK (channel IN ('team', 'medical', 'family', 'sensitive')) NOT VALID;
