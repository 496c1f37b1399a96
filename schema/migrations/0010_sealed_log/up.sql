-- The access log in monthly partitions, readable by a role of its own only, and what sealing it makes (RFC 6962).

-- Which cluster this is, and which transaction: as numbers whose comparisons row-level security lets an index answer.
CREATE FUNCTION log_epoch() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT system_identifier FROM pg_control_system()';
CREATE FUNCTION log_xid() RETURNS bigint LANGUAGE sql VOLATILE
    AS 'SELECT pg_current_xact_id()::text::bigint';
-- No transaction before this one is under way any more.
CREATE FUNCTION log_horizon() RETURNS bigint LANGUAGE sql STABLE
    AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint';
REVOKE EXECUTE ON FUNCTION log_horizon() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_horizon() TO tsumugi_log;

ALTER TABLE audit_event_patients RENAME TO audit_event_patients_before;
ALTER TABLE audit_events RENAME TO audit_events_before;
ALTER INDEX audit_event_patients_pkey RENAME TO audit_event_patients_before_pkey;
ALTER INDEX audit_events_pkey RENAME TO audit_events_before_pkey;

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
    decision text,
    ground text,
    resource_version integer,
    on_behalf_of uuid,
    device_id uuid,
    query_digest text,
    clock text NOT NULL CHECK (clock IN ('checked', 'unchecked', 'off')),
    seal bytea NOT NULL CHECK (length(seal) IN (16, 48)),
    epoch bigint NOT NULL DEFAULT log_epoch(),
    xid bigint NOT NULL DEFAULT log_xid(),
    PRIMARY KEY (tenant_id, at, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_events_of_patient ON audit_events (tenant_id, patient_id, at, id);
CREATE INDEX audit_events_of_staff ON audit_events (tenant_id, staff_member_id, at, id);
CREATE INDEX audit_events_in_order ON audit_events (tenant_id, epoch, xid, id);
COMMENT ON TABLE audit_events IS 'The access log: who did or saw what, when, why and on what ground (アクセスログ). Append only; one partition for each month in Japan.';
COMMENT ON COLUMN audit_events.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_events.id IS 'operational: Identifier of the entry.';
COMMENT ON COLUMN audit_events.at IS 'operational: When, by the server''s clock.';
COMMENT ON COLUMN audit_events.actor_kind IS 'operational: What kind of caller.';
COMMENT ON COLUMN audit_events.account_id IS 'operational: The account, for people.';
COMMENT ON COLUMN audit_events.staff_member_id IS 'operational: The post acted for.';
COMMENT ON COLUMN audit_events.client_id IS 'operational: The client: a system, or the program through which a person acted.';
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
COMMENT ON COLUMN audit_events.decision IS 'operational: What the rules were asked, as text: ids and codes.';
COMMENT ON COLUMN audit_events.ground IS 'operational: What tied the caller to the patient, in one word.';
COMMENT ON COLUMN audit_events.resource_version IS 'operational: Version of the thing concerned.';
COMMENT ON COLUMN audit_events.on_behalf_of IS 'operational: The staff member in whose place it was entered (代行入力).';
COMMENT ON COLUMN audit_events.device_id IS 'operational: The registered device.';
COMMENT ON COLUMN audit_events.query_digest IS 'operational: Keyed digest of what was searched for; never the words.';
COMMENT ON COLUMN audit_events.clock IS 'operational: How good the clock was: checked, unchecked, or off by more than a second.';
COMMENT ON COLUMN audit_events.seal IS 'operational: Secret of the entry (16 bytes), and a keyed digest of it that the database alone cannot make (32 bytes; missing where the entry is older than sealing).';
COMMENT ON COLUMN audit_events.epoch IS 'operational: The database cluster in which the entry was written: transaction numbers mean nothing elsewhere.';
COMMENT ON COLUMN audit_events.xid IS 'operational: The transaction that wrote the entry: sealing waits until no earlier one is under way.';
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_events USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_events AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT INSERT ON audit_events TO tsumugi_app;
GRANT SELECT ON audit_events TO tsumugi_log;

CREATE TABLE audit_event_patients (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, at, event_id, patient_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_event_patients_of_patient ON audit_event_patients (tenant_id, patient_id, at, event_id);
COMMENT ON TABLE audit_event_patients IS 'The patients that a list named to its reader, one row each. In partitions as the entries.';
COMMENT ON COLUMN audit_event_patients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_event_patients.event_id IS 'operational: The entry of the access log.';
COMMENT ON COLUMN audit_event_patients.patient_id IS 'identifier: A patient in the answer.';
COMMENT ON COLUMN audit_event_patients.at IS 'operational: When, as in the entry.';
ALTER TABLE audit_event_patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_patients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_event_patients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_event_patients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT INSERT ON audit_event_patients TO tsumugi_app;
GRANT SELECT ON audit_event_patients TO tsumugi_log;

-- A partition has the same walls; nobody but the owner has rights on it.
CREATE FUNCTION wall_off_log_part(part text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE own text := '(tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))';
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY rows ON %I USING (true) WITH CHECK (true)', part);
    EXECUTE format('CREATE POLICY tenant ON %I AS RESTRICTIVE USING %s WITH CHECK %s', part, own, own);
END $$;

-- What no month has a partition for is kept as well.
CREATE TABLE audit_events_other PARTITION OF audit_events DEFAULT;
CREATE TABLE audit_event_patients_other PARTITION OF audit_event_patients DEFAULT;
SELECT wall_off_log_part('audit_events_other'), wall_off_log_part('audit_event_patients_other');

-- Makes the partitions of the month that a day is in, unless they are there; takes over what was kept without them.
CREATE FUNCTION add_log_month(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', day);
    starts timestamptz := month::timestamp AT TIME ZONE 'Asia/Tokyo';
    ends timestamptz := (month + interval '1 month') AT TIME ZONE 'Asia/Tokyo';
    parent text;
    part text;
    added boolean := false;
BEGIN
    FOREACH parent IN ARRAY ARRAY['audit_events', 'audit_event_patients'] LOOP
        part := parent || to_char(month, '_YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
            EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', parent || '_other');
            EXECUTE format('WITH moved AS (DELETE FROM %I WHERE at >= $1 AND at < $2 RETURNING *) '
                || 'INSERT INTO %I SELECT * FROM moved', parent || '_other', part) USING starts, ends;
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', parent || '_other');
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, starts, ends);
            PERFORM wall_off_log_part(part);
            added := true;
        END IF;
    END LOOP;
    RETURN added;
END $$;
REVOKE EXECUTE ON FUNCTION add_log_month(date), wall_off_log_part(text) FROM PUBLIC;

-- What was recorded before there was sealing. The owner is held to the walls as well; while rows move, they are open.
ALTER TABLE audit_events_before NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_event_patients_before NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_patients DISABLE ROW LEVEL SECURITY;
INSERT INTO audit_events (
    tenant_id, id, at, actor_kind, account_id, staff_member_id, client_id, profession, facility_id,
    session_id, action, purpose, outcome, code, patient_id, resource_type, resource_id, count, rules,
    policy_digest, request_id, source_ip, decision, clock, seal
)
SELECT
    tenant_id, id, at, actor_kind, account_id, staff_member_id, coalesce(client_id, delegate_id), profession, facility_id,
    session_id, action, purpose, outcome, code, patient_id, resource_type, resource_id, count, rules,
    policy_digest, request_id, source_ip, decision, 'unchecked', uuid_send(gen_random_uuid())
FROM audit_events_before;
INSERT INTO audit_event_patients (tenant_id, event_id, patient_id, at)
SELECT named.tenant_id, named.event_id, named.patient_id, before.at
FROM audit_event_patients_before named JOIN audit_events_before before
    ON before.tenant_id = named.tenant_id AND before.id = named.event_id;
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event_patients ENABLE ROW LEVEL SECURITY;
DROP TABLE audit_event_patients_before;
DROP TABLE audit_events_before;

CREATE TABLE audit_trees (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    origin text NOT NULL,
    size bigint NOT NULL,
    edge bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    note text,
    noted_at timestamptz,
    halted text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, tree),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_trees IS 'The Merkle tree of the access log of each network, as far as it is sealed.';
COMMENT ON COLUMN audit_trees.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_trees.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN audit_trees.origin IS 'operational: Name of the log in its checkpoints.';
COMMENT ON COLUMN audit_trees.size IS 'operational: How many entries are sealed.';
COMMENT ON COLUMN audit_trees.edge IS 'operational: The hashes from which the tree grows.';
COMMENT ON COLUMN audit_trees.sealed_at IS 'operational: When it last grew.';
COMMENT ON COLUMN audit_trees.note IS 'operational: The latest signed checkpoint.';
COMMENT ON COLUMN audit_trees.noted_at IS 'operational: When that was signed.';
COMMENT ON COLUMN audit_trees.halted IS 'operational: Why nothing is signed any more, when the signer refused.';
COMMENT ON COLUMN audit_trees.created_at IS 'operational: When the tree began.';
ALTER TABLE audit_trees ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_trees FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_trees USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_trees AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (size, edge, sealed_at, note, noted_at, halted) ON audit_trees TO tsumugi_log;

CREATE TABLE audit_cursors (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    epoch bigint NOT NULL,
    xid bigint NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, tree, epoch),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_cursors IS 'How far the entries that were written in a cluster are sealed.';
COMMENT ON COLUMN audit_cursors.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_cursors.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN audit_cursors.epoch IS 'operational: The cluster.';
COMMENT ON COLUMN audit_cursors.xid IS 'operational: The last transaction that was looked at.';
COMMENT ON COLUMN audit_cursors.event_id IS 'operational: The last entry of it.';
ALTER TABLE audit_cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_cursors FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_cursors USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_cursors AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (xid, event_id) ON audit_cursors TO tsumugi_log;

CREATE TABLE audit_leaves (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    leaf_index bigint NOT NULL,
    event_id uuid NOT NULL,
    event_at timestamptz NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, tree, leaf_index),
    UNIQUE (tenant_id, event_id, tree),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_leaves IS 'The place of each entry in the tree, without gaps. Append only.';
COMMENT ON COLUMN audit_leaves.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_leaves.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN audit_leaves.leaf_index IS 'operational: The place, from 0.';
COMMENT ON COLUMN audit_leaves.event_id IS 'operational: The entry.';
COMMENT ON COLUMN audit_leaves.event_at IS 'operational: When it was, to find it.';
COMMENT ON COLUMN audit_leaves.hash IS 'operational: Hash of the entry.';
ALTER TABLE audit_leaves ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_leaves FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_leaves USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_leaves AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_leaves TO tsumugi_log;

CREATE TABLE audit_tiles (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    level smallint NOT NULL,
    tile_index bigint NOT NULL,
    hashes bytea NOT NULL CHECK (length(hashes) = 8192),
    root bytea NOT NULL CHECK (length(root) = 32),
    PRIMARY KEY (tenant_id, tree, level, tile_index),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_tiles IS 'Hashes of the tree, 256 to a tile (c2sp.org/tlog-tiles); full tiles only. Append only.';
COMMENT ON COLUMN audit_tiles.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_tiles.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN audit_tiles.level IS 'operational: Level: 0 for hashes of entries, 1 for hashes of tiles of level 0, and so on.';
COMMENT ON COLUMN audit_tiles.tile_index IS 'operational: The place of the tile in its level.';
COMMENT ON COLUMN audit_tiles.hashes IS 'operational: The hashes, one after the other.';
COMMENT ON COLUMN audit_tiles.root IS 'operational: Root of the subtree over them.';
ALTER TABLE audit_tiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_tiles FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_tiles USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_tiles AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_tiles TO tsumugi_log;

CREATE TABLE audit_checkpoints (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    size bigint NOT NULL,
    signed_at timestamptz NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (tenant_id, tree, size, signed_at),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_checkpoints IS 'Signed checkpoints (c2sp.org/tlog-checkpoint), at most one a minute. Append only.';
COMMENT ON COLUMN audit_checkpoints.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_checkpoints.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN audit_checkpoints.size IS 'operational: How many entries it stands for.';
COMMENT ON COLUMN audit_checkpoints.signed_at IS 'operational: When it was signed.';
COMMENT ON COLUMN audit_checkpoints.note IS 'operational: The checkpoint as it is passed on.';
ALTER TABLE audit_checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checkpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_checkpoints USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_checkpoints AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_checkpoints TO tsumugi_log;

CREATE TABLE audit_rejects (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_at timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_at, event_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE audit_rejects IS 'Entries that are not what the server wrote: found when they were to be sealed, and left out. Append only.';
COMMENT ON COLUMN audit_rejects.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_rejects.event_id IS 'operational: The entry.';
COMMENT ON COLUMN audit_rejects.event_at IS 'operational: When it says it was.';
COMMENT ON COLUMN audit_rejects.found_at IS 'operational: When it was found.';
ALTER TABLE audit_rejects ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_rejects FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_rejects USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_rejects AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON audit_rejects TO tsumugi_log;
