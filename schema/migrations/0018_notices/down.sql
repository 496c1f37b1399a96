DROP TABLE notices;
DROP TABLE push_subscriptions;
DROP TABLE notice_settings;
DROP TABLE duty_contacts;
DROP TABLE acknowledgement_steps;
DROP INDEX acknowledgement_requests_open;
DROP INDEX acknowledgement_requests_by_post;
ALTER TABLE acknowledgement_requests DROP CONSTRAINT acknowledgement_requests_tenant_id_ask_id_fkey;
ALTER TABLE acknowledgement_requests DROP CONSTRAINT acknowledgement_requests_pkey;
-- Who was asked more than once, or was only told, is kept as having been asked once.
DELETE FROM acknowledgement_requests WHERE part = 'told';
DELETE FROM acknowledgement_requests a USING acknowledgement_requests b
WHERE a.tenant_id = b.tenant_id AND a.post_id = b.post_id AND a.staff_member_id = b.staff_member_id AND a.ask_id > b.ask_id;
ALTER TABLE acknowledgement_requests DROP COLUMN ask_id, DROP COLUMN part, DROP COLUMN closed_at;
ALTER TABLE acknowledgement_requests ADD PRIMARY KEY (tenant_id, post_id, staff_member_id);
CREATE INDEX acknowledgement_requests_by_staff ON acknowledgement_requests (tenant_id, staff_member_id, patient_id);
COMMENT ON TABLE acknowledgement_requests IS 'Who was asked to answer for a post, and by when.';
DROP TABLE acknowledgement_asks;
