-- Programs of others: tokens that are bound to a key, and acting for a person.
ALTER TABLE clients ADD COLUMN proof_required boolean NOT NULL DEFAULT false;
ALTER TABLE clients ADD COLUMN acts_for_people boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN clients.proof_required IS 'operational: Whether it gets tokens that are bound to a key only.';
COMMENT ON COLUMN clients.acts_for_people IS 'operational: Whether it may act for people of its facility, with their rights.';

CREATE TABLE spent_proofs (
    tenant_id uuid NOT NULL,
    digest bytea NOT NULL,
    request_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, digest),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX spent_proofs_by_age ON spent_proofs (tenant_id, expires_at);
COMMENT ON TABLE spent_proofs IS 'Proofs of possession that a request has used, so that none is used again.';
COMMENT ON COLUMN spent_proofs.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN spent_proofs.digest IS 'operational: SHA-256 of key and number of the proof.';
COMMENT ON COLUMN spent_proofs.request_id IS 'operational: The request that used it.';
COMMENT ON COLUMN spent_proofs.expires_at IS 'operational: From when on the proof would not be taken anyway.';
ALTER TABLE spent_proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent_proofs FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON spent_proofs USING (true) WITH CHECK (true);
CREATE POLICY tenant ON spent_proofs AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON spent_proofs TO tsumugi_app;
