-- Whoever signed in before has one factor only: those sessions end here.
ALTER TABLE accounts ALTER COLUMN password_phc DROP NOT NULL;
ALTER TABLE accounts DROP CONSTRAINT accounts_role_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_role_check
    CHECK (role IN ('staff', 'network_administrator', 'auditor', 'patient', 'family', 'support'));
ALTER TABLE accounts ADD COLUMN email text;
ALTER TABLE accounts ADD COLUMN password_changed_at timestamptz;
ALTER TABLE accounts ADD COLUMN totp_sealed bytea;
ALTER TABLE accounts ADD COLUMN totp_last_step bigint;
ALTER TABLE accounts ADD COLUMN last_signed_in_at timestamptz;
COMMENT ON COLUMN accounts.password_phc IS 'account: Hash by argon2id, with its parameters (PHC string); empty until enrolment, or with passkeys only.';
COMMENT ON COLUMN accounts.email IS 'account: Address for invitations and notices; never a factor.';
COMMENT ON COLUMN accounts.password_changed_at IS 'account: When the password was set.';
COMMENT ON COLUMN accounts.totp_sealed IS 'account: Seed of the one-time codes, sealed with the key of the installation.';
COMMENT ON COLUMN accounts.totp_last_step IS 'account: Time step of the code that was used last; none of it or before is good again.';
COMMENT ON COLUMN accounts.last_signed_in_at IS 'account: When somebody last signed in with it.';
GRANT UPDATE (password_phc, password_changed_at, totp_sealed, totp_last_step, last_signed_in_at, suspended_at, language, email) ON accounts TO tsumugi_app;

