-- What the rules find in the access log, and how it is reviewed. Only the role that may read the log may see any of it.

-- Of the home address of somebody who works here only a keyed digest is kept: enough to tell that a patient lives there.
ALTER TABLE persons ADD COLUMN home_digest bytea CHECK (length(home_digest) = 32);
COMMENT ON COLUMN persons.home_digest IS 'identifier: Keyed digest of the home address down to the house number; the address itself is not kept.';
GRANT UPDATE (home_digest) ON persons TO tsumugi_app;

CREATE TABLE finding_rules (
    tenant_id uuid NOT NULL,
    version integer NOT NULL,
    rules jsonb NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    PRIMARY KEY (tenant_id, version),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (version > 0)
);
COMMENT ON TABLE finding_rules IS 'By which rules the access log is looked through (点検ルール): every change is a new version. Append only.';
COMMENT ON COLUMN finding_rules.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN finding_rules.version IS 'operational: Number of the version, from 1.';
COMMENT ON COLUMN finding_rules.rules IS 'operational: Every rule with its thresholds.';
COMMENT ON COLUMN finding_rules.reason IS 'operational: Why it was changed, in the words of whoever changed it.';
COMMENT ON COLUMN finding_rules.created_at IS 'operational: When.';
COMMENT ON COLUMN finding_rules.created_by IS 'operational: The auditor.';
ALTER TABLE finding_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON finding_rules USING (true) WITH CHECK (true);
CREATE POLICY tenant ON finding_rules AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON finding_rules TO tsumugi_log;

