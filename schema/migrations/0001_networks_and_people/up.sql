CREATE TABLE tenants (
    tenant_id uuid NOT NULL,
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id),
    UNIQUE (slug)
);
COMMENT ON TABLE tenants IS 'Regional networks (地域ネットワーク) on this installation. The only table that every session may read across networks: sign-in finds the network by its slug.';
COMMENT ON COLUMN tenants.tenant_id IS 'operational: Identifier of the network.';
COMMENT ON COLUMN tenants.slug IS 'operational: Short name used in sign-in names.';
COMMENT ON COLUMN tenants.name IS 'operational: Name shown to people.';
COMMENT ON COLUMN tenants.created_at IS 'operational: When the network was set up.';
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON tenants FOR SELECT USING (true);
CREATE POLICY setup ON tenants TO tsumugi_owner USING (true) WITH CHECK (true);
GRANT SELECT ON tenants TO tsumugi_app;

CREATE TABLE facilities (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    institution_code text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, institution_code),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX facilities_by_name ON facilities (tenant_id, name, id);
COMMENT ON TABLE facilities IS 'Hospitals, clinics, stations and offices of a network.';
COMMENT ON COLUMN facilities.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN facilities.id IS 'operational: Identifier of the facility.';
COMMENT ON COLUMN facilities.name IS 'operational: Official name.';
COMMENT ON COLUMN facilities.kind IS 'operational: Kind of facility: hospital, clinic, visiting_nursing_station and so on.';
COMMENT ON COLUMN facilities.institution_code IS 'operational: Ten-digit medical institution code (医療機関コード10桁), when it has one.';
COMMENT ON COLUMN facilities.created_at IS 'operational: When the row was written.';
ALTER TABLE facilities ENABLE ROW LEVEL SECURITY;
ALTER TABLE facilities FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON facilities USING (true) WITH CHECK (true);
CREATE POLICY tenant ON facilities AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON facilities TO tsumugi_app;

CREATE TABLE staff_members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    search_text text NOT NULL,
    sort_key text NOT NULL,
    profession text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX staff_members_by_kana ON staff_members (tenant_id, sort_key, id);
CREATE INDEX staff_members_by_facility ON staff_members (tenant_id, facility_id);
COMMENT ON TABLE staff_members IS 'A persons post at a facility, in one profession (職員).';
COMMENT ON COLUMN staff_members.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN staff_members.id IS 'operational: Identifier of the post.';
COMMENT ON COLUMN staff_members.facility_id IS 'operational: Where the person works.';
COMMENT ON COLUMN staff_members.name IS 'account: Name in kanji.';
COMMENT ON COLUMN staff_members.kana IS 'account: Name in katakana.';
COMMENT ON COLUMN staff_members.search_text IS 'account: Name and kana, normalized for finding.';
COMMENT ON COLUMN staff_members.sort_key IS 'account: Kana, normalized for sorting.';
COMMENT ON COLUMN staff_members.profession IS 'account: Code of the profession (職種), see policy/professions.json.';
COMMENT ON COLUMN staff_members.starts_on IS 'account: First day of the post.';
COMMENT ON COLUMN staff_members.ends_on IS 'account: Last day of the post; empty while it lasts.';
COMMENT ON COLUMN staff_members.created_at IS 'operational: When the row was written.';
ALTER TABLE staff_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_members FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON staff_members USING (true) WITH CHECK (true);
CREATE POLICY tenant ON staff_members AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON staff_members TO tsumugi_app;

CREATE TABLE accounts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    login_name text NOT NULL CHECK (login_name ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    password_phc text NOT NULL,
    role text NOT NULL CHECK (role IN ('staff', 'network_administrator', 'auditor')),
    staff_member_id uuid NOT NULL,
    language text NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
    suspended_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, login_name),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE accounts IS 'What a person signs in with.';
COMMENT ON COLUMN accounts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN accounts.id IS 'account: Identifier of the account.';
COMMENT ON COLUMN accounts.login_name IS 'account: Name before the @ of the sign-in name.';
COMMENT ON COLUMN accounts.password_phc IS 'account: Hash by argon2id, with its parameters (PHC string).';
COMMENT ON COLUMN accounts.role IS 'account: What the account is for.';
COMMENT ON COLUMN accounts.staff_member_id IS 'account: The post that the account acts for.';
COMMENT ON COLUMN accounts.language IS 'account: Language of messages.';
COMMENT ON COLUMN accounts.suspended_at IS 'account: Since when sign-in and every running session are refused.';
COMMENT ON COLUMN accounts.created_at IS 'operational: When the row was written.';
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON accounts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON accounts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON accounts TO tsumugi_app;

CREATE TABLE sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    refresh_digest bytea NOT NULL,
    cache_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX sessions_by_account ON sessions (tenant_id, account_id);
COMMENT ON TABLE sessions IS 'A sign-in on one device. An access token is good only while its session row is.';
COMMENT ON COLUMN sessions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN sessions.id IS 'account: Identifier of the session.';
COMMENT ON COLUMN sessions.account_id IS 'account: Who signed in.';
COMMENT ON COLUMN sessions.refresh_digest IS 'account: SHA-256 of the refresh token that is good now.';
COMMENT ON COLUMN sessions.cache_key IS 'account: Key of the encrypted store on the device, handed out only to this session.';
COMMENT ON COLUMN sessions.created_at IS 'operational: When the session began.';
COMMENT ON COLUMN sessions.refreshed_at IS 'operational: When the refresh token was last exchanged.';
COMMENT ON COLUMN sessions.expires_at IS 'operational: After this nothing renews the session.';
COMMENT ON COLUMN sessions.revoked_at IS 'operational: When the session was ended.';
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON sessions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON sessions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (refresh_digest, refreshed_at, revoked_at) ON sessions TO tsumugi_app;

CREATE TABLE clients (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    name text NOT NULL,
    secret_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE clients IS 'A vendors or hospitals system that calls the interface by itself.';
COMMENT ON COLUMN clients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN clients.id IS 'account: Identifier of the client.';
COMMENT ON COLUMN clients.facility_id IS 'account: The facility on whose behalf it acts.';
COMMENT ON COLUMN clients.name IS 'account: Name shown on what it sends.';
COMMENT ON COLUMN clients.secret_digest IS 'account: SHA-256 of the 256-bit client secret.';
COMMENT ON COLUMN clients.created_at IS 'operational: When the row was written.';
COMMENT ON COLUMN clients.created_by IS 'account: The administrator who made it.';
COMMENT ON COLUMN clients.revoked_at IS 'operational: Since when the client is refused.';
ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON clients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON clients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON clients TO tsumugi_app;

-- The readiness check compares the migrations of the database with those of the program.
GRANT SELECT ON __diesel_schema_migrations TO tsumugi_app;