CREATE TABLE tenant_settings (
    tenant_id uuid NOT NULL,
    password_composition boolean NOT NULL DEFAULT true,
    password_rotation_days integer CHECK (password_rotation_days BETWEEN 30 AND 3650),
    idle_minutes_personal integer NOT NULL DEFAULT 30 CHECK (idle_minutes_personal BETWEEN 1 AND 30),
    idle_minutes_shared integer NOT NULL DEFAULT 15 CHECK (idle_minutes_shared BETWEEN 1 AND 15),
    session_hours integer NOT NULL DEFAULT 12 CHECK (session_hours BETWEEN 1 AND 12),
    registered_devices_only boolean NOT NULL DEFAULT false,
    licence_required boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, updated_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE tenant_settings IS 'What a network has decided for itself. A network without a row uses the defaults.';
COMMENT ON COLUMN tenant_settings.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN tenant_settings.password_composition IS 'operational: Whether passwords need letters, digits and signs (厚労省チェックリスト).';
COMMENT ON COLUMN tenant_settings.password_rotation_days IS 'operational: Days after which a password has to be changed; empty: never.';
COMMENT ON COLUMN tenant_settings.idle_minutes_personal IS 'operational: Minutes without activity after which a session on a personal device ends.';
COMMENT ON COLUMN tenant_settings.idle_minutes_shared IS 'operational: Minutes without activity after which a session on a shared device ends.';
COMMENT ON COLUMN tenant_settings.session_hours IS 'operational: Hours after which a session ends in any case.';
COMMENT ON COLUMN tenant_settings.registered_devices_only IS 'operational: Whether people sign in on registered devices only.';
COMMENT ON COLUMN tenant_settings.licence_required IS 'operational: Whether a licensed profession counts only with a verified licence.';
COMMENT ON COLUMN tenant_settings.updated_at IS 'operational: When it was last changed.';
COMMENT ON COLUMN tenant_settings.updated_by IS 'operational: Who changed it.';
ALTER TABLE tenant_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON tenant_settings USING (true) WITH CHECK (true);
CREATE POLICY tenant ON tenant_settings AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON tenant_settings TO tsumugi_app;

CREATE TABLE passkeys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    credential jsonb NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, credential_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX passkeys_by_account ON passkeys (tenant_id, account_id);
COMMENT ON TABLE passkeys IS 'Passkeys of accounts (WebAuthn credentials).';
COMMENT ON COLUMN passkeys.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN passkeys.id IS 'account: Identifier of the passkey.';
COMMENT ON COLUMN passkeys.account_id IS 'account: Whose it is.';
COMMENT ON COLUMN passkeys.credential_id IS 'account: Identifier that the authenticator gave it.';
COMMENT ON COLUMN passkeys.credential IS 'account: Public key, counter and flags, as the library keeps them.';
COMMENT ON COLUMN passkeys.name IS 'account: Name given by the owner.';
COMMENT ON COLUMN passkeys.created_at IS 'operational: When it was registered.';
COMMENT ON COLUMN passkeys.last_used_at IS 'operational: When it was last used.';
COMMENT ON COLUMN passkeys.revoked_at IS 'operational: Since when it is refused.';
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON passkeys USING (true) WITH CHECK (true);
CREATE POLICY tenant ON passkeys AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (credential, last_used_at, revoked_at) ON passkeys TO tsumugi_app;

CREATE TABLE recovery_codes (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, account_id, digest),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
COMMENT ON TABLE recovery_codes IS 'Codes for whoever lost the second factor, each good once.';
COMMENT ON COLUMN recovery_codes.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN recovery_codes.account_id IS 'account: Whose they are.';
COMMENT ON COLUMN recovery_codes.digest IS 'account: SHA-256 of the 128-bit code.';
COMMENT ON COLUMN recovery_codes.created_at IS 'operational: When it was made.';
COMMENT ON COLUMN recovery_codes.used_at IS 'operational: When it was used or replaced.';
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON recovery_codes USING (true) WITH CHECK (true);
CREATE POLICY tenant ON recovery_codes AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (used_at) ON recovery_codes TO tsumugi_app;

CREATE TABLE challenges (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    account_id uuid,
    secret_digest bytea,
    state bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX challenges_by_age ON challenges (tenant_id, expires_at);
COMMENT ON TABLE challenges IS 'What the server has to remember between the two steps of a ceremony: passkeys, one-time codes, enrolment. Each is good once.';
COMMENT ON COLUMN challenges.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN challenges.id IS 'account: Identifier of the challenge.';
COMMENT ON COLUMN challenges.kind IS 'account: Which ceremony: passkey_sign_in, passkey_step_up, passkey_registration, totp, enrolment.';
COMMENT ON COLUMN challenges.account_id IS 'account: The account concerned, once known.';
COMMENT ON COLUMN challenges.secret_digest IS 'account: SHA-256 of the secret that the caller has to show again, if there is one.';
COMMENT ON COLUMN challenges.state IS 'account: State of the ceremony, sealed.';
COMMENT ON COLUMN challenges.created_at IS 'operational: When it began.';
COMMENT ON COLUMN challenges.expires_at IS 'operational: Until when it can be finished.';
COMMENT ON COLUMN challenges.used_at IS 'operational: When it was finished.';
ALTER TABLE challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON challenges USING (true) WITH CHECK (true);
CREATE POLICY tenant ON challenges AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON challenges TO tsumugi_app;

CREATE TABLE sign_in_guards (
    tenant_id uuid NOT NULL,
    subject bytea NOT NULL,
    kind text NOT NULL CHECK (kind IN ('account', 'device', 'source', 'invitation')),
    attempts integer NOT NULL,
    refused bigint NOT NULL,
    window_began_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, subject)
);
CREATE INDEX sign_in_guards_by_age ON sign_in_guards (tenant_id, window_began_at);
COMMENT ON TABLE sign_in_guards IS 'How often signing in went wrong, by account, by account and device, and by source; shared by all servers. Rows of no network count names of networks that do not exist.';
COMMENT ON COLUMN sign_in_guards.tenant_id IS 'operational: The regional network, or the nil id.';
COMMENT ON COLUMN sign_in_guards.subject IS 'account: SHA-256 of what is counted.';
COMMENT ON COLUMN sign_in_guards.kind IS 'operational: What is counted.';
COMMENT ON COLUMN sign_in_guards.attempts IS 'operational: Attempts that were evaluated since the window began and did not end well.';
COMMENT ON COLUMN sign_in_guards.refused IS 'operational: Attempts that were turned away unevaluated.';
COMMENT ON COLUMN sign_in_guards.window_began_at IS 'operational: When counting began.';
COMMENT ON COLUMN sign_in_guards.blocked_until IS 'operational: Until when nothing is evaluated.';
ALTER TABLE sign_in_guards ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_guards FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON sign_in_guards USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sign_in_guards AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_guards TO tsumugi_app;

CREATE TABLE devices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('shared', 'personal')),
    name text NOT NULL,
    facility_id uuid NOT NULL,
    enrolment_digest bytea,
    enrolment_expires_at timestamptz,
    token_digest bytea,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    enrolled_at timestamptz,
    last_seen_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX devices_by_token ON devices (tenant_id, token_digest);
