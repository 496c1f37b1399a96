CREATE TABLE substitutions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    absent_id uuid NOT NULL,
    substitute_id uuid NOT NULL,
    patient_id uuid,
    reason text NOT NULL CHECK (reason IN ('deputy', 'on_call', 'leave')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, absent_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, substitute_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (ends_at > starts_at),
    CHECK (absent_id <> substitute_id)
);
CREATE INDEX substitutions_by_substitute ON substitutions (tenant_id, substitute_id, ends_at);
CREATE INDEX substitutions_by_absent ON substitutions (tenant_id, absent_id, ends_at);
COMMENT ON TABLE substitutions IS 'Who stands in for whom, from a moment to a moment (副主治医・当番医).';
COMMENT ON COLUMN substitutions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN substitutions.id IS 'operational: Identifier of the substitution.';
COMMENT ON COLUMN substitutions.absent_id IS 'operational: The member of the care team who is away.';
COMMENT ON COLUMN substitutions.substitute_id IS 'operational: Who stands in.';
COMMENT ON COLUMN substitutions.patient_id IS 'identifier: For one patient; empty: for all patients of the absent.';
COMMENT ON COLUMN substitutions.reason IS 'operational: Deputy physician, on call, or leave.';
COMMENT ON COLUMN substitutions.starts_at IS 'operational: From.';
COMMENT ON COLUMN substitutions.ends_at IS 'operational: Until.';
COMMENT ON COLUMN substitutions.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN substitutions.created_by IS 'operational: Who entered it.';
COMMENT ON COLUMN substitutions.ended_at IS 'operational: When it was ended early.';
ALTER TABLE substitutions ENABLE ROW LEVEL SECURITY;
ALTER TABLE substitutions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON substitutions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON substitutions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at) ON substitutions TO tsumugi_app;

CREATE TABLE emergency_accesses (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reason text NOT NULL,
    started_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    reviewed_at timestamptz,
    reviewed_by uuid,
    finding text CHECK (finding IN ('justified', 'not_justified')),
    review_note text,
    reminded_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, reviewed_by) REFERENCES staff_members (tenant_id, id),
    CHECK (expires_at <= started_at + interval '60 minutes'),
    CHECK ((reviewed_at IS NULL) = (finding IS NULL))
);
CREATE INDEX emergency_accesses_by_staff ON emergency_accesses (tenant_id, staff_member_id, patient_id);
CREATE INDEX emergency_accesses_by_time ON emergency_accesses (tenant_id, started_at DESC, id DESC);
COMMENT ON TABLE emergency_accesses IS 'Access to one patient without relation or consent, in an emergency (緊急時アクセス). Every one is reviewed.';
COMMENT ON COLUMN emergency_accesses.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN emergency_accesses.id IS 'operational: Identifier of the access.';
COMMENT ON COLUMN emergency_accesses.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN emergency_accesses.staff_member_id IS 'operational: Who.';
COMMENT ON COLUMN emergency_accesses.account_id IS 'account: By which account.';
COMMENT ON COLUMN emergency_accesses.reason IS 'clinical: Why, in words.';
COMMENT ON COLUMN emergency_accesses.started_at IS 'operational: From.';
COMMENT ON COLUMN emergency_accesses.expires_at IS 'operational: At most until.';
COMMENT ON COLUMN emergency_accesses.ended_at IS 'operational: When it ended.';
COMMENT ON COLUMN emergency_accesses.reviewed_at IS 'operational: When it was reviewed.';
COMMENT ON COLUMN emergency_accesses.reviewed_by IS 'operational: By whom.';
COMMENT ON COLUMN emergency_accesses.finding IS 'operational: What the review found.';
COMMENT ON COLUMN emergency_accesses.review_note IS 'operational: Remarks of the review.';
COMMENT ON COLUMN emergency_accesses.reminded_at IS 'operational: When the review was asked for again.';
ALTER TABLE emergency_accesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE emergency_accesses FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON emergency_accesses USING (true) WITH CHECK (true);
CREATE POLICY tenant ON emergency_accesses AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, reviewed_at, reviewed_by, finding, review_note, reminded_at) ON emergency_accesses TO tsumugi_app;

