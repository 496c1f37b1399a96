CREATE TABLE persons (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE persons IS 'People, each of whom may hold several posts, licences and one account.';
COMMENT ON COLUMN persons.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN persons.id IS 'account: Identifier of the person.';
COMMENT ON COLUMN persons.name IS 'account: Name in kanji.';
COMMENT ON COLUMN persons.kana IS 'account: Name in katakana.';
COMMENT ON COLUMN persons.created_at IS 'operational: When the row was written.';
ALTER TABLE persons ENABLE ROW LEVEL SECURITY;
ALTER TABLE persons FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON persons USING (true) WITH CHECK (true);
CREATE POLICY tenant ON persons AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON persons TO tsumugi_app;

CREATE TABLE invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('first', 'recovery')),
    token_digest bytea NOT NULL,
    code_digest bytea NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    created_by uuid,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX invitations_by_token ON invitations (tenant_id, token_digest);
CREATE INDEX invitations_by_account ON invitations (tenant_id, account_id);
COMMENT ON TABLE invitations IS 'Invitations to enrol: a link that is mailed and a code that is handed over. Both are needed.';
COMMENT ON COLUMN invitations.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN invitations.id IS 'account: Identifier of the invitation.';
COMMENT ON COLUMN invitations.account_id IS 'account: Who is invited.';
COMMENT ON COLUMN invitations.purpose IS 'account: First enrolment, or a new beginning after everything was lost.';
COMMENT ON COLUMN invitations.token_digest IS 'account: SHA-256 of the secret in the link.';
COMMENT ON COLUMN invitations.code_digest IS 'account: SHA-256 of the code.';
COMMENT ON COLUMN invitations.failures IS 'operational: Wrong codes so far.';
COMMENT ON COLUMN invitations.created_at IS 'operational: When it was made.';
COMMENT ON COLUMN invitations.created_by IS 'account: Who invited; empty for the first administrator.';
COMMENT ON COLUMN invitations.expires_at IS 'operational: Until when it is good.';
COMMENT ON COLUMN invitations.used_at IS 'operational: When enrolment was finished.';
COMMENT ON COLUMN invitations.revoked_at IS 'operational: Since when it is refused.';
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON invitations USING (true) WITH CHECK (true);
CREATE POLICY tenant ON invitations AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (failures, used_at, revoked_at) ON invitations TO tsumugi_app;

