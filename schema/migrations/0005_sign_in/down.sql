ALTER TABLE sessions DROP COLUMN staff_member_id, DROP COLUMN device_id, DROP COLUMN amr, DROP COLUMN authenticated_at,
    DROP COLUMN last_seen_at, DROP COLUMN idle_minutes, DROP COLUMN label, DROP COLUMN source_ip, DROP COLUMN temporary_code_id;
DROP TABLE mails;
DROP TABLE temporary_codes;
DROP TABLE shift_entries;
DROP TABLE devices;
DROP TABLE sign_in_guards;
DROP TABLE challenges;
DROP TABLE recovery_codes;
DROP TABLE passkeys;
DROP TABLE tenant_settings;
REVOKE UPDATE (password_phc, suspended_at, language) ON accounts FROM tsumugi_app;
ALTER TABLE accounts DROP COLUMN email, DROP COLUMN password_changed_at, DROP COLUMN totp_sealed, DROP COLUMN totp_last_step,
    DROP COLUMN last_signed_in_at;
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
UPDATE accounts SET password_phc = '' WHERE password_phc IS NULL;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts ALTER COLUMN password_phc SET NOT NULL;
ALTER TABLE accounts DROP CONSTRAINT accounts_role_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_role_check CHECK (role IN ('staff', 'network_administrator', 'auditor')) NOT VALID;
COMMENT ON COLUMN accounts.password_phc IS 'account: Hash by argon2id, with its parameters (PHC string).';