CREATE TABLE access_overrides (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    profession text NOT NULL,
    kind text NOT NULL,
    takes text NOT NULL CHECK (takes IN ('read', 'write', 'sign')),
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX access_overrides_by_profession ON access_overrides (tenant_id, profession);
COMMENT ON TABLE access_overrides IS 'Rights that a network takes away from a profession. A network can only narrow.';
COMMENT ON COLUMN access_overrides.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN access_overrides.id IS 'operational: Identifier of the override.';
COMMENT ON COLUMN access_overrides.profession IS 'operational: Code of the profession.';
COMMENT ON COLUMN access_overrides.kind IS 'operational: Kind of information.';
COMMENT ON COLUMN access_overrides.takes IS 'operational: Which right it takes.';
COMMENT ON COLUMN access_overrides.reason IS 'operational: Why.';
COMMENT ON COLUMN access_overrides.created_at IS 'operational: When it was decided.';
COMMENT ON COLUMN access_overrides.created_by IS 'operational: By whom.';
COMMENT ON COLUMN access_overrides.removed_at IS 'operational: When it was taken back.';
ALTER TABLE access_overrides ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_overrides FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON access_overrides USING (true) WITH CHECK (true);
CREATE POLICY tenant ON access_overrides AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (removed_at) ON access_overrides TO tsumugi_app;

ALTER TABLE posts DROP CONSTRAINT posts_channel_check;
ALTER TABLE posts ADD CONSTRAINT posts_channel_check CHECK (channel IN ('team', 'medical', 'family', 'sensitive'));
ALTER TABLE posts ADD COLUMN sensitivity text
    CHECK (sensitivity IN ('psychiatry', 'hiv', 'abuse', 'violence', 'finances'));
ALTER TABLE posts ADD CHECK ((channel = 'sensitive') = (sensitivity IS NOT NULL));
ALTER TABLE posts ADD COLUMN facility_id uuid;
-- The owner is held to the walls as well; while rows are filled in, they are open to it.
ALTER TABLE facilities NO FORCE ROW LEVEL SECURITY;
ALTER TABLE posts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_members NO FORCE ROW LEVEL SECURITY;
ALTER TABLE clients NO FORCE ROW LEVEL SECURITY;
ALTER TABLE patients NO FORCE ROW LEVEL SECURITY;
UPDATE posts SET facility_id = staff_members.facility_id FROM staff_members
    WHERE staff_members.tenant_id = posts.tenant_id AND staff_members.id = posts.author_staff_id;
UPDATE posts SET facility_id = clients.facility_id FROM clients
    WHERE clients.tenant_id = posts.tenant_id AND clients.id = posts.author_client_id;
ALTER TABLE posts ALTER COLUMN facility_id SET NOT NULL;
ALTER TABLE posts ADD FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id);
ALTER TABLE posts ADD COLUMN class text NOT NULL
    GENERATED ALWAYS AS (channel || '/' || kind || coalesce('/' || sensitivity, '')) STORED;
COMMENT ON COLUMN posts.class IS 'clinical: Channel, kind and sensitivity in one: what the access rules tell posts apart by.';
COMMENT ON COLUMN posts.sensitivity IS 'clinical: What makes it sensitive, on the sensitive channel.';
COMMENT ON COLUMN posts.facility_id IS 'operational: The facility of the author at that time.';
ALTER TABLE patients ADD COLUMN facility_id uuid;
UPDATE patients SET facility_id = staff_members.facility_id FROM staff_members
    WHERE staff_members.tenant_id = patients.tenant_id AND staff_members.id = patients.registered_by;
ALTER TABLE patients ALTER COLUMN facility_id SET NOT NULL;
ALTER TABLE patients ADD FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id);
ALTER TABLE facilities FORCE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_members FORCE ROW LEVEL SECURITY;
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
ALTER TABLE patients FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN patients.facility_id IS 'operational: The facility that registered the patient.';
ALTER TABLE idempotency_keys ADD COLUMN question text;
COMMENT ON COLUMN idempotency_keys.question IS 'operational: What the rules were asked, as JSON; the answer is given again only while they would allow the act.';
GRANT UPDATE (question) ON idempotency_keys TO tsumugi_app;

ALTER TABLE audit_events ADD COLUMN decision text;
ALTER TABLE audit_events ADD COLUMN delegate_id uuid;
COMMENT ON COLUMN audit_events.decision IS 'operational: What the rules were asked, as JSON without text of people, so that the answer can be given again.';
COMMENT ON COLUMN audit_events.delegate_id IS 'operational: The system through which the person acted.';