CREATE TABLE watched_patients (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    reason text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX watched_patients_by_patient ON watched_patients (tenant_id, patient_id);
COMMENT ON TABLE watched_patients IS 'Patients whose accesses are looked at more closely (注視対象): well-known people, and whoever asked for it.';
COMMENT ON COLUMN watched_patients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN watched_patients.id IS 'operational: Identifier.';
COMMENT ON COLUMN watched_patients.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN watched_patients.reason IS 'operational: Why accesses to this patient are looked at, in the words of whoever asked for it.';
COMMENT ON COLUMN watched_patients.starts_on IS 'operational: First day; may lie in the past.';
COMMENT ON COLUMN watched_patients.ends_on IS 'operational: Last day, when it was known.';
COMMENT ON COLUMN watched_patients.created_at IS 'operational: When it was asked for.';
COMMENT ON COLUMN watched_patients.created_by IS 'operational: The auditor or administrator.';
COMMENT ON COLUMN watched_patients.ended_at IS 'operational: When it was ended before its last day.';
COMMENT ON COLUMN watched_patients.ended_by IS 'operational: By whom.';
ALTER TABLE watched_patients ENABLE ROW LEVEL SECURITY;
ALTER TABLE watched_patients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON watched_patients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON watched_patients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON watched_patients TO tsumugi_log;

CREATE TABLE findings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    key uuid NOT NULL,
    part smallint NOT NULL,
    rule text NOT NULL CHECK (rule IN (
        'same_surname', 'same_address', 'own_family', 'watched_patient', 'no_relation', 'emergency_unreviewed',
        'unusual_hour', 'many_patients', 'after_membership', 'repeated_denials', 'by_hand'
    )),
    day date NOT NULL,
    person_id uuid,
    staff_member_id uuid,
    patient_id uuid,
    account_id uuid,
    client_id uuid,
    source_ip text,
    emergency_access_id uuid,
    reasons text[] NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    found_version integer NOT NULL,
    rule_version integer NOT NULL,
    run integer NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'assigned', 'asked', 'answered', 'closed', 'superseded')),
    version integer NOT NULL,
    assigned_to uuid,
    conclusion text CHECK (conclusion IN ('justified', 'not_justified', 'unclear', 'duplicate')),
    closed_at timestamptz,
    opened_by uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key, part),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id),
    FOREIGN KEY (tenant_id, emergency_access_id) REFERENCES emergency_accesses (tenant_id, id),
    FOREIGN KEY (tenant_id, assigned_to) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, opened_by) REFERENCES staff_members (tenant_id, id),
    CHECK (first_at <= last_at),
    CHECK ((state = 'closed') = (conclusion IS NOT NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (opened_by IS NULL OR rule = 'by_hand')
);
CREATE INDEX findings_by_time ON findings (tenant_id, last_at, id);
CREATE INDEX findings_by_day ON findings (tenant_id, day);
CREATE INDEX findings_of_person ON findings (tenant_id, person_id, last_at, id);
CREATE INDEX findings_of_patient ON findings (tenant_id, patient_id, last_at, id);
-- What the worker looks for with every round: few of all.
CREATE INDEX findings_of_emergencies ON findings (tenant_id, emergency_access_id) WHERE emergency_access_id IS NOT NULL;
COMMENT ON TABLE findings IS 'What the rules found in the access log, or an auditor by hand (点検で見つかったこと). Never removed.';
COMMENT ON COLUMN findings.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN findings.id IS 'operational: Identifier; follows from what the finding is about, so that finding it again gives the same.';
COMMENT ON COLUMN findings.key IS 'operational: What it is about: rule, person, patient, day.';
COMMENT ON COLUMN findings.part IS 'operational: Counts from 1: higher for what was found about the same after the ones before had been closed.';
COMMENT ON COLUMN findings.rule IS 'operational: The rule that found it; by_hand when an auditor opened it.';
COMMENT ON COLUMN findings.day IS 'operational: The day in Japan that it is about.';
COMMENT ON COLUMN findings.person_id IS 'operational: The person concerned.';
COMMENT ON COLUMN findings.staff_member_id IS 'operational: The post that the person acted for first.';
COMMENT ON COLUMN findings.patient_id IS 'identifier: The patient concerned.';
COMMENT ON COLUMN findings.account_id IS 'operational: The account at which somebody tried to sign in.';
COMMENT ON COLUMN findings.client_id IS 'operational: The system concerned.';
COMMENT ON COLUMN findings.source_ip IS 'operational: The address that attempts came from.';
COMMENT ON COLUMN findings.emergency_access_id IS 'operational: The emergency access that nobody reviewed.';
COMMENT ON COLUMN findings.reasons IS 'operational: What made the rule speak, in fixed words.';
COMMENT ON COLUMN findings.first_at IS 'operational: The first entry of the evidence.';
COMMENT ON COLUMN findings.last_at IS 'operational: The last entry of the evidence.';
COMMENT ON COLUMN findings.found_at IS 'operational: When it was found first.';
COMMENT ON COLUMN findings.found_version IS 'operational: The version of the rules that it was found with first; 0 for the usual ones.';
COMMENT ON COLUMN findings.rule_version IS 'operational: The version of the rules that it was found with last.';
COMMENT ON COLUMN findings.run IS 'operational: The computation that found it last.';
COMMENT ON COLUMN findings.state IS 'operational: How far the review is; superseded when its rule does not find it any more.';
COMMENT ON COLUMN findings.version IS 'operational: Number of the last step.';
COMMENT ON COLUMN findings.assigned_to IS 'operational: The auditor who reviews it.';
COMMENT ON COLUMN findings.conclusion IS 'operational: What the review came to.';
COMMENT ON COLUMN findings.closed_at IS 'operational: When it was closed.';
COMMENT ON COLUMN findings.opened_by IS 'operational: The auditor who opened it by hand.';
ALTER TABLE findings ENABLE ROW LEVEL SECURITY;
ALTER TABLE findings FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON findings USING (true) WITH CHECK (true);
CREATE POLICY tenant ON findings AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (
    staff_member_id, reasons, first_at, last_at, rule_version, run, state, version, assigned_to, conclusion, closed_at
) ON findings TO tsumugi_log;

CREATE TABLE finding_evidence (
    tenant_id uuid NOT NULL,
    finding_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_at timestamptz NOT NULL,
    run integer NOT NULL,
    PRIMARY KEY (tenant_id, finding_id, event_id),
    FOREIGN KEY (tenant_id, finding_id) REFERENCES findings (tenant_id, id)
);
COMMENT ON TABLE finding_evidence IS 'The entries of the access log that a finding rests on.';
COMMENT ON COLUMN finding_evidence.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN finding_evidence.finding_id IS 'operational: The finding.';
COMMENT ON COLUMN finding_evidence.event_id IS 'operational: The entry of the access log.';
COMMENT ON COLUMN finding_evidence.event_at IS 'operational: When the entry was, to find it.';
COMMENT ON COLUMN finding_evidence.run IS 'operational: The computation that counted it last: evidence is what has the run of its finding.';
ALTER TABLE finding_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON finding_evidence USING (true) WITH CHECK (true);
CREATE POLICY tenant ON finding_evidence AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (run) ON finding_evidence TO tsumugi_log;

CREATE TABLE justification_requests (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    finding_id uuid NOT NULL,
    person_id uuid NOT NULL,
    question text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by uuid NOT NULL,
    due_at timestamptz NOT NULL,
    answered_at timestamptz,
    answer text,
    reminded_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, finding_id) REFERENCES findings (tenant_id, id),
    FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    FOREIGN KEY (tenant_id, asked_by) REFERENCES staff_members (tenant_id, id),
    CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX justification_requests_of_person ON justification_requests (tenant_id, person_id, asked_at, id);
CREATE INDEX justification_requests_of_finding ON justification_requests (tenant_id, finding_id);
CREATE INDEX justification_requests_open ON justification_requests (tenant_id, due_at) WHERE answered_at IS NULL AND ended_at IS NULL;
COMMENT ON TABLE justification_requests IS 'Questions of auditors to the people concerned: why was it looked at? (理由の照会) Answered once.';
COMMENT ON COLUMN justification_requests.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN justification_requests.id IS 'operational: Identifier.';
COMMENT ON COLUMN justification_requests.finding_id IS 'operational: The finding.';
COMMENT ON COLUMN justification_requests.person_id IS 'operational: Who is asked.';
COMMENT ON COLUMN justification_requests.question IS 'operational: What is asked, in the words of the auditor.';
COMMENT ON COLUMN justification_requests.asked_at IS 'operational: When.';
COMMENT ON COLUMN justification_requests.asked_by IS 'operational: The auditor.';
COMMENT ON COLUMN justification_requests.due_at IS 'operational: By when an answer is wanted.';
COMMENT ON COLUMN justification_requests.answered_at IS 'operational: When it was answered.';
COMMENT ON COLUMN justification_requests.answer IS 'clinical: The answer, in the words of the person: may tell of the patient.';
COMMENT ON COLUMN justification_requests.reminded_at IS 'operational: When the person was last reminded.';
COMMENT ON COLUMN justification_requests.ended_at IS 'operational: When no answer was wanted any more.';
ALTER TABLE justification_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE justification_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON justification_requests USING (true) WITH CHECK (true);
CREATE POLICY tenant ON justification_requests AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (answered_at, answer, reminded_at, ended_at) ON justification_requests TO tsumugi_log;

CREATE TABLE finding_steps (
    tenant_id uuid NOT NULL,
    finding_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'found', 'opened', 'assigned', 'asked', 'answered', 'reminded', 'closed', 'reopened', 'superseded', 'found_again'
    )),
    at timestamptz NOT NULL,
    staff_member_id uuid,
    assigned_to uuid,
    request_id uuid,
    conclusion text CHECK (conclusion IN ('justified', 'not_justified', 'unclear', 'duplicate')),
    note text,
    rule_version integer,
    PRIMARY KEY (tenant_id, finding_id, number),
    FOREIGN KEY (tenant_id, finding_id) REFERENCES findings (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, assigned_to) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, request_id) REFERENCES justification_requests (tenant_id, id),
    CHECK (number > 0)
);
COMMENT ON TABLE finding_steps IS 'Everything that was done about a finding, in order. Append only.';
COMMENT ON COLUMN finding_steps.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN finding_steps.finding_id IS 'operational: The finding.';
COMMENT ON COLUMN finding_steps.number IS 'operational: Number of the step, from 1; the version of the finding after it.';
COMMENT ON COLUMN finding_steps.kind IS 'operational: What was done.';
COMMENT ON COLUMN finding_steps.at IS 'operational: When.';
COMMENT ON COLUMN finding_steps.staff_member_id IS 'operational: By whom; null for the server itself.';
COMMENT ON COLUMN finding_steps.assigned_to IS 'operational: To whom it was given.';
COMMENT ON COLUMN finding_steps.request_id IS 'operational: The justification that it was about.';
COMMENT ON COLUMN finding_steps.conclusion IS 'operational: What the review came to.';
COMMENT ON COLUMN finding_steps.note IS 'operational: Remarks, in the words of whoever did it.';
COMMENT ON COLUMN finding_steps.rule_version IS 'operational: The version of the rules, for steps of the server.';
ALTER TABLE finding_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON finding_steps USING (true) WITH CHECK (true);
CREATE POLICY tenant ON finding_steps AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON finding_steps TO tsumugi_log;

