-- What can be found by words: one row for each post, attachment or message, as it stands now. Why it is built so is in
-- docs/decisions/014.
CREATE TABLE search_entries (
    tenant_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('post', 'attachment', 'message')),
    id uuid NOT NULL,
    kind text NOT NULL,
    patient_id uuid,
    room_id uuid,
    post_id uuid,
    class text,
    facility_id uuid NOT NULL,
    author_staff_id uuid,
    author_client_id uuid,
    at timestamptz NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    folded text NOT NULL,
    tokens integer[] NOT NULL,
    PRIMARY KEY (tenant_id, source, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, author_staff_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, author_client_id) REFERENCES clients (tenant_id, id),
    CHECK ((patient_id IS NULL) <> (room_id IS NULL)),
    CHECK ((patient_id IS NULL) = (class IS NULL))
);
CREATE INDEX search_entries_by_time ON search_entries (tenant_id, at DESC, id DESC);
CREATE INDEX search_entries_by_patient ON search_entries (tenant_id, patient_id, at DESC, id DESC);
-- For what goes with its post.
CREATE INDEX search_entries_by_post ON search_entries (tenant_id, post_id) WHERE source <> 'post';
-- Each token is made with the network in it, so that no network's words lengthen another's lists. Written at once: a
-- list of what is still to be sorted in would be looked through by every search.
CREATE INDEX search_entries_by_token ON search_entries USING gin (tokens) WITH (fastupdate = off);
COMMENT ON TABLE search_entries IS 'What can be found by words: posts, attachments and messages as they stand now.';
COMMENT ON COLUMN search_entries.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN search_entries.source IS 'operational: What it is: post, attachment or message.';
COMMENT ON COLUMN search_entries.id IS 'operational: The post, attachment or message.';
COMMENT ON COLUMN search_entries.kind IS 'clinical: Kind of post, or what it is.';
COMMENT ON COLUMN search_entries.patient_id IS 'identifier: Whom it is about.';
COMMENT ON COLUMN search_entries.room_id IS 'operational: The room it is in, when it is about no patient.';
COMMENT ON COLUMN search_entries.post_id IS 'operational: The post in which it is opened.';
COMMENT ON COLUMN search_entries.class IS 'clinical: Channel, kind of information and sensitivity: what the access rules tell posts apart by.';
COMMENT ON COLUMN search_entries.facility_id IS 'operational: The facility of the author at that time.';
COMMENT ON COLUMN search_entries.author_staff_id IS 'operational: The author, when a person.';
COMMENT ON COLUMN search_entries.author_client_id IS 'operational: The author, when a system.';
COMMENT ON COLUMN search_entries.at IS 'operational: When the server took it in; the order of what is found.';
COMMENT ON COLUMN search_entries.title IS 'clinical: Title or file name, where it has one.';
COMMENT ON COLUMN search_entries.body IS 'clinical: Its text as written.';
COMMENT ON COLUMN search_entries.folded IS 'clinical: Title and text in the form in which words are looked for.';
COMMENT ON COLUMN search_entries.tokens IS 'clinical: Pairs of characters of it, as numbers that are made with the network.';
ALTER TABLE search_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON search_entries USING (true) WITH CHECK (true);
CREATE POLICY tenant ON search_entries AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
-- What is looked for is part of a wall, because PostgreSQL uses an index for a condition on a table with walls only when
-- the condition is a wall itself or cannot tell anything (decision 014). It only ever takes rows away.
CREATE POLICY asked ON search_entries AS RESTRICTIVE FOR SELECT
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)
        AND tokens @> (SELECT coalesce(nullif(current_setting('app.search_tokens', true), ''), '{}')::integer[]));
GRANT SELECT, INSERT, DELETE ON search_entries TO tsumugi_app;
GRANT UPDATE (kind, class, title, body, folded, tokens) ON search_entries TO tsumugi_app;

-- How far what was written before is made findable, or has to be made anew because the form changed.
CREATE TABLE search_progress (
    tenant_id uuid NOT NULL,
    form integer NOT NULL,
    after_post uuid NOT NULL,
    completed boolean NOT NULL,
    PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE search_progress IS 'How far the posts of a network were made findable by words.';
COMMENT ON COLUMN search_progress.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN search_progress.form IS 'operational: Number of the form in which words are looked for.';
COMMENT ON COLUMN search_progress.after_post IS 'operational: Posts up to this id are done.';
COMMENT ON COLUMN search_progress.completed IS 'operational: Whether all of them are.';
ALTER TABLE search_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE search_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON search_progress USING (true) WITH CHECK (true);
CREATE POLICY tenant ON search_progress AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON search_progress TO tsumugi_app;
