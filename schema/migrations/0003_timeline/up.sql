CREATE TABLE documents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid,
    client_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    type_code text NOT NULL,
    type_label text NOT NULL,
    authored_at timestamptz NOT NULL,
    author_name text NOT NULL,
    institution_name text NOT NULL,
    identifier_system text,
    identifier_value text,
    digest bytea NOT NULL,
    original bytea NOT NULL,
    content jsonb NOT NULL,
    excerpt text NOT NULL,
    received_at timestamptz NOT NULL,
    replaces uuid,
    post_id uuid,
    linked_by uuid,
    linked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, replaces) REFERENCES documents (tenant_id, id),
    FOREIGN KEY (tenant_id, linked_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX documents_by_digest ON documents (tenant_id, client_id, digest);
CREATE INDEX documents_by_identifier ON documents (tenant_id, client_id, identifier_system, identifier_value, received_at DESC);
CREATE INDEX documents_waiting ON documents (tenant_id, facility_id, received_at, id) WHERE patient_id IS NULL;
COMMENT ON TABLE documents IS 'Documents that a hospitals system sent, with the bytes as they came.';
COMMENT ON COLUMN documents.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN documents.id IS 'operational: Identifier of the document.';
COMMENT ON COLUMN documents.patient_id IS 'identifier: The patient, once known.';
COMMENT ON COLUMN documents.client_id IS 'operational: The system that sent it.';
COMMENT ON COLUMN documents.facility_id IS 'operational: The facility that sent it.';
COMMENT ON COLUMN documents.kind IS 'clinical: Kind: discharge_summary, referral, checkup, treatment_plan, clins_collection, other_document.';
COMMENT ON COLUMN documents.title IS 'clinical: Title as written by the author.';
COMMENT ON COLUMN documents.type_code IS 'clinical: LOINC or profile code of the document type.';
COMMENT ON COLUMN documents.type_label IS 'clinical: The type in Japanese.';
COMMENT ON COLUMN documents.authored_at IS 'clinical: When the author wrote it.';
COMMENT ON COLUMN documents.author_name IS 'clinical: Author or authors as text.';
COMMENT ON COLUMN documents.institution_name IS 'clinical: Institution as written in the document.';
COMMENT ON COLUMN documents.identifier_system IS 'operational: Name space of the document''s own number (Bundle.identifier).';
COMMENT ON COLUMN documents.identifier_value IS 'operational: The document''s own number; the same number again replaces.';
COMMENT ON COLUMN documents.digest IS 'operational: SHA-256 of the bytes received.';
COMMENT ON COLUMN documents.original IS 'clinical: The bytes received.';
COMMENT ON COLUMN documents.content IS 'clinical: What was read from them: patient, sections, resources, remarks.';
COMMENT ON COLUMN documents.excerpt IS 'clinical: First lines for the timeline.';
COMMENT ON COLUMN documents.received_at IS 'operational: When it arrived.';
COMMENT ON COLUMN documents.replaces IS 'operational: The document that this one replaces.';
COMMENT ON COLUMN documents.post_id IS 'operational: Its post on the timeline, once the patient is known.';
COMMENT ON COLUMN documents.linked_by IS 'operational: Who named the patient, when a person had to.';
COMMENT ON COLUMN documents.linked_at IS 'operational: When the patient became known.';
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE documents FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON documents USING (true) WITH CHECK (true);
CREATE POLICY tenant ON documents AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (patient_id, post_id, linked_by, linked_at) ON documents TO tsumugi_app;

CREATE TABLE posts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('note', 'vitals', 'document')),
    channel text NOT NULL CHECK (channel IN ('team', 'medical')),
    author_staff_id uuid,
    author_client_id uuid,
    reply_to uuid,
    observed_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, author_staff_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, author_client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, reply_to) REFERENCES posts (tenant_id, id),
    CHECK ((author_staff_id IS NULL) <> (author_client_id IS NULL))
);
CREATE INDEX posts_timeline ON posts (tenant_id, patient_id, recorded_at DESC, id DESC);
CREATE INDEX posts_vitals ON posts (tenant_id, patient_id, observed_at, id) WHERE kind = 'vitals';
COMMENT ON TABLE posts IS 'One entry of a patients timeline (投稿). What it says is in its versions.';
COMMENT ON COLUMN posts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN posts.id IS 'operational: Identifier, chosen by the author''s device.';
COMMENT ON COLUMN posts.patient_id IS 'identifier: Whose timeline it is on.';
COMMENT ON COLUMN posts.kind IS 'clinical: What kind of entry it is.';
COMMENT ON COLUMN posts.channel IS 'clinical: Whom it is for (公開範囲).';
COMMENT ON COLUMN posts.author_staff_id IS 'operational: The author, when a person.';
COMMENT ON COLUMN posts.author_client_id IS 'operational: The author, when a system.';
COMMENT ON COLUMN posts.reply_to IS 'operational: The post that it answers.';
COMMENT ON COLUMN posts.observed_at IS 'clinical: When what it tells was seen or measured.';
COMMENT ON COLUMN posts.recorded_at IS 'operational: When the server took it in; the order of the timeline.';
COMMENT ON COLUMN posts.version IS 'operational: Number of the newest version.';
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON posts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON posts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (version) ON posts TO tsumugi_app;

