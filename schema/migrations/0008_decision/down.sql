ALTER TABLE audit_events DROP COLUMN decision, DROP COLUMN delegate_id;
ALTER TABLE patients DROP COLUMN facility_id;
ALTER TABLE posts DROP COLUMN class;
ALTER TABLE posts DROP COLUMN facility_id, DROP COLUMN sensitivity;
ALTER TABLE posts DROP CONSTRAINT posts_channel_check;
ALTER TABLE posts ADD CONSTRAINT posts_channel_check CHECK (channel IN ('team', 'medical')) NOT VALID;
DROP TABLE access_overrides;
DROP TABLE emergency_accesses;
DROP TABLE substitutions;
