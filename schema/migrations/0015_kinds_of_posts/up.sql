-- Kinds of posts beside notes and vital signs. What the rules tell posts apart by is the kind of information that a kind
-- of post is about, so that a network narrows and a patient consents to few kinds.
-- In one statement, so that the table is written anew once.
ALTER TABLE posts
    DROP CONSTRAINT posts_kind_check,
    ADD CONSTRAINT posts_kind_check CHECK (kind IN
        ('note', 'vitals', 'document', 'medication', 'wound', 'visit_report', 'urgent', 'end_of_life', 'notice')),
    DROP COLUMN class,
    ADD COLUMN information text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind IN ('vitals', 'document', 'medication') THEN kind WHEN kind = 'wound' THEN 'assessment' ELSE 'note' END
    ) STORED,
    ADD COLUMN class text NOT NULL GENERATED ALWAYS AS (
        channel || '/' ||
        CASE WHEN kind IN ('vitals', 'document', 'medication') THEN kind WHEN kind = 'wound' THEN 'assessment' ELSE 'note' END ||
        coalesce('/' || sensitivity, '')
    ) STORED;
COMMENT ON COLUMN posts.information IS 'clinical: The kind of information that the access rules know it by.';
COMMENT ON COLUMN posts.class IS 'clinical: Channel, kind of information and sensitivity in one: what the access rules tell posts apart by.';
