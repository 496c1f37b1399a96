-- Checkpoints in places that nobody with the database can write: who is asked to witness, what they answered, whose logs
-- are witnessed here, how far the checkpoints are copied; and the days on which the clock was wrong.

CREATE TABLE witnesses (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('server', 'mail')),
    name text NOT NULL,
    url text,
    public_key text,
    address text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    next_at timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    failure text,
    tree smallint,
    size bigint,
    witnessed_at timestamptz,
    disputed_at timestamptz,
    dispute text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id),
    CHECK ((kind = 'server') = (url IS NOT NULL)),
    CHECK ((kind = 'server') = (public_key IS NOT NULL)),
    CHECK ((kind = 'mail') = (address IS NOT NULL))
);
COMMENT ON TABLE witnesses IS 'Who keeps checkpoints of the access log where nobody with the database can change them.';
COMMENT ON COLUMN witnesses.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN witnesses.id IS 'operational: Identifier of the witness.';
COMMENT ON COLUMN witnesses.kind IS 'operational: A server that cosigns, or a person who gets mail every month.';
COMMENT ON COLUMN witnesses.name IS 'operational: Name: of the other network, or of the person responsible (医療情報システム安全管理責任者).';
COMMENT ON COLUMN witnesses.url IS 'operational: Where the server takes checkpoints (c2sp.org/tlog-witness).';
COMMENT ON COLUMN witnesses.public_key IS 'operational: What the server cosigns with.';
COMMENT ON COLUMN witnesses.address IS 'account: Where the mail goes.';
COMMENT ON COLUMN witnesses.created_at IS 'operational: When it was entered.';
COMMENT ON COLUMN witnesses.created_by IS 'operational: The administrator.';
COMMENT ON COLUMN witnesses.ended_at IS 'operational: When it was ended.';
COMMENT ON COLUMN witnesses.ended_by IS 'operational: The administrator who ended it.';
COMMENT ON COLUMN witnesses.next_at IS 'operational: When it is asked, or written to, next.';
COMMENT ON COLUMN witnesses.failures IS 'operational: Attempts in a row that failed.';
COMMENT ON COLUMN witnesses.failure IS 'operational: Code of the last failure; empty after a success.';
COMMENT ON COLUMN witnesses.tree IS 'operational: Which tree of the network it witnessed last.';
COMMENT ON COLUMN witnesses.size IS 'operational: How many entries what it witnessed last stands for.';
COMMENT ON COLUMN witnesses.witnessed_at IS 'operational: When that was.';
COMMENT ON COLUMN witnesses.disputed_at IS 'operational: Since when it says that the log does not grow from what it has seen.';
COMMENT ON COLUMN witnesses.dispute IS 'operational: Code of what it said.';
ALTER TABLE witnesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE witnesses FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON witnesses USING (true) WITH CHECK (true);
CREATE POLICY tenant ON witnesses AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, next_at, failures, failure, tree, size, witnessed_at, disputed_at, dispute)
    ON witnesses TO tsumugi_app;

CREATE TABLE cosignatures (
    tenant_id uuid NOT NULL,
    witness_id uuid NOT NULL,
    tree smallint NOT NULL,
    size bigint NOT NULL,
    cosigned_at timestamptz NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (tenant_id, witness_id, tree, size, cosigned_at),
    FOREIGN KEY (tenant_id, witness_id) REFERENCES witnesses (tenant_id, id)
);
COMMENT ON TABLE cosignatures IS 'Checkpoints of the access log that a witness has cosigned. Append only.';
COMMENT ON COLUMN cosignatures.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN cosignatures.witness_id IS 'operational: The witness.';
COMMENT ON COLUMN cosignatures.tree IS 'operational: Which tree of the network; a new one begins only after a loss of data that was admitted.';
COMMENT ON COLUMN cosignatures.size IS 'operational: How many entries the checkpoint stands for.';
COMMENT ON COLUMN cosignatures.cosigned_at IS 'operational: When the witness says it was.';
COMMENT ON COLUMN cosignatures.note IS 'operational: The checkpoint with the signatures of the log and of the witness.';
ALTER TABLE cosignatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE cosignatures FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON cosignatures USING (true) WITH CHECK (true);
CREATE POLICY tenant ON cosignatures AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON cosignatures TO tsumugi_app;

CREATE TABLE witnessed_logs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    origin text NOT NULL,
    public_key text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    size bigint NOT NULL DEFAULT 0,
    root bytea CHECK (length(root) = 32),
    note text,
    cosigned_at timestamptz,
    conflict_at timestamptz,
    conflict_note text,
    forged_at timestamptz,
    forged bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX witnessed_logs_watched ON witnessed_logs (tenant_id, origin) WHERE ended_at IS NULL;
