CREATE TABLE consent_evidence (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    consent_id uuid NOT NULL,
    media_type text NOT NULL,
    content bytea NOT NULL,
    digest bytea NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, consent_id) REFERENCES consents (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, uploaded_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX consent_evidence_by_consent ON consent_evidence (tenant_id, consent_id);
COMMENT ON TABLE consent_evidence IS 'The paper or picture that shows a consent.';
COMMENT ON COLUMN consent_evidence.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN consent_evidence.id IS 'operational: Identifier of the file.';
COMMENT ON COLUMN consent_evidence.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN consent_evidence.consent_id IS 'operational: The consent.';
COMMENT ON COLUMN consent_evidence.media_type IS 'operational: Type by content: PDF, PNG or JPEG.';
COMMENT ON COLUMN consent_evidence.content IS 'identifier: The file.';
COMMENT ON COLUMN consent_evidence.digest IS 'operational: SHA-256 of the file.';
COMMENT ON COLUMN consent_evidence.uploaded_at IS 'operational: When it was taken in.';
COMMENT ON COLUMN consent_evidence.uploaded_by IS 'operational: Who sent it.';
ALTER TABLE consent_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON consent_evidence USING (true) WITH CHECK (true);
CREATE POLICY tenant ON consent_evidence AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON consent_evidence TO tsumugi_app;

CREATE TABLE provisions (
    tenant_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    provided_on date NOT NULL,
    source_facility_id uuid NOT NULL,
    recipient_facility_id uuid NOT NULL,
    kind text NOT NULL,
    basis text NOT NULL CHECK (basis IN ('consent', 'emergency')),
    consent_id uuid,
    staff_member_id uuid NOT NULL,
    first_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, patient_id, provided_on, source_facility_id, recipient_facility_id, kind, basis),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, source_facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, recipient_facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, consent_id) REFERENCES consents (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE provisions IS 'What was given to another facility, one row for each day, giver, receiver and kind of information (第三者提供記録).';
COMMENT ON COLUMN provisions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN provisions.patient_id IS 'identifier: Whose information.';
COMMENT ON COLUMN provisions.provided_on IS 'identifier: Day (Japanese calendar day).';
COMMENT ON COLUMN provisions.source_facility_id IS 'operational: The facility that recorded it.';
COMMENT ON COLUMN provisions.recipient_facility_id IS 'operational: The facility that saw it.';
COMMENT ON COLUMN provisions.kind IS 'identifier: Kind of information.';
COMMENT ON COLUMN provisions.basis IS 'identifier: On what ground.';
COMMENT ON COLUMN provisions.consent_id IS 'operational: The consent, when that was the ground.';
COMMENT ON COLUMN provisions.staff_member_id IS 'operational: Who saw it first that day.';
COMMENT ON COLUMN provisions.first_at IS 'operational: When.';
ALTER TABLE provisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE provisions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON provisions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON provisions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON provisions TO tsumugi_app;

CREATE TABLE registration_cards (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    code_digest bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, issued_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX registration_cards_by_code ON registration_cards (tenant_id, code_digest);
CREATE UNIQUE INDEX registration_cards_in_force ON registration_cards (tenant_id, patient_id) WHERE revoked_at IS NULL;
CREATE INDEX registration_cards_by_patient ON registration_cards (tenant_id, patient_id);
COMMENT ON TABLE registration_cards IS 'Cards that patients carry; a facility reads the code to enter its own patient number (利用者カード).';
COMMENT ON COLUMN registration_cards.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN registration_cards.id IS 'operational: Identifier of the card.';
COMMENT ON COLUMN registration_cards.patient_id IS 'identifier: Whose card it is.';
COMMENT ON COLUMN registration_cards.code_digest IS 'identifier: SHA-256 of the code on the card.';
COMMENT ON COLUMN registration_cards.issued_at IS 'operational: When it was printed.';
COMMENT ON COLUMN registration_cards.issued_by IS 'operational: Who printed it.';
COMMENT ON COLUMN registration_cards.revoked_at IS 'operational: Since when it is refused.';
ALTER TABLE registration_cards ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration_cards FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON registration_cards USING (true) WITH CHECK (true);
CREATE POLICY tenant ON registration_cards AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (revoked_at) ON registration_cards TO tsumugi_app;

ALTER TABLE consents ADD COLUMN facilities uuid[];
ALTER TABLE consents ADD COLUMN profession_groups text[];
ALTER TABLE consents ADD COLUMN kinds text[];
ALTER TABLE consents ADD COLUMN sensitive text[] NOT NULL DEFAULT '{}';
ALTER TABLE consents ADD COLUMN separate text[] NOT NULL DEFAULT '{}';
ALTER TABLE consents ADD COLUMN valid_until date;
ALTER TABLE consents ALTER COLUMN sensitive DROP DEFAULT;
ALTER TABLE consents ALTER COLUMN separate DROP DEFAULT;
ALTER TABLE consents ADD CHECK (valid_until >= granted_on);
COMMENT ON TABLE consents IS 'The patients agreement to share within the network (同意), with how it was given and how far it goes.';
COMMENT ON COLUMN consents.facilities IS 'identifier: Facilities that it covers; empty: all of the network.';
COMMENT ON COLUMN consents.profession_groups IS 'identifier: Groups of professions that it covers; empty: all.';
COMMENT ON COLUMN consents.kinds IS 'identifier: Kinds of information that it covers; empty: all but what needs a word of its own.';
COMMENT ON COLUMN consents.sensitive IS 'identifier: Sensitive subjects that it names: psychiatry, hiv, abuse, violence, finances.';
COMMENT ON COLUMN consents.separate IS 'identifier: Groups of professions for which it includes what needs a word of its own, such as the family.';
COMMENT ON COLUMN consents.valid_until IS 'identifier: Last day; empty: until it is withdrawn.';