CREATE TABLE finding_progress (
    tenant_id uuid NOT NULL,
    tree smallint NOT NULL,
    next_index bigint NOT NULL,
    wanted integer NOT NULL,
    done integer NOT NULL,
    running integer,
    rule_version integer NOT NULL,
    run_since timestamptz,
    run_at timestamptz,
    run_event uuid,
    run_size bigint,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
COMMENT ON TABLE finding_progress IS 'How far the access log is looked through.';
COMMENT ON COLUMN finding_progress.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN finding_progress.tree IS 'operational: The tree of the access log that is looked through.';
COMMENT ON COLUMN finding_progress.next_index IS 'operational: The next place of the tree to be looked at.';
COMMENT ON COLUMN finding_progress.wanted IS 'operational: The computation over everything that was asked for last: with every change of the rules.';
COMMENT ON COLUMN finding_progress.done IS 'operational: The computation over everything that was done last.';
COMMENT ON COLUMN finding_progress.running IS 'operational: The one that runs.';
COMMENT ON COLUMN finding_progress.rule_version IS 'operational: The version of the rules of the one that runs, or was done last.';
COMMENT ON COLUMN finding_progress.run_since IS 'operational: The first moment that the running one looks at.';
COMMENT ON COLUMN finding_progress.run_at IS 'operational: How far the running one is: time of the last entry.';
COMMENT ON COLUMN finding_progress.run_event IS 'operational: How far the running one is: the last entry.';
COMMENT ON COLUMN finding_progress.run_size IS 'operational: The size of the tree up to which the running one looks.';
COMMENT ON COLUMN finding_progress.updated_at IS 'operational: When it last went on.';
ALTER TABLE finding_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE finding_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON finding_progress USING (true) WITH CHECK (true);
CREATE POLICY tenant ON finding_progress AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE ON finding_progress TO tsumugi_log;
