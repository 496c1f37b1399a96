DROP TABLE idempotency_keys;
DROP TABLE events;
DROP TABLE outbox;
DROP TABLE audit_event_patients;
DROP TABLE audit_events;
DROP FUNCTION nudge_streams();