COMMENT ON TABLE devices IS 'Tablets and computers that an administrator registered.';
COMMENT ON COLUMN devices.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN devices.id IS 'operational: Identifier of the device.';
COMMENT ON COLUMN devices.kind IS 'operational: Whether several people use it in turn.';
COMMENT ON COLUMN devices.name IS 'operational: Name shown to people, such as 訪問用タブレット1.';
COMMENT ON COLUMN devices.facility_id IS 'operational: The facility that it belongs to.';
COMMENT ON COLUMN devices.enrolment_digest IS 'account: SHA-256 of the code by which the device is enrolled, once.';
COMMENT ON COLUMN devices.enrolment_expires_at IS 'operational: Until when the code is good.';
COMMENT ON COLUMN devices.token_digest IS 'account: SHA-256 of the secret that the device keeps.';
COMMENT ON COLUMN devices.created_at IS 'operational: When it was registered.';
COMMENT ON COLUMN devices.created_by IS 'operational: The administrator.';
COMMENT ON COLUMN devices.enrolled_at IS 'operational: When the device took its secret.';
COMMENT ON COLUMN devices.last_seen_at IS 'operational: When somebody last signed in on it.';
COMMENT ON COLUMN devices.revoked_at IS 'operational: Since when it is refused.';
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON devices USING (true) WITH CHECK (true);
CREATE POLICY tenant ON devices AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (name, enrolment_digest, enrolment_expires_at, token_digest, enrolled_at, last_seen_at, revoked_at) ON devices TO tsumugi_app;

CREATE TABLE shift_entries (
    tenant_id uuid NOT NULL,
    device_id uuid NOT NULL,
    account_id uuid NOT NULL,
    pin_phc text,
    failures integer NOT NULL DEFAULT 0,
    cache_key bytea NOT NULL,
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, device_id, account_id),
    FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
COMMENT ON TABLE shift_entries IS 'Who has begun a shift on a shared device today, with two factors, and may change to by PIN.';
COMMENT ON COLUMN shift_entries.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN shift_entries.device_id IS 'operational: The shared device.';
COMMENT ON COLUMN shift_entries.account_id IS 'account: Who.';
COMMENT ON COLUMN shift_entries.pin_phc IS 'account: Hash of the PIN by argon2id; the PIN is good on this device only.';
COMMENT ON COLUMN shift_entries.failures IS 'operational: Wrong PINs in a row.';
COMMENT ON COLUMN shift_entries.cache_key IS 'account: Key of the encrypted store of this person on this device.';
COMMENT ON COLUMN shift_entries.opened_at IS 'operational: When the shift began.';
COMMENT ON COLUMN shift_entries.expires_at IS 'operational: When it ends in any case.';
COMMENT ON COLUMN shift_entries.closed_at IS 'operational: When it was ended: by signing out, or by too many wrong PINs.';
ALTER TABLE shift_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE shift_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON shift_entries USING (true) WITH CHECK (true);
CREATE POLICY tenant ON shift_entries AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (pin_phc, failures, cache_key, opened_at, expires_at, closed_at) ON shift_entries TO tsumugi_app;

CREATE TABLE temporary_codes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    digest bytea NOT NULL,
    reason text NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, issued_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX temporary_codes_by_account ON temporary_codes (tenant_id, account_id);
COMMENT ON TABLE temporary_codes IS 'Codes that an administrator gives to somebody whose device is lost or broken, in place of the second factor, for a short time.';
COMMENT ON COLUMN temporary_codes.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN temporary_codes.id IS 'account: Identifier of the code.';
COMMENT ON COLUMN temporary_codes.account_id IS 'account: For whom.';
COMMENT ON COLUMN temporary_codes.digest IS 'account: SHA-256 of the code.';
COMMENT ON COLUMN temporary_codes.reason IS 'account: Why it was given.';
COMMENT ON COLUMN temporary_codes.issued_at IS 'operational: When it was given.';
COMMENT ON COLUMN temporary_codes.issued_by IS 'account: By whom.';
COMMENT ON COLUMN temporary_codes.expires_at IS 'operational: Until when it is good.';
COMMENT ON COLUMN temporary_codes.used_at IS 'operational: When it was used.';
COMMENT ON COLUMN temporary_codes.revoked_at IS 'operational: Since when it is refused.';
ALTER TABLE temporary_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE temporary_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON temporary_codes USING (true) WITH CHECK (true);
CREATE POLICY tenant ON temporary_codes AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON temporary_codes TO tsumugi_app;

