-- What patients see of the access log, what may be withheld from them, and what becomes of old months of it.

ALTER TABLE tenant_settings ADD COLUMN show_names_to_patients boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tenant_settings.show_names_to_patients IS 'operational: Whether patients see the names of those who looked at their record, or only profession and organization.';

-- Patients are told in what kind of emergency somebody looked; the reason in words is for those who review.
ALTER TABLE emergency_accesses ADD COLUMN category text NOT NULL DEFAULT 'other'
    CHECK (category IN ('transport', 'sudden_change', 'disaster', 'absence', 'other'));
COMMENT ON COLUMN emergency_accesses.category IS 'clinical: Why, as one of a few words that the patient is told.';

CREATE TABLE withholdings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    audience text NOT NULL CHECK (audience IN ('everyone', 'family')),
    legal_basis text NOT NULL,
    decided_by text NOT NULL,
    until_on date NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX withholdings_of_patient ON withholdings (tenant_id, patient_id, until_on);
COMMENT ON TABLE withholdings IS 'Entries of the access log that a patient does not see for a while, each with the law that says so (開示の保留).';
COMMENT ON COLUMN withholdings.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN withholdings.id IS 'operational: Identifier of the withholding.';
COMMENT ON COLUMN withholdings.patient_id IS 'identifier: The patient.';
COMMENT ON COLUMN withholdings.from_on IS 'operational: First day (Japanese calendar day) whose entries are withheld.';
COMMENT ON COLUMN withholdings.to_on IS 'operational: Last day whose entries are withheld.';
COMMENT ON COLUMN withholdings.audience IS 'operational: From whom: everyone who asks for the patient, or the family and proxies only.';
COMMENT ON COLUMN withholdings.legal_basis IS 'operational: Which law or order says so.';
COMMENT ON COLUMN withholdings.decided_by IS 'operational: Who decided it, by office and name.';
COMMENT ON COLUMN withholdings.until_on IS 'operational: Last day of withholding; afterwards the entries are shown.';
COMMENT ON COLUMN withholdings.created_at IS 'operational: When it was recorded.';
COMMENT ON COLUMN withholdings.created_by IS 'operational: Who recorded it.';
COMMENT ON COLUMN withholdings.ended_at IS 'operational: When it was ended before its time.';
COMMENT ON COLUMN withholdings.ended_by IS 'operational: Who ended it before its time.';
ALTER TABLE withholdings ENABLE ROW LEVEL SECURITY;
ALTER TABLE withholdings FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON withholdings USING (true) WITH CHECK (true);
CREATE POLICY tenant ON withholdings AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON withholdings TO tsumugi_app;

