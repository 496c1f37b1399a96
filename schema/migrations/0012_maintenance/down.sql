DROP INDEX audit_events_of_session, audit_events_of_source, audit_events_of_facility, audit_events_of_profession,
    audit_events_of_action, audit_events_of_device, audit_events_of_client, audit_events_of_search,
    audit_events_of_account, audit_events_of_code, audit_events_of_kind, audit_events_of_purpose, audit_events_of_ground;
DROP FUNCTION log_day(timestamptz);
DROP FUNCTION log_hour(timestamptz);
ALTER TABLE staff_members DROP COLUMN work_plan;
