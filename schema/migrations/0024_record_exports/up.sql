CREATE TABLE record_exports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    account_id uuid NOT NULL,
    session_id uuid NOT NULL,
    format text NOT NULL CHECK (format IN ('pdf', 'zip')),
    purpose text NOT NULL CHECK (purpose IN ('disclosure', 'transfer', 'own_request', 'other')),
    reason text CHECK (purpose <> 'other' OR reason IS NOT NULL),
    purpose_of_use text NOT NULL,
    from_on date,
    to_on date CHECK (to_on >= from_on),
    asked_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'making', 'ready', 'expired', 'refused', 'failed')),
    failure text,
    attempts integer NOT NULL CHECK (attempts >= 0),
    available_at timestamptz NOT NULL,
    done_posts integer NOT NULL CHECK (done_posts >= 0),
    posts integer CHECK (posts >= 0),
    scope text[],
    ready_at timestamptz,
    expires_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX record_exports_of_person ON record_exports (tenant_id, patient_id, staff_member_id, asked_at);
CREATE INDEX record_exports_due ON record_exports (tenant_id, available_at) WHERE state IN ('waiting', 'making', 'ready');
COMMENT ON TABLE record_exports IS 'Copies of the whole record of a patient that somebody asked for.';
COMMENT ON COLUMN record_exports.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN record_exports.id IS 'operational: The copy, chosen by whoever asked.';
COMMENT ON COLUMN record_exports.patient_id IS 'identifier: Whose record it is.';
COMMENT ON COLUMN record_exports.staff_member_id IS 'operational: Who asked; the copy holds what this person may read.';
COMMENT ON COLUMN record_exports.account_id IS 'account: The account that asked.';
COMMENT ON COLUMN record_exports.session_id IS 'account: The session in which it was asked.';
COMMENT ON COLUMN record_exports.format IS 'operational: PDF, or a ZIP of files.';
COMMENT ON COLUMN record_exports.purpose IS 'operational: What the copy is for.';
COMMENT ON COLUMN record_exports.reason IS 'clinical: The purpose in words.';
COMMENT ON COLUMN record_exports.purpose_of_use IS 'operational: The purpose of use of the request, for the access rules.';
COMMENT ON COLUMN record_exports.from_on IS 'operational: First day; empty: from the beginning.';
COMMENT ON COLUMN record_exports.to_on IS 'operational: Last day; empty: until it is made.';
COMMENT ON COLUMN record_exports.asked_at IS 'operational: When it was asked for.';
COMMENT ON COLUMN record_exports.state IS 'operational: How far it is.';
COMMENT ON COLUMN record_exports.failure IS 'operational: Code of why there is no copy.';
COMMENT ON COLUMN record_exports.attempts IS 'operational: How often making it was begun; whoever began last goes on.';
COMMENT ON COLUMN record_exports.available_at IS 'operational: When the worker may take it up, again if whoever began has stopped.';
COMMENT ON COLUMN record_exports.done_posts IS 'operational: Posts that are in it so far.';
COMMENT ON COLUMN record_exports.posts IS 'operational: Posts that will be in it.';
COMMENT ON COLUMN record_exports.scope IS 'operational: Classes of posts that it holds.';
COMMENT ON COLUMN record_exports.ready_at IS 'operational: When it was ready.';
COMMENT ON COLUMN record_exports.expires_at IS 'operational: When its files are destroyed.';
ALTER TABLE record_exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_exports FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON record_exports USING (true) WITH CHECK (true);
CREATE POLICY tenant ON record_exports AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (state, failure, attempts, available_at, done_posts, posts, scope, ready_at, expires_at)
    ON record_exports TO tsumugi_app;

CREATE TABLE record_export_files (
    tenant_id uuid NOT NULL,
    export_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    media_type text NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    chunks integer NOT NULL CHECK (chunks >= 0),
    PRIMARY KEY (tenant_id, export_id, number),
    FOREIGN KEY (tenant_id, export_id) REFERENCES record_exports (tenant_id, id)
);
COMMENT ON TABLE record_export_files IS 'The files of a copy, for as long as they are kept.';
COMMENT ON COLUMN record_export_files.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN record_export_files.export_id IS 'operational: The copy.';
COMMENT ON COLUMN record_export_files.number IS 'operational: Counts the files from 1.';
COMMENT ON COLUMN record_export_files.media_type IS 'operational: What it is.';
COMMENT ON COLUMN record_export_files.size IS 'operational: Its bytes.';
COMMENT ON COLUMN record_export_files.digest IS 'operational: Their SHA-256.';
COMMENT ON COLUMN record_export_files.chunks IS 'operational: In how many pieces it is kept.';
ALTER TABLE record_export_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_export_files FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON record_export_files USING (true) WITH CHECK (true);
CREATE POLICY tenant ON record_export_files AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON record_export_files TO tsumugi_app;

CREATE TABLE record_export_chunks (
    tenant_id uuid NOT NULL,
    export_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    place integer NOT NULL CHECK (place >= 0),
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, export_id, number, place),
    FOREIGN KEY (tenant_id, export_id) REFERENCES record_exports (tenant_id, id)
);
COMMENT ON TABLE record_export_chunks IS 'The bytes of the files of copies, in pieces, sealed with a key that is not in the database.';
COMMENT ON COLUMN record_export_chunks.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN record_export_chunks.export_id IS 'operational: The copy.';
COMMENT ON COLUMN record_export_chunks.number IS 'operational: The file.';
COMMENT ON COLUMN record_export_chunks.place IS 'operational: Counts the pieces from 0.';
COMMENT ON COLUMN record_export_chunks.sealed IS 'clinical: The sealed piece.';
ALTER TABLE record_export_chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_export_chunks FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON record_export_chunks USING (true) WITH CHECK (true);
CREATE POLICY tenant ON record_export_chunks AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON record_export_chunks TO tsumugi_app;

CREATE TABLE record_export_links (
    tenant_id uuid NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    export_id uuid NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id, export_id) REFERENCES record_exports (tenant_id, id)
);
CREATE INDEX record_export_links_of_export ON record_export_links (tenant_id, export_id);
COMMENT ON TABLE record_export_links IS 'Addresses from which a file of a copy can be fetched for a few minutes.';
COMMENT ON COLUMN record_export_links.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN record_export_links.digest IS 'account: Digest of the secret in the address.';
COMMENT ON COLUMN record_export_links.export_id IS 'operational: The copy.';
COMMENT ON COLUMN record_export_links.number IS 'operational: The file.';
COMMENT ON COLUMN record_export_links.created_at IS 'operational: When it was given out.';
COMMENT ON COLUMN record_export_links.expires_at IS 'operational: Until when it is good.';
ALTER TABLE record_export_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE record_export_links FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON record_export_links USING (true) WITH CHECK (true);
CREATE POLICY tenant ON record_export_links AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON record_export_links TO tsumugi_app;