CREATE TABLE legal_holds (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    patient_id uuid,
    staff_member_id uuid,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    released_at timestamptz,
    released_by uuid,
    release_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, released_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE legal_holds IS 'Times of the access log that stay in the database for a dispute or an inquiry (保全). A month is kept for all networks as long as one holds it.';
COMMENT ON COLUMN legal_holds.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN legal_holds.id IS 'operational: Identifier of the hold.';
COMMENT ON COLUMN legal_holds.from_on IS 'operational: First day (Japanese calendar day).';
COMMENT ON COLUMN legal_holds.to_on IS 'operational: Last day.';
COMMENT ON COLUMN legal_holds.patient_id IS 'identifier: The patient whom it is about, when one; the whole months are held all the same.';
COMMENT ON COLUMN legal_holds.staff_member_id IS 'operational: The staff member whom it is about, when one.';
COMMENT ON COLUMN legal_holds.reason IS 'operational: Why.';
COMMENT ON COLUMN legal_holds.created_at IS 'operational: When it began.';
COMMENT ON COLUMN legal_holds.created_by IS 'operational: Who began it.';
COMMENT ON COLUMN legal_holds.released_at IS 'operational: When it was released.';
COMMENT ON COLUMN legal_holds.released_by IS 'operational: Who released it.';
COMMENT ON COLUMN legal_holds.release_reason IS 'operational: Why it was released.';
ALTER TABLE legal_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE legal_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON legal_holds USING (true) WITH CHECK (true);
CREATE POLICY tenant ON legal_holds AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (released_at, released_by, release_reason) ON legal_holds TO tsumugi_app;

CREATE TABLE audit_archives (
    tenant_id uuid NOT NULL,
    month date NOT NULL,
    tree smallint NOT NULL,
    from_index bigint NOT NULL,
    to_index bigint NOT NULL,
    entries bigint NOT NULL,
    loose bigint NOT NULL,
    file text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL,
    dropped_at timestamptz,
    PRIMARY KEY (tenant_id, month, tree, from_index),
    FOREIGN KEY (tenant_id) REFERENCES tenants (tenant_id)
);
CREATE INDEX audit_archives_by_place ON audit_archives (tenant_id, tree, to_index);
COMMENT ON TABLE audit_archives IS 'The files into which old months of the access log went. A month has one for each network, more only where its places in the tree lie far apart.';
COMMENT ON COLUMN audit_archives.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN audit_archives.month IS 'operational: First day of the month, in Japan.';
COMMENT ON COLUMN audit_archives.tree IS 'operational: Which tree of the network the places are of.';
COMMENT ON COLUMN audit_archives.from_index IS 'operational: First place that is in the file.';
COMMENT ON COLUMN audit_archives.to_index IS 'operational: The place after the last one.';
COMMENT ON COLUMN audit_archives.entries IS 'operational: How many entries of the month with a place are in the file; neighbours of other months not counted.';
COMMENT ON COLUMN audit_archives.loose IS 'operational: How many entries of the month without a place are in the file.';
COMMENT ON COLUMN audit_archives.file IS 'operational: Name of the file, without folder.';
COMMENT ON COLUMN audit_archives.sha256 IS 'operational: SHA-256 of the file.';
COMMENT ON COLUMN audit_archives.created_at IS 'operational: When it was written and found to be right.';
COMMENT ON COLUMN audit_archives.dropped_at IS 'operational: When the month was taken out of the database.';
ALTER TABLE audit_archives ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_archives FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON audit_archives USING (true) WITH CHECK (true);
CREATE POLICY tenant ON audit_archives AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON audit_archives TO tsumugi_log;

-- The months that have a partition of their own, oldest first.
CREATE FUNCTION log_months() RETURNS SETOF date LANGUAGE sql STABLE AS $$
    SELECT to_date(right(part.relname, 7), 'YYYY_MM')
    FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
    WHERE inhparent = 'audit_events'::regclass AND part.relname ~ '^audit_events_[0-9]{4}_[0-9]{2}$'
    ORDER BY 1
$$;

-- Makes a partition of each month of which entries are kept without one. Looks at every network by itself: the owner is
-- held to the walls as well.
CREATE FUNCTION take_over_log_months() RETURNS SETOF date LANGUAGE plpgsql AS $$
DECLARE
    network uuid;
    day date;
    days date[] := '{}';
BEGIN
    FOR network IN SELECT tenant_id FROM tenants LOOP
        PERFORM set_config('app.tenant_id', network::text, true);
        days := days || ARRAY(
            SELECT date_trunc('month', at AT TIME ZONE 'Asia/Tokyo')::date FROM audit_events_other
            UNION SELECT date_trunc('month', at AT TIME ZONE 'Asia/Tokyo')::date FROM audit_event_patients_other);
    END LOOP;
    PERFORM set_config('app.tenant_id', '', true);
    FOR day IN SELECT DISTINCT unnest(days) ORDER BY 1 LOOP
        IF add_log_month(day) THEN RETURN NEXT day; END IF;
    END LOOP;
END $$;

-- Takes the partitions of a month out of the database, if no network holds it and every entry in them is in an archive:
-- all in one transaction, in which nobody can begin a hold or add an entry. Answers with what stands in the way, or with
-- nothing when it is done. Whoever writes waits meanwhile, as long as it takes to count the month.
CREATE FUNCTION drop_log_month(day date, dropped timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    starts date := date_trunc('month', day);
    ends date := (date_trunc('month', day) + interval '1 month - 1 day')::date;
    part text := 'audit_events' || to_char(day, '_YYYY_MM');
    named text := 'audit_event_patients' || to_char(day, '_YYYY_MM');
    network uuid;
    here bigint;
    kept bigint;
    obstacle text;
BEGIN
    -- Holds first, the log second, as a transaction that begins a hold does: neither can wait for the other for ever.
    LOCK TABLE legal_holds IN SHARE MODE;
    LOCK TABLE audit_events, audit_event_patients IN ACCESS EXCLUSIVE MODE;
    FOR network IN SELECT tenant_id FROM tenants LOOP
        PERFORM set_config('app.tenant_id', network::text, true);
        IF EXISTS (
            SELECT FROM legal_holds
            WHERE tenant_id = network AND released_at IS NULL AND from_on <= ends AND to_on >= starts
        ) THEN
            obstacle := 'held';
        END IF;
        EXECUTE format('SELECT count(*) FROM %I', part) INTO here;
        SELECT coalesce(sum(entries + loose), 0) INTO kept FROM audit_archives
        WHERE tenant_id = network AND month = starts AND dropped_at IS NULL;
        IF here <> kept THEN
            obstacle := coalesce(obstacle, 'not archived');
        END IF;
    END LOOP;
    IF obstacle IS NULL THEN
        FOR network IN SELECT tenant_id FROM tenants LOOP
            PERFORM set_config('app.tenant_id', network::text, true);
            UPDATE audit_archives SET dropped_at = dropped
            WHERE tenant_id = network AND month = starts AND dropped_at IS NULL;
        END LOOP;
        EXECUTE format('ALTER TABLE audit_events DETACH PARTITION %I', part);
        EXECUTE format('ALTER TABLE audit_event_patients DETACH PARTITION %I', named);
        EXECUTE format('DROP TABLE %I, %I', part, named);
    END IF;
    PERFORM set_config('app.tenant_id', '', true);
    RETURN obstacle;
END $$;
REVOKE EXECUTE ON FUNCTION log_months(), take_over_log_months(), drop_log_month(date, timestamptz) FROM PUBLIC;