CREATE TABLE mails (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at timestamptz,
    failed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX mails_due ON mails (tenant_id, due_at) WHERE sent_at IS NULL AND failed_at IS NULL;
COMMENT ON TABLE mails IS 'Mail to be sent. Text is removed once it has left, except in a demonstration.';
COMMENT ON COLUMN mails.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN mails.id IS 'operational: Identifier of the mail.';
COMMENT ON COLUMN mails.account_id IS 'account: Whom it concerns.';
COMMENT ON COLUMN mails.recipient IS 'account: Address.';
COMMENT ON COLUMN mails.subject IS 'account: Subject.';
COMMENT ON COLUMN mails.body IS 'account: Plain text; empty once it was sent.';
COMMENT ON COLUMN mails.created_at IS 'operational: When it was written.';
COMMENT ON COLUMN mails.due_at IS 'operational: When it is to be tried next.';
COMMENT ON COLUMN mails.attempts IS 'operational: How often it was tried.';
COMMENT ON COLUMN mails.sent_at IS 'operational: When the mail server took it.';
COMMENT ON COLUMN mails.failed_at IS 'operational: When it was given up.';
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON mails USING (true) WITH CHECK (true);
CREATE POLICY tenant ON mails AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (body, due_at, attempts, sent_at, failed_at) ON mails TO tsumugi_app;

ALTER TABLE sessions ADD COLUMN staff_member_id uuid;
ALTER TABLE sessions ADD COLUMN device_id uuid;
ALTER TABLE sessions ADD COLUMN amr text[] NOT NULL DEFAULT '{}';
ALTER TABLE sessions ADD COLUMN authenticated_at timestamptz;
ALTER TABLE sessions ADD COLUMN last_seen_at timestamptz;
ALTER TABLE sessions ADD COLUMN idle_minutes integer NOT NULL DEFAULT 30;
ALTER TABLE sessions ADD COLUMN label text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN source_ip text;
ALTER TABLE sessions ADD COLUMN temporary_code_id uuid;
ALTER TABLE accounts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
UPDATE sessions SET revoked_at = coalesce(sessions.revoked_at, now()), staff_member_id = accounts.staff_member_id,
    authenticated_at = sessions.created_at, last_seen_at = sessions.refreshed_at
    FROM accounts WHERE accounts.tenant_id = sessions.tenant_id AND accounts.id = sessions.account_id;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions ALTER COLUMN staff_member_id SET NOT NULL;
ALTER TABLE sessions ALTER COLUMN authenticated_at SET NOT NULL;
ALTER TABLE sessions ALTER COLUMN last_seen_at SET NOT NULL;
ALTER TABLE sessions ALTER COLUMN amr DROP DEFAULT;
ALTER TABLE sessions ALTER COLUMN idle_minutes DROP DEFAULT;
ALTER TABLE sessions ALTER COLUMN label DROP DEFAULT;
ALTER TABLE sessions ADD FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id);
ALTER TABLE sessions ADD FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id);
ALTER TABLE sessions ADD FOREIGN KEY (tenant_id, temporary_code_id) REFERENCES temporary_codes (tenant_id, id);
COMMENT ON COLUMN sessions.staff_member_id IS 'account: The post that the person acts for in this session.';
COMMENT ON COLUMN sessions.device_id IS 'operational: The registered device, when it is one.';
COMMENT ON COLUMN sessions.amr IS 'account: Factors that were shown (RFC 8176): pwd, otp, hwk, swk, user, pin.';
COMMENT ON COLUMN sessions.authenticated_at IS 'account: When factors were last shown; dangerous acts ask for them again.';
COMMENT ON COLUMN sessions.last_seen_at IS 'operational: When the person last did something, to the minute.';
COMMENT ON COLUMN sessions.idle_minutes IS 'operational: Minutes without activity after which the session ends.';
COMMENT ON COLUMN sessions.label IS 'account: Name of the device or program, for the list of one''s sessions.';
COMMENT ON COLUMN sessions.source_ip IS 'account: Where the sign-in came from.';
COMMENT ON COLUMN sessions.temporary_code_id IS 'account: The temporary code that stood in for the second factor.';
GRANT UPDATE (staff_member_id, last_seen_at, authenticated_at) ON sessions TO tsumugi_app;
