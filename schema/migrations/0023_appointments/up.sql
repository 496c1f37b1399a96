CREATE TABLE appointments (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid,
    version integer NOT NULL CHECK (version >= 1),
    first_on date NOT NULL,
    last_on date NOT NULL,
    cancelled boolean NOT NULL,
    follows uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, follows) REFERENCES appointments (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (last_on >= first_on)
);
CREATE INDEX appointments_by_patient ON appointments (tenant_id, patient_id, last_on);
COMMENT ON TABLE appointments IS 'Appointments (予定): visits, exchanges of devices, conferences, deadlines; what the newest version says is in appointment_versions.';
COMMENT ON COLUMN appointments.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN appointments.id IS 'operational: Identifier, chosen by whoever made it.';
COMMENT ON COLUMN appointments.patient_id IS 'identifier: Whom it is about; empty for what concerns staff only.';
COMMENT ON COLUMN appointments.version IS 'operational: Counts the changes from 1.';
COMMENT ON COLUMN appointments.first_on IS 'operational: The first day, in Japan, on which any of it can be.';
COMMENT ON COLUMN appointments.last_on IS 'operational: The last day on which any of it can be; five years after the first for a series without an end.';
COMMENT ON COLUMN appointments.cancelled IS 'operational: Whether all of it is called off.';
COMMENT ON COLUMN appointments.follows IS 'operational: The series that this one goes on from, changed from some day.';
COMMENT ON COLUMN appointments.created_at IS 'operational: When it was first written.';
COMMENT ON COLUMN appointments.created_by IS 'operational: Who wrote it first; empty when the server did.';
ALTER TABLE appointments ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointments FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON appointments USING (true) WITH CHECK (true);
CREATE POLICY tenant ON appointments AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (version, first_on, last_on, cancelled) ON appointments TO tsumugi_app;

CREATE TABLE appointment_versions (
    tenant_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    plan jsonb NOT NULL,
    exceptions jsonb NOT NULL,
    cancelled boolean NOT NULL,
    change text NOT NULL CHECK (change IN ('create', 'amend', 'amend_one', 'amend_following', 'cancel', 'cancel_one', 'cancel_following')),
    reason text,
    written_by uuid,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, appointment_id, version),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointments (tenant_id, id),
    FOREIGN KEY (tenant_id, written_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE appointment_versions IS 'What each version of an appointment says; every version stays.';
COMMENT ON COLUMN appointment_versions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN appointment_versions.appointment_id IS 'operational: The appointment.';
COMMENT ON COLUMN appointment_versions.version IS 'operational: Counts from 1.';
COMMENT ON COLUMN appointment_versions.plan IS 'clinical: Kind, title, time, place, note, recurrence, participants.';
COMMENT ON COLUMN appointment_versions.exceptions IS 'clinical: Single days of a series that are left out or differ.';
COMMENT ON COLUMN appointment_versions.cancelled IS 'operational: Whether it is called off.';
COMMENT ON COLUMN appointment_versions.change IS 'operational: What was done.';
COMMENT ON COLUMN appointment_versions.reason IS 'clinical: Why.';
COMMENT ON COLUMN appointment_versions.written_by IS 'operational: Who; empty when the server did.';
COMMENT ON COLUMN appointment_versions.written_at IS 'operational: When.';
ALTER TABLE appointment_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointment_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON appointment_versions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON appointment_versions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON appointment_versions TO tsumugi_app;

CREATE TABLE appointment_people (
    tenant_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, staff_member_id, appointment_id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointments (tenant_id, id)
);
COMMENT ON TABLE appointment_people IS 'Who takes part in an appointment by any version of it: for finding it. Whether somebody still does, the newest version says.';
COMMENT ON COLUMN appointment_people.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN appointment_people.staff_member_id IS 'operational: Who.';
COMMENT ON COLUMN appointment_people.appointment_id IS 'operational: In what.';
ALTER TABLE appointment_people ENABLE ROW LEVEL SECURITY;
ALTER TABLE appointment_people FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON appointment_people USING (true) WITH CHECK (true);
CREATE POLICY tenant ON appointment_people AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON appointment_people TO tsumugi_app;

CREATE TABLE calendar_feeds (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_read_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX calendar_feeds_by_token ON calendar_feeds (tenant_id, token_digest);
CREATE INDEX calendar_feeds_by_post ON calendar_feeds (tenant_id, staff_member_id);
COMMENT ON TABLE calendar_feeds IS 'Addresses at which calendar programs fetch the appointments of one person, without names.';
COMMENT ON COLUMN calendar_feeds.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN calendar_feeds.id IS 'account: Identifier.';
COMMENT ON COLUMN calendar_feeds.account_id IS 'account: Whose it is.';
COMMENT ON COLUMN calendar_feeds.staff_member_id IS 'account: The post whose appointments it shows.';
COMMENT ON COLUMN calendar_feeds.token_digest IS 'account: SHA-256 of the secret in the address.';
COMMENT ON COLUMN calendar_feeds.created_at IS 'operational: When it was made.';
COMMENT ON COLUMN calendar_feeds.revoked_at IS 'operational: Since when it is refused.';
COMMENT ON COLUMN calendar_feeds.last_read_at IS 'operational: When it was last fetched.';
ALTER TABLE calendar_feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_feeds FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON calendar_feeds USING (true) WITH CHECK (true);
CREATE POLICY tenant ON calendar_feeds AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (revoked_at, last_read_at) ON calendar_feeds TO tsumugi_app;

CREATE INDEX acknowledgement_asks_of_patient ON acknowledgement_asks (tenant_id, patient_id, due_at) WHERE closed_at IS NULL AND due_at IS NOT NULL;
