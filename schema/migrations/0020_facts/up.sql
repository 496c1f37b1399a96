CREATE TABLE facts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL,
    information text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('team', 'medical', 'sensitive')),
    sensitivity text CHECK (sensitivity IN ('psychiatry', 'hiv', 'abuse', 'violence', 'finances')),
    version integer NOT NULL CHECK (version >= 1),
    said_version integer NOT NULL CHECK (said_version BETWEEN 1 AND version),
    confirmed_at timestamptz NOT NULL,
    confirmed_by uuid NOT NULL,
    ended boolean NOT NULL,
    next_on date,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, confirmed_by) REFERENCES staff_members (tenant_id, id),
    CHECK ((channel = 'sensitive') = (sensitivity IS NOT NULL))
);
CREATE INDEX facts_by_patient ON facts (tenant_id, patient_id, ended);
CREATE INDEX facts_by_next ON facts (tenant_id, next_on) WHERE next_on IS NOT NULL AND NOT ended;
COMMENT ON TABLE facts IS 'What is so with a patient (いまの状態): one row for each fact, which points at the version that says it. Never removed.';
COMMENT ON COLUMN facts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN facts.id IS 'operational: Identifier, chosen by the device of whoever wrote it first.';
COMMENT ON COLUMN facts.patient_id IS 'identifier: Whose fact it is.';
COMMENT ON COLUMN facts.kind IS 'clinical: Kind, by schema/facts.json.';
COMMENT ON COLUMN facts.information IS 'clinical: The kind of information that the access rules know it by.';
COMMENT ON COLUMN facts.channel IS 'operational: Whom it is for: team, medical, sensitive. Never changes.';
COMMENT ON COLUMN facts.sensitivity IS 'clinical: What makes it sensitive, on that channel.';
COMMENT ON COLUMN facts.version IS 'operational: Number of the newest version.';
COMMENT ON COLUMN facts.said_version IS 'operational: Number of the version that says what is so now.';
COMMENT ON COLUMN facts.confirmed_at IS 'clinical: When somebody last found that it is so.';
COMMENT ON COLUMN facts.confirmed_by IS 'operational: Who found it.';
COMMENT ON COLUMN facts.ended IS 'clinical: Whether it is not so any more.';
COMMENT ON COLUMN facts.next_on IS 'clinical: When a device is to be exchanged next.';
COMMENT ON COLUMN facts.created_at IS 'operational: When the first version was written.';
ALTER TABLE facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE facts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON facts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON facts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (version, said_version, confirmed_at, confirmed_by, ended, next_on) ON facts TO tsumugi_app;

CREATE TABLE fact_versions (
    tenant_id uuid NOT NULL,
    fact_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    act text NOT NULL CHECK (act IN ('create', 'change', 'confirm', 'end')),
    value jsonb,
    note text,
    confidence text CHECK (confidence IN ('confirmed', 'reported', 'suspected')),
    since date,
    source text CHECK (source IN ('observation', 'interview', 'post', 'document', 'sheet', 'import')),
    source_id uuid,
    source_text text,
    reason text,
    superseded_by uuid,
    observed_at timestamptz NOT NULL,
    written_by uuid NOT NULL,
    facility_id uuid NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, fact_id, version),
    FOREIGN KEY (tenant_id, fact_id) REFERENCES facts (tenant_id, id),
    FOREIGN KEY (tenant_id, superseded_by) REFERENCES facts (tenant_id, id),
    FOREIGN KEY (tenant_id, written_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    CHECK ((act IN ('create', 'change')) = (value IS NOT NULL)),
    CHECK ((value IS NULL) = (confidence IS NULL)),
    CHECK ((value IS NULL) = (source IS NULL)),
    CHECK ((act = 'end') <= (reason IS NOT NULL)),
    CHECK (superseded_by IS NULL OR act = 'end')
);
CREATE INDEX fact_versions_by_source ON fact_versions (tenant_id, source_id) WHERE source_id IS NOT NULL;
COMMENT ON TABLE fact_versions IS 'Everything that was ever said about a fact: what is so, that it is still so, that it is not so any more. Written once.';
COMMENT ON COLUMN fact_versions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN fact_versions.fact_id IS 'operational: The fact.';
COMMENT ON COLUMN fact_versions.version IS 'operational: Counts from 1.';
COMMENT ON COLUMN fact_versions.act IS 'operational: What was done: create, change (what is so now replaces what was), confirm (still so), end (not so any more).';
COMMENT ON COLUMN fact_versions.value IS 'clinical: What is so, by the fields of its kind in schema/facts.json.';
COMMENT ON COLUMN fact_versions.note IS 'clinical: What else is to be said.';
COMMENT ON COLUMN fact_versions.confidence IS 'clinical: How sure it is: confirmed, reported, suspected.';
COMMENT ON COLUMN fact_versions.since IS 'clinical: Since when it is so; of an end, since when it is not.';
COMMENT ON COLUMN fact_versions.source IS 'clinical: Where it comes from: observation, interview, post, document, sheet, import.';
COMMENT ON COLUMN fact_versions.source_id IS 'operational: The post, document or sheet.';
COMMENT ON COLUMN fact_versions.source_text IS 'clinical: The source in words, such as お薬手帳.';
COMMENT ON COLUMN fact_versions.reason IS 'clinical: Why it was changed or ended.';
COMMENT ON COLUMN fact_versions.superseded_by IS 'operational: The fact that stands in its place.';
COMMENT ON COLUMN fact_versions.observed_at IS 'clinical: When it was found to be so.';
COMMENT ON COLUMN fact_versions.written_by IS 'operational: Who wrote it.';
COMMENT ON COLUMN fact_versions.facility_id IS 'operational: Where the author worked.';
COMMENT ON COLUMN fact_versions.written_at IS 'operational: When the server took it in.';
ALTER TABLE fact_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE fact_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON fact_versions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON fact_versions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON fact_versions TO tsumugi_app;
