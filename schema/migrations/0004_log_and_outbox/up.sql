CREATE TABLE audit_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'system', 'anonymous')),
    account_id uuid,
    staff_member_id uuid,
    client_id uuid,
    profession text,
    facility_id uuid,
    session_id uuid,
    action text NOT NULL,
    purpose text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('allowed', 'denied')),
    code text,
    patient_id uuid,
    resource_type text,
    resource_id uuid,
    count integer,
    rules text[] NOT NULL,
    policy_digest text NOT NULL,
    request_id text NOT NULL,
    source_ip text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX audit_events_by_time ON audit_events (tenant_id, at DESC, id DESC);
CREATE INDEX audit_events_by_patient ON audit_events (tenant_id, patient_id, at DESC, id DESC);
CREATE INDEX audit_events_by_staff ON audit_events (tenant_id, staff_member_id, at DESC, id DESC);
COMMENT ON TABLE audit_events IS 'The access log: who did or saw what, when, why and on what ground (アクセスログ). Append only.';
COMMENT ON COLUMN audit_events.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_events.id IS 'operational: Identifier of the entry.';
COMMENT ON COLUMN audit_events.at IS 'operational: When, by the server''s clock.';
COMMENT ON COLUMN audit_events.actor_kind IS 'operational: What kind of caller.';
COMMENT ON COLUMN audit_events.account_id IS 'operational: The account, for people.';
COMMENT ON COLUMN audit_events.staff_member_id IS 'operational: The post acted for.';
COMMENT ON COLUMN audit_events.client_id IS 'operational: The client, for systems.';
COMMENT ON COLUMN audit_events.profession IS 'operational: Profession at that moment.';
COMMENT ON COLUMN audit_events.facility_id IS 'operational: Facility at that moment.';
COMMENT ON COLUMN audit_events.session_id IS 'operational: The session.';
COMMENT ON COLUMN audit_events.action IS 'operational: What was done: feature.verb.';
COMMENT ON COLUMN audit_events.purpose IS 'operational: Purpose of use (HL7 v3 PurposeOfUse).';
COMMENT ON COLUMN audit_events.outcome IS 'operational: Whether it happened.';
COMMENT ON COLUMN audit_events.code IS 'operational: Error code, when it did not.';
COMMENT ON COLUMN audit_events.patient_id IS 'identifier: The patient concerned, when one.';
COMMENT ON COLUMN audit_events.resource_type IS 'operational: Kind of the thing concerned.';
COMMENT ON COLUMN audit_events.resource_id IS 'operational: The thing concerned.';
COMMENT ON COLUMN audit_events.count IS 'operational: How many things a list answered with.';
COMMENT ON COLUMN audit_events.rules IS 'operational: Ids of the access rules that decided.';
COMMENT ON COLUMN audit_events.policy_digest IS 'operational: SHA-256 of the rules in force.';
COMMENT ON COLUMN audit_events.request_id IS 'operational: The request.';
COMMENT ON COLUMN audit_events.source_ip IS 'operational: Where the request came from.';
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_events USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_events AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_events TO tsumugi_app;

CREATE TABLE audit_event_patients (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, patient_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES audit_events (tenant_id, id)
);
COMMENT ON TABLE audit_event_patients IS 'The patients that a list named to its reader, one row each.';
COMMENT ON COLUMN audit_event_patients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_event_patients.event_id IS 'operational: The entry of the access log.';
COMMENT ON COLUMN audit_event_patients.patient_id IS 'identifier: A patient in the answer.';
ALTER TABLE audit_event_patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_patients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_event_patients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_event_patients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_event_patients TO tsumugi_app;

CREATE TABLE outbox (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    available_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX outbox_due ON outbox (tenant_id, available_at, id);
COMMENT ON TABLE outbox IS 'What is to happen because something was written. Worked off by the worker.';
COMMENT ON COLUMN outbox.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN outbox.id IS 'operational: Identifier of the job.';
COMMENT ON COLUMN outbox.kind IS 'operational: What is to be done.';
COMMENT ON COLUMN outbox.payload IS 'operational: Ids only, never content.';
COMMENT ON COLUMN outbox.created_at IS 'operational: When it was written.';
COMMENT ON COLUMN outbox.available_at IS 'operational: Not to be tried before.';
COMMENT ON COLUMN outbox.attempts IS 'operational: How often it was tried.';
COMMENT ON COLUMN outbox.last_error IS 'operational: Why the last attempt failed.';
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON outbox USING (true) WITH CHECK (true);
CREATE POLICY tenant ON outbox AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE, UPDATE (available_at, attempts, last_error) ON outbox TO tsumugi_app;

CREATE TABLE events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    patient_id uuid,
    post_id uuid,
    recipients uuid[] NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE events IS 'What open pages are told. Ids only; who may know is decided before the row is written.';
COMMENT ON COLUMN events.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN events.id IS 'operational: Identifier; grows with time.';
COMMENT ON COLUMN events.kind IS 'operational: Kind: post_created, post_changed, post_acknowledged, care_team_changed.';
COMMENT ON COLUMN events.patient_id IS 'identifier: The patient concerned.';
COMMENT ON COLUMN events.post_id IS 'operational: The post concerned.';
COMMENT ON COLUMN events.recipients IS 'operational: Staff members who are told.';
COMMENT ON COLUMN events.created_at IS 'operational: When it was written.';
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON events USING (true) WITH CHECK (true);
CREATE POLICY tenant ON events AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON events TO tsumugi_app;

CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    key text NOT NULL,
    digest bytea NOT NULL,
    patient_id uuid,
    status integer,
    etag text,
    body bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, actor_id, key),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (tenant_id, created_at);
COMMENT ON TABLE idempotency_keys IS 'Answers already given, so that a repeated request is not done twice.';
COMMENT ON COLUMN idempotency_keys.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN idempotency_keys.actor_id IS 'operational: The account or client that sent the key.';
COMMENT ON COLUMN idempotency_keys.key IS 'operational: The key.';
COMMENT ON COLUMN idempotency_keys.digest IS 'operational: SHA-256 of method, path, If-Match and body.';
COMMENT ON COLUMN idempotency_keys.patient_id IS 'identifier: The patient concerned; the answer is given again only to who may still see the patient.';
COMMENT ON COLUMN idempotency_keys.status IS 'operational: Status answered; empty while the request is under way.';
COMMENT ON COLUMN idempotency_keys.etag IS 'operational: ETag answered.';
COMMENT ON COLUMN idempotency_keys.body IS 'clinical: Body answered.';
COMMENT ON COLUMN idempotency_keys.created_at IS 'operational: When.';
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON idempotency_keys USING (true) WITH CHECK (true);
CREATE POLICY tenant ON idempotency_keys AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE, UPDATE (patient_id, status, etag, body) ON idempotency_keys TO tsumugi_app;

-- The nudge goes out with the commit; the row is the truth.
CREATE FUNCTION nudge_streams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tsumugi_events', NEW.tenant_id::text || ' ' || NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER nudge_streams AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION nudge_streams();
