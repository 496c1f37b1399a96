CREATE TABLE file_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid,
    room_id uuid,
    sealed bytea,
    created_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, patient_id),
    UNIQUE (tenant_id, room_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    CHECK ((patient_id IS NULL) <> (room_id IS NULL)),
    CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL))
);
COMMENT ON TABLE file_keys IS 'The key under which the files of one patient or one room lie in the store. Without it they cannot be read any more.';
COMMENT ON COLUMN file_keys.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN file_keys.id IS 'operational: Identifier of the key.';
COMMENT ON COLUMN file_keys.patient_id IS 'identifier: Whose files it opens, when a patients.';
COMMENT ON COLUMN file_keys.room_id IS 'operational: Whose files it opens, when a rooms.';
COMMENT ON COLUMN file_keys.sealed IS 'operational: The key, sealed with the key of the installation; empty once it was destroyed.';
COMMENT ON COLUMN file_keys.created_at IS 'operational: When it was made.';
COMMENT ON COLUMN file_keys.destroyed_at IS 'operational: When it was destroyed.';
ALTER TABLE file_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON file_keys USING (true) WITH CHECK (true);
CREATE POLICY tenant ON file_keys AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (sealed, destroyed_at) ON file_keys TO tsumugi_app;

CREATE TABLE attachments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid,
    room_id uuid,
    key_id uuid NOT NULL,
    uploaded_by uuid NOT NULL,
    facility_id uuid NOT NULL,
    name text NOT NULL,
    media text CHECK (media IN ('photo', 'video', 'audio', 'pdf')),
    state text NOT NULL CHECK (state IN ('uploading', 'checking', 'ready', 'refused')),
    refusal text,
    length bigint NOT NULL CHECK (length > 0),
    received bigint NOT NULL CHECK (received BETWEEN 0 AND length),
    derived_from uuid,
    pages integer,
    milliseconds integer,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    settled_at timestamptz,
    held_by uuid,
    held_until timestamptz,
    check_at timestamptz,
    check_attempts integer NOT NULL,
    check_waits_for text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, key_id) REFERENCES file_keys (tenant_id, id),
    FOREIGN KEY (tenant_id, uploaded_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, derived_from) REFERENCES attachments (tenant_id, id),
    CHECK ((patient_id IS NULL) <> (room_id IS NULL)),
    CHECK ((refusal IS NOT NULL) = (state = 'refused')),
    CHECK (state IN ('uploading', 'refused') OR received = length)
);
CREATE INDEX attachments_to_check ON attachments (tenant_id, check_at) WHERE state = 'checking';
CREATE INDEX attachments_unfinished ON attachments (tenant_id, expires_at) WHERE state = 'uploading';
CREATE INDEX attachments_of_patient ON attachments (tenant_id, patient_id, created_at);
COMMENT ON TABLE attachments IS 'A file that somebody sent: photo, video, sound or PDF, of a patient or of a room. What can be looked at is in attachment_files.';
COMMENT ON COLUMN attachments.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN attachments.id IS 'operational: Identifier, chosen by the device of whoever sends it.';
COMMENT ON COLUMN attachments.patient_id IS 'identifier: The patient whom it belongs to, when not to a room.';
COMMENT ON COLUMN attachments.room_id IS 'operational: The room that it belongs to, when not to a patient.';
COMMENT ON COLUMN attachments.key_id IS 'operational: The key under which it lies in the store.';
COMMENT ON COLUMN attachments.uploaded_by IS 'operational: Who sent it.';
COMMENT ON COLUMN attachments.facility_id IS 'operational: The facility of whoever sent it.';
COMMENT ON COLUMN attachments.name IS 'clinical: Name of the file, made harmless.';
COMMENT ON COLUMN attachments.media IS 'clinical: What its bytes are, once they are known.';
COMMENT ON COLUMN attachments.state IS 'operational: How far it is: uploading, checking, ready or refused.';
COMMENT ON COLUMN attachments.refusal IS 'operational: Code of why it was refused.';
COMMENT ON COLUMN attachments.length IS 'operational: How many bytes it was said to have.';
COMMENT ON COLUMN attachments.received IS 'operational: How many have arrived.';
COMMENT ON COLUMN attachments.derived_from IS 'operational: The photo that somebody drew on.';
COMMENT ON COLUMN attachments.pages IS 'operational: Pages of a PDF.';
COMMENT ON COLUMN attachments.milliseconds IS 'operational: How long a video or sound is.';
COMMENT ON COLUMN attachments.created_at IS 'operational: When sending began.';
COMMENT ON COLUMN attachments.expires_at IS 'operational: Until when it may be sent.';
COMMENT ON COLUMN attachments.settled_at IS 'operational: When it became ready or was refused.';
COMMENT ON COLUMN attachments.held_by IS 'operational: The request that is sending bytes at this moment.';
COMMENT ON COLUMN attachments.held_until IS 'operational: Until when that request holds it.';
COMMENT ON COLUMN attachments.check_at IS 'operational: When the worker looks at it next.';
COMMENT ON COLUMN attachments.check_attempts IS 'operational: How often the worker began.';
COMMENT ON COLUMN attachments.check_waits_for IS 'operational: What the check waits for, such as the malware scanner.';
ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON attachments USING (true) WITH CHECK (true);
CREATE POLICY tenant ON attachments AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE, UPDATE (media, state, refusal, received, pages, milliseconds, settled_at, held_by, held_until, check_at, check_attempts, check_waits_for) ON attachments TO tsumugi_app;