CREATE TABLE licences (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    profession text NOT NULL,
    number text NOT NULL,
    verified_on date NOT NULL,
    verified_by uuid NOT NULL,
    method text NOT NULL CHECK (method IN ('original', 'copy', 'register', 'hpki')),
    valid_until date,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, verified_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX licences_by_person ON licences (tenant_id, person_id, profession);
CREATE UNIQUE INDEX licences_by_number ON licences (tenant_id, profession, number) WHERE revoked_at IS NULL;
COMMENT ON TABLE licences IS 'Licences of people (免許・資格), as somebody verified them.';
COMMENT ON COLUMN licences.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN licences.id IS 'account: Identifier of the licence.';
COMMENT ON COLUMN licences.person_id IS 'account: Whose it is.';
COMMENT ON COLUMN licences.profession IS 'account: Code of the profession.';
COMMENT ON COLUMN licences.number IS 'account: Registration number.';
COMMENT ON COLUMN licences.verified_on IS 'account: Day on which it was seen.';
COMMENT ON COLUMN licences.verified_by IS 'account: Who saw it.';
COMMENT ON COLUMN licences.method IS 'account: What was seen: the original, a copy, the public register, an HPKI card.';
COMMENT ON COLUMN licences.valid_until IS 'account: Last day, for licences that expire.';
COMMENT ON COLUMN licences.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN licences.revoked_at IS 'account: Since when it does not count.';
ALTER TABLE licences ENABLE ROW LEVEL SECURITY;
ALTER TABLE licences FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON licences USING (true) WITH CHECK (true);
CREATE POLICY tenant ON licences AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (revoked_at) ON licences TO tsumugi_app;

CREATE TABLE network_professions (
    tenant_id uuid NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
    ja text NOT NULL,
    en text NOT NULL,
    based_on text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, code),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE network_professions IS 'Professions that a network added to the register. Each has the rights of a profession of the register, or fewer.';
COMMENT ON COLUMN network_professions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN network_professions.code IS 'operational: Code, not one of the register.';
COMMENT ON COLUMN network_professions.ja IS 'operational: Name in Japanese.';
COMMENT ON COLUMN network_professions.en IS 'operational: Name in English.';
COMMENT ON COLUMN network_professions.based_on IS 'operational: Code of the profession of the register whose rights it has.';
COMMENT ON COLUMN network_professions.created_at IS 'operational: When it was added.';
COMMENT ON COLUMN network_professions.created_by IS 'operational: Who added it.';
ALTER TABLE network_professions ENABLE ROW LEVEL SECURITY;
ALTER TABLE network_professions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON network_professions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON network_professions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON network_professions TO tsumugi_app;

CREATE TABLE patient_relations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid NOT NULL,
    relation text NOT NULL CHECK (relation IN ('self', 'family', 'proxy')),
    label text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX patient_relations_by_patient ON patient_relations (tenant_id, patient_id);
CREATE INDEX patient_relations_by_account ON patient_relations (tenant_id, account_id);
COMMENT ON TABLE patient_relations IS 'Accounts of patients and their families, each for one patient (本人・家族・代理人).';
COMMENT ON COLUMN patient_relations.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN patient_relations.id IS 'operational: Identifier of the relation.';
COMMENT ON COLUMN patient_relations.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN patient_relations.account_id IS 'account: The account.';
COMMENT ON COLUMN patient_relations.relation IS 'identifier: Whether it is the patient, family, or a proxy.';
COMMENT ON COLUMN patient_relations.label IS 'identifier: In words, such as 長女.';
COMMENT ON COLUMN patient_relations.starts_on IS 'operational: First day.';
COMMENT ON COLUMN patient_relations.ends_on IS 'operational: Last day; empty while it lasts.';
COMMENT ON COLUMN patient_relations.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN patient_relations.created_by IS 'operational: Who entered it.';
ALTER TABLE patient_relations ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_relations FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON patient_relations USING (true) WITH CHECK (true);
CREATE POLICY tenant ON patient_relations AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ends_on) ON patient_relations TO tsumugi_app;

-- The owner is held to the walls as well; while rows are filled in, they are open to it.
ALTER TABLE persons NO FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_members NO FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
INSERT INTO persons (tenant_id, id, name, kana, created_at)
    SELECT tenant_id, id, name, kana, created_at FROM staff_members;
ALTER TABLE staff_members ADD COLUMN person_id uuid;
UPDATE staff_members SET person_id = id;
ALTER TABLE staff_members ALTER COLUMN person_id SET NOT NULL;
ALTER TABLE staff_members ADD FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id);
CREATE INDEX staff_members_by_person ON staff_members (tenant_id, person_id);
COMMENT ON COLUMN staff_members.person_id IS 'account: Who holds the post.';
GRANT UPDATE (ends_on) ON staff_members TO tsumugi_app;
ALTER TABLE accounts ADD COLUMN person_id uuid;
UPDATE accounts SET person_id = staff_member_id;
ALTER TABLE persons FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_members FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts ALTER COLUMN person_id SET NOT NULL;
ALTER TABLE accounts ADD FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id);
ALTER TABLE accounts ADD UNIQUE (tenant_id, person_id);
COMMENT ON COLUMN accounts.person_id IS 'account: Whose account it is.';
COMMENT ON COLUMN accounts.staff_member_id IS 'account: The post that a new session acts for, unless another is chosen.';
GRANT UPDATE (staff_member_id) ON accounts TO tsumugi_app;
