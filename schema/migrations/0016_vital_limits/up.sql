CREATE TABLE vital_limits (
    tenant_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    limits jsonb NOT NULL,
    spo2_scale smallint NOT NULL CHECK (spo2_scale IN (1, 2)),
    news2_from smallint CHECK (news2_from BETWEEN 1 AND 20),
    notify uuid[] NOT NULL,
    answer_within_minutes integer CHECK (answer_within_minutes BETWEEN 5 AND 10080),
    instruction text,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, patient_id, version),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, set_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE vital_limits IS 'Outside which vital signs somebody is to be told of (連絡の基準), for one patient; every version stays.';
COMMENT ON COLUMN vital_limits.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN vital_limits.patient_id IS 'identifier: Whose limits they are.';
COMMENT ON COLUMN vital_limits.version IS 'operational: Counts the changes from 1; the highest counts.';
COMMENT ON COLUMN vital_limits.limits IS 'clinical: Lowest and highest value by vital sign.';
COMMENT ON COLUMN vital_limits.spo2_scale IS 'clinical: Which SpO2 scale NEWS2 uses: 2 for a target of 88 to 92 %.';
COMMENT ON COLUMN vital_limits.news2_from IS 'clinical: The NEWS2 score from which somebody is to be told.';
COMMENT ON COLUMN vital_limits.notify IS 'operational: Whom to ask for an answer.';
COMMENT ON COLUMN vital_limits.answer_within_minutes IS 'operational: Until when they are to answer.';
COMMENT ON COLUMN vital_limits.instruction IS 'clinical: What to do, as the post repeats it.';
COMMENT ON COLUMN vital_limits.set_by IS 'operational: Who set them.';
COMMENT ON COLUMN vital_limits.set_at IS 'operational: When.';
ALTER TABLE vital_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE vital_limits FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON vital_limits USING (true) WITH CHECK (true);
CREATE POLICY tenant ON vital_limits AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON vital_limits TO tsumugi_app;
ALTER TABLE posts ADD COLUMN automatic boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN posts.automatic IS 'operational: Written by the server because a vital sign was outside its limits, in the name of whoever recorded it.';
