CREATE TABLE patients (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    search_text text NOT NULL,
    sort_key text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL CHECK (sex IN ('male', 'female', 'other', 'unknown')),
    address text NOT NULL,
    phone text,
    registered_at timestamptz NOT NULL,
    registered_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, registered_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX patients_by_kana ON patients (tenant_id, sort_key, id);
COMMENT ON TABLE patients IS 'The people cared for (患者・利用者).';
COMMENT ON COLUMN patients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN patients.id IS 'identifier: Identifier of the patient in this network.';
COMMENT ON COLUMN patients.name IS 'identifier: Name in kanji.';
COMMENT ON COLUMN patients.kana IS 'identifier: Name in katakana.';
COMMENT ON COLUMN patients.search_text IS 'identifier: Name and kana, normalized for finding.';
COMMENT ON COLUMN patients.sort_key IS 'identifier: Kana, normalized for sorting.';
COMMENT ON COLUMN patients.birth_date IS 'identifier: Date of birth.';
COMMENT ON COLUMN patients.sex IS 'identifier: Administrative sex (FHIR administrative-gender).';
COMMENT ON COLUMN patients.address IS 'identifier: Address as written.';
COMMENT ON COLUMN patients.phone IS 'identifier: Telephone number as written.';
COMMENT ON COLUMN patients.registered_at IS 'operational: When the patient was registered.';
COMMENT ON COLUMN patients.registered_by IS 'operational: Who registered the patient.';
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE patients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON patients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON patients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON patients TO tsumugi_app;

CREATE TABLE patient_identifiers (
    tenant_id uuid NOT NULL,
    system text NOT NULL,
    value text NOT NULL,
    patient_id uuid NOT NULL,
    facility_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, system, value),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX patient_identifiers_by_patient ON patient_identifiers (tenant_id, patient_id);
COMMENT ON TABLE patient_identifiers IS 'The numbers by which facilities and insurers know a patient.';
COMMENT ON COLUMN patient_identifiers.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN patient_identifiers.system IS 'identifier: Name space of the number: a URL or urn:oid.';
COMMENT ON COLUMN patient_identifiers.value IS 'identifier: The number.';
COMMENT ON COLUMN patient_identifiers.patient_id IS 'identifier: Whose number it is.';
COMMENT ON COLUMN patient_identifiers.facility_id IS 'identifier: The facility that gave it, if one did.';
COMMENT ON COLUMN patient_identifiers.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN patient_identifiers.created_by IS 'operational: Who recorded it.';
ALTER TABLE patient_identifiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE patient_identifiers FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON patient_identifiers USING (true) WITH CHECK (true);
CREATE POLICY tenant ON patient_identifiers AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON patient_identifiers TO tsumugi_app;

CREATE TABLE consents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    granted_on date NOT NULL,
    granted_by text NOT NULL CHECK (granted_by IN ('patient', 'proxy', 'emergency')),
    proxy_name text,
    proxy_relation text,
    method text NOT NULL CHECK (method IN ('paper', 'on_screen', 'card')),
    note text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdrawal_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, withdrawn_by) REFERENCES staff_members (tenant_id, id),
    CHECK (granted_by <> 'proxy' OR proxy_name IS NOT NULL)
);
CREATE INDEX consents_by_patient ON consents (tenant_id, patient_id, recorded_at);
COMMENT ON TABLE consents IS 'The patients agreement to share within the network (同意), with how it was given.';
COMMENT ON COLUMN consents.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN consents.id IS 'operational: Identifier of the consent.';
COMMENT ON COLUMN consents.patient_id IS 'identifier: Whose agreement it is.';
COMMENT ON COLUMN consents.granted_on IS 'identifier: Day on which it was given.';
COMMENT ON COLUMN consents.granted_by IS 'identifier: Who agreed.';
COMMENT ON COLUMN consents.proxy_name IS 'identifier: Name of the proxy, when one agreed.';
COMMENT ON COLUMN consents.proxy_relation IS 'identifier: Relation of the proxy to the patient.';
COMMENT ON COLUMN consents.method IS 'identifier: How it was given.';
COMMENT ON COLUMN consents.note IS 'identifier: Remarks.';
COMMENT ON COLUMN consents.recorded_at IS 'operational: When it was entered.';
COMMENT ON COLUMN consents.recorded_by IS 'operational: Who entered it.';
COMMENT ON COLUMN consents.withdrawn_at IS 'identifier: When it was withdrawn; reading stops with it.';
COMMENT ON COLUMN consents.withdrawn_by IS 'operational: Who entered the withdrawal.';
COMMENT ON COLUMN consents.withdrawal_reason IS 'identifier: Reason given for the withdrawal.';
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON consents USING (true) WITH CHECK (true);
CREATE POLICY tenant ON consents AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by, withdrawal_reason) ON consents TO tsumugi_app;

CREATE TABLE care_team_members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    duty text,
    starts_on date NOT NULL,
    ends_on date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX care_team_members_by_patient ON care_team_members (tenant_id, patient_id, staff_member_id);
CREATE INDEX care_team_members_by_staff ON care_team_members (tenant_id, staff_member_id, patient_id);
COMMENT ON TABLE care_team_members IS 'Who looks after a patient, each from a day to a day (ケアチーム).';
COMMENT ON COLUMN care_team_members.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN care_team_members.id IS 'operational: Identifier of the membership.';
COMMENT ON COLUMN care_team_members.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN care_team_members.staff_member_id IS 'operational: The member.';
COMMENT ON COLUMN care_team_members.duty IS 'operational: What the member does for this patient, such as 主治医.';
COMMENT ON COLUMN care_team_members.starts_on IS 'operational: First day (Japanese calendar day).';
COMMENT ON COLUMN care_team_members.ends_on IS 'operational: Last day; empty while it lasts.';
COMMENT ON COLUMN care_team_members.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN care_team_members.created_by IS 'operational: Who added the member.';
ALTER TABLE care_team_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE care_team_members FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON care_team_members USING (true) WITH CHECK (true);
CREATE POLICY tenant ON care_team_members AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ends_on) ON care_team_members TO tsumugi_app;
