-- The work plan of whoever maintains the installation, and what auditors look for in the access log.

ALTER TABLE staff_members ADD COLUMN work_plan text CHECK (length(work_plan) BETWEEN 1 AND 100);
COMMENT ON COLUMN staff_members.work_plan IS 'operational: Number of the work plan (作業計画番号) for which somebody of the vendor or operator was let in.';

-- Days and hours in Japan, for counting by them.
CREATE FUNCTION log_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT (at AT TIME ZONE ''Asia/Tokyo'')::date';
CREATE FUNCTION log_hour(at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT (extract(isodow FROM at AT TIME ZONE ''Asia/Tokyo'')::integer - 1) * 24
        + extract(hour FROM at AT TIME ZONE ''Asia/Tokyo'')::integer';
REVOKE EXECUTE ON FUNCTION log_day(timestamptz), log_hour(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_day(timestamptz), log_hour(timestamptz) TO tsumugi_log;

-- Each of these costs every entry that it has; measured with 1,000,000 entries, all of them together an eighth of the time
-- of an INSERT. Without them, whatever is rare or not there at all is looked for in the whole log: 0.6 seconds and more for
-- a million. They name no time: what is frequent is found from the newest entry backwards by the primary key, and few
-- values that come again and again take little room. Those of columns that most entries leave empty, or in which most have
-- the same value, hold only the others, and cost nothing for ordinary work.
CREATE INDEX audit_events_of_session ON audit_events (tenant_id, session_id);
CREATE INDEX audit_events_of_source ON audit_events (tenant_id, source_ip);
CREATE INDEX audit_events_of_facility ON audit_events (tenant_id, facility_id);
CREATE INDEX audit_events_of_profession ON audit_events (tenant_id, profession);
CREATE INDEX audit_events_of_action ON audit_events (tenant_id, action);
CREATE INDEX audit_events_of_device ON audit_events (tenant_id, device_id) WHERE device_id IS NOT NULL;
CREATE INDEX audit_events_of_client ON audit_events (tenant_id, client_id, at, id) WHERE client_id IS NOT NULL;
CREATE INDEX audit_events_of_search ON audit_events (tenant_id, query_digest) WHERE query_digest IS NOT NULL;
CREATE INDEX audit_events_of_account ON audit_events (tenant_id, resource_id) WHERE resource_type = 'account';
CREATE INDEX audit_events_of_code ON audit_events (tenant_id, code) WHERE outcome = 'denied';
CREATE INDEX audit_events_of_kind ON audit_events (tenant_id, actor_kind) WHERE actor_kind <> 'staff';
CREATE INDEX audit_events_of_purpose ON audit_events (tenant_id, purpose) WHERE purpose <> 'TREAT';
CREATE INDEX audit_events_of_ground ON audit_events (tenant_id, ground) WHERE ground <> 'member';