COMMENT ON TABLE witnessed_logs IS 'Logs of others that this network witnesses.';
COMMENT ON COLUMN witnessed_logs.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN witnessed_logs.id IS 'operational: Identifier.';
COMMENT ON COLUMN witnessed_logs.name IS 'operational: Name of whoever runs the log.';
COMMENT ON COLUMN witnessed_logs.origin IS 'operational: Name of the log in its checkpoints.';
COMMENT ON COLUMN witnessed_logs.public_key IS 'operational: What the log signs with.';
COMMENT ON COLUMN witnessed_logs.created_at IS 'operational: When it was entered.';
COMMENT ON COLUMN witnessed_logs.created_by IS 'operational: The administrator.';
COMMENT ON COLUMN witnessed_logs.ended_at IS 'operational: When witnessing ended.';
COMMENT ON COLUMN witnessed_logs.ended_by IS 'operational: The administrator who ended it.';
COMMENT ON COLUMN witnessed_logs.size IS 'operational: How many entries the last checkpoint stands for that was cosigned here.';
COMMENT ON COLUMN witnessed_logs.root IS 'operational: Root of its tree.';
COMMENT ON COLUMN witnessed_logs.note IS 'operational: That checkpoint with the signatures of the log and of this network.';
COMMENT ON COLUMN witnessed_logs.cosigned_at IS 'operational: When it was cosigned.';
COMMENT ON COLUMN witnessed_logs.conflict_at IS 'operational: When the log last signed something that does not grow from what was cosigned.';
COMMENT ON COLUMN witnessed_logs.conflict_note IS 'operational: The first checkpoint of that sort: proof against the log.';
COMMENT ON COLUMN witnessed_logs.forged_at IS 'operational: When somebody last submitted a checkpoint in the name of the log that its key did not sign.';
COMMENT ON COLUMN witnessed_logs.forged IS 'operational: How often.';
ALTER TABLE witnessed_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE witnessed_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON witnessed_logs USING (true) WITH CHECK (true);
CREATE POLICY tenant ON witnessed_logs AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, size, root, note, cosigned_at, conflict_at, conflict_note, forged_at, forged)
    ON witnessed_logs TO tsumugi_app;

CREATE TABLE checkpoint_copies (
    tenant_id uuid NOT NULL,
    next_at timestamptz NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    failure text,
    tree smallint,
    size bigint,
    signed_at timestamptz,
    copied_at timestamptz,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE checkpoint_copies IS 'How far the checkpoints of a network are copied to the append-only folder or bucket.';
COMMENT ON COLUMN checkpoint_copies.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN checkpoint_copies.next_at IS 'operational: When it is tried next.';
COMMENT ON COLUMN checkpoint_copies.failures IS 'operational: Attempts in a row that failed.';
COMMENT ON COLUMN checkpoint_copies.failure IS 'operational: Code of the last failure; empty after a success.';
COMMENT ON COLUMN checkpoint_copies.tree IS 'operational: Tree of the last checkpoint that is there.';
COMMENT ON COLUMN checkpoint_copies.size IS 'operational: How many entries that stands for.';
COMMENT ON COLUMN checkpoint_copies.signed_at IS 'operational: When that was signed.';
COMMENT ON COLUMN checkpoint_copies.copied_at IS 'operational: When it was copied.';
ALTER TABLE checkpoint_copies ENABLE ROW LEVEL SECURITY;
ALTER TABLE checkpoint_copies FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON checkpoint_copies USING (true) WITH CHECK (true);
CREATE POLICY tenant ON checkpoint_copies AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (next_at, failures, failure, tree, size, signed_at, copied_at) ON checkpoint_copies TO tsumugi_log;

CREATE INDEX audit_checkpoints_by_time ON audit_checkpoints (tenant_id, signed_at);

CREATE TABLE clock_alarms (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (tenant_id, day),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE clock_alarms IS 'The days on which the administrators of a network were told that the clock is off. Append only.';
COMMENT ON COLUMN clock_alarms.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN clock_alarms.day IS 'operational: The day in Japan.';
ALTER TABLE clock_alarms ENABLE ROW LEVEL SECURITY;
ALTER TABLE clock_alarms FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON clock_alarms USING (true) WITH CHECK (true);
CREATE POLICY tenant ON clock_alarms AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON clock_alarms TO tsumugi_app;
