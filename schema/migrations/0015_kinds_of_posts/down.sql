ALTER TABLE posts DROP COLUMN class;
ALTER TABLE posts DROP COLUMN information;
ALTER TABLE posts ADD COLUMN class text NOT NULL
    GENERATED ALWAYS AS (channel || '/' || kind || coalesce('/' || sensitivity, '')) STORED;
COMMENT ON COLUMN posts.class IS 'clinical: Channel, kind and sensitivity in one: what the access rules tell posts apart by.';
ALTER TABLE posts DROP CONSTRAINT posts_kind_check;
ALTER TABLE posts ADD CONSTRAINT posts_kind_check CHECK (kind IN ('note', 'vitals', 'document'));