CREATE TABLE attachment_parts (
    tenant_id uuid NOT NULL,
    attachment_id uuid NOT NULL,
    start bigint NOT NULL,
    length bigint NOT NULL CHECK (length > 0),
    object_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, attachment_id, start),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
COMMENT ON TABLE attachment_parts IS 'What has arrived of a file that is being sent or checked. Gone when it is settled.';
COMMENT ON COLUMN attachment_parts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN attachment_parts.attachment_id IS 'operational: The file.';
COMMENT ON COLUMN attachment_parts.start IS 'operational: Place of the first byte.';
COMMENT ON COLUMN attachment_parts.length IS 'operational: How many bytes.';
COMMENT ON COLUMN attachment_parts.object_id IS 'operational: Where they lie in the store.';
ALTER TABLE attachment_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON attachment_parts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON attachment_parts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON attachment_parts TO tsumugi_app;

CREATE TABLE attachment_files (
    tenant_id uuid NOT NULL,
    attachment_id uuid NOT NULL,
    rendition text NOT NULL CHECK (rendition IN ('full', 'medium', 'small')),
    object_id uuid NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    width integer,
    height integer,
    PRIMARY KEY (tenant_id, attachment_id, rendition),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
COMMENT ON TABLE attachment_files IS 'What can be looked at of a file: all of it, and smaller pictures. Made by this server, never the bytes that were sent.';
COMMENT ON COLUMN attachment_files.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN attachment_files.attachment_id IS 'operational: The file.';
COMMENT ON COLUMN attachment_files.rendition IS 'operational: Its size: full, medium or small.';
COMMENT ON COLUMN attachment_files.object_id IS 'operational: Where it lies in the store.';
COMMENT ON COLUMN attachment_files.media_type IS 'operational: Its media type.';
COMMENT ON COLUMN attachment_files.size IS 'operational: How many bytes.';
COMMENT ON COLUMN attachment_files.width IS 'operational: Width of a picture.';
COMMENT ON COLUMN attachment_files.height IS 'operational: Height of a picture.';
ALTER TABLE attachment_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment_files FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON attachment_files USING (true) WITH CHECK (true);
CREATE POLICY tenant ON attachment_files AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON attachment_files TO tsumugi_app;

CREATE TABLE attachment_texts (
    tenant_id uuid NOT NULL,
    attachment_id uuid NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant_id, attachment_id),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
COMMENT ON TABLE attachment_texts IS 'The words in a PDF, for searching.';
COMMENT ON COLUMN attachment_texts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN attachment_texts.attachment_id IS 'operational: The file.';
COMMENT ON COLUMN attachment_texts.body IS 'clinical: The words.';
ALTER TABLE attachment_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON attachment_texts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON attachment_texts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON attachment_texts TO tsumugi_app;

CREATE TABLE post_attachments (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    attachment_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, post_id, version, place),
    UNIQUE (tenant_id, attachment_id, post_id, version),
    FOREIGN KEY (tenant_id, post_id, version) REFERENCES post_versions (tenant_id, post_id, version),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
COMMENT ON TABLE post_attachments IS 'Which files a version of a post shows, in their order. Rows are never changed.';
COMMENT ON COLUMN post_attachments.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_attachments.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_attachments.version IS 'operational: The version.';
COMMENT ON COLUMN post_attachments.place IS 'operational: Its place among them, from 0.';
COMMENT ON COLUMN post_attachments.attachment_id IS 'operational: The file.';
ALTER TABLE post_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_attachments USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_attachments AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON post_attachments TO tsumugi_app;