CREATE TABLE post_versions (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    version integer NOT NULL,
    body text,
    vitals jsonb,
    document_id uuid,
    reason text,
    retracted boolean NOT NULL,
    written_by_staff uuid,
    written_by_client uuid,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, post_id, version),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, document_id) REFERENCES documents (tenant_id, id),
    FOREIGN KEY (tenant_id, written_by_staff) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, written_by_client) REFERENCES clients (tenant_id, id),
    CHECK ((written_by_staff IS NULL) <> (written_by_client IS NULL))
);
COMMENT ON TABLE post_versions IS 'What a post said, version by version. Rows are never changed.';
COMMENT ON COLUMN post_versions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_versions.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_versions.version IS 'operational: Number: 1, 2, 3 and so on.';
COMMENT ON COLUMN post_versions.body IS 'clinical: Text as written.';
COMMENT ON COLUMN post_versions.vitals IS 'clinical: Vital signs, by name, in the units of the interface.';
COMMENT ON COLUMN post_versions.document_id IS 'operational: The document shown.';
COMMENT ON COLUMN post_versions.reason IS 'clinical: Why this version was written; empty for the first.';
COMMENT ON COLUMN post_versions.retracted IS 'clinical: Whether this version takes the post back.';
COMMENT ON COLUMN post_versions.written_by_staff IS 'operational: Who wrote it, when a person.';
COMMENT ON COLUMN post_versions.written_by_client IS 'operational: Who wrote it, when a system.';
COMMENT ON COLUMN post_versions.written_at IS 'operational: When it was taken in.';
ALTER TABLE post_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_versions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_versions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON post_versions TO tsumugi_app;

CREATE TABLE acknowledgement_requests (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    due_at timestamptz,
    PRIMARY KEY (tenant_id, post_id, staff_member_id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE INDEX acknowledgement_requests_by_staff ON acknowledgement_requests (tenant_id, staff_member_id, patient_id);
COMMENT ON TABLE acknowledgement_requests IS 'Who was asked to answer for a post, and by when.';
COMMENT ON COLUMN acknowledgement_requests.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN acknowledgement_requests.post_id IS 'operational: The post.';
COMMENT ON COLUMN acknowledgement_requests.staff_member_id IS 'operational: Who was asked.';
COMMENT ON COLUMN acknowledgement_requests.patient_id IS 'identifier: The patient of the post.';
COMMENT ON COLUMN acknowledgement_requests.due_at IS 'operational: By when; empty without a deadline.';
ALTER TABLE acknowledgement_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON acknowledgement_requests USING (true) WITH CHECK (true);
CREATE POLICY tenant ON acknowledgement_requests AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON acknowledgement_requests TO tsumugi_app;

CREATE TABLE acknowledgements (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, post_id, staff_member_id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE acknowledgements IS 'Who has read a post and takes it (確認).';
COMMENT ON COLUMN acknowledgements.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN acknowledgements.post_id IS 'operational: The post.';
COMMENT ON COLUMN acknowledgements.staff_member_id IS 'operational: Who acknowledged.';
COMMENT ON COLUMN acknowledgements.acknowledged_at IS 'operational: When.';
ALTER TABLE acknowledgements ENABLE ROW LEVEL SECURITY;
ALTER TABLE acknowledgements FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON acknowledgements USING (true) WITH CHECK (true);
CREATE POLICY tenant ON acknowledgements AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON acknowledgements TO tsumugi_app;

CREATE TABLE read_marks (
    tenant_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    read_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, staff_member_id, patient_id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
COMMENT ON TABLE read_marks IS 'How far a member has read a patients timeline (既読). It only moves forward.';
COMMENT ON COLUMN read_marks.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN read_marks.staff_member_id IS 'operational: The reader.';
COMMENT ON COLUMN read_marks.patient_id IS 'identifier: Whose timeline.';
COMMENT ON COLUMN read_marks.read_until IS 'operational: Everything recorded up to here has been read.';
ALTER TABLE read_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE read_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON read_marks USING (true) WITH CHECK (true);
CREATE POLICY tenant ON read_marks AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (read_until) ON read_marks TO tsumugi_app;
