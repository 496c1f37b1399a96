-- Acknowledgement as responsibility: who is asked, by when, what becomes of it; and how people are told.
CREATE TABLE acknowledgement_asks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    post_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz,
    staff_member_id uuid,
    profession text,
    facility_id uuid,
    answer boolean NOT NULL,
    urgent boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'reminded', 'escalated', 'acknowledged', 'answered', 'withdrawn')),
    step smallint NOT NULL CHECK (step BETWEEN 0 AND 3),
    next_at timestamptz,
    reminded_at timestamptz,
    closed_at timestamptz,
    closed_by uuid,
    answer_post_id uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, asked_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, closed_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, answer_post_id) REFERENCES posts (tenant_id, id),
    CHECK (num_nonnulls(staff_member_id, profession, facility_id) >= 1),
    CHECK ((closed_at IS NULL) = (state IN ('asked', 'reminded', 'escalated')))
);
CREATE INDEX acknowledgement_asks_by_post ON acknowledgement_asks (tenant_id, post_id);
CREATE INDEX acknowledgement_asks_due ON acknowledgement_asks (tenant_id, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX acknowledgement_asks_by_asker ON acknowledgement_asks (tenant_id, asked_by, asked_at DESC, id DESC);
COMMENT ON TABLE acknowledgement_asks IS 'What somebody, a profession or a facility is asked to answer for (確認の依頼). One row for each duty.';
COMMENT ON COLUMN acknowledgement_asks.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN acknowledgement_asks.id IS 'operational: Identifier of the request.';
COMMENT ON COLUMN acknowledgement_asks.post_id IS 'operational: The post.';
COMMENT ON COLUMN acknowledgement_asks.patient_id IS 'identifier: The patient of the post.';
COMMENT ON COLUMN acknowledgement_asks.asked_by IS 'operational: Who asks.';
COMMENT ON COLUMN acknowledgement_asks.asked_at IS 'operational: When.';
COMMENT ON COLUMN acknowledgement_asks.due_at IS 'operational: By when; empty without a deadline.';
COMMENT ON COLUMN acknowledgement_asks.staff_member_id IS 'operational: Who is asked, when it is one person.';
COMMENT ON COLUMN acknowledgement_asks.profession IS 'operational: The profession that is asked, or through which the person is.';
COMMENT ON COLUMN acknowledgement_asks.facility_id IS 'operational: The facility that is asked, or through which the person is.';
COMMENT ON COLUMN acknowledgement_asks.answer IS 'operational: Whether a reply is asked for.';
COMMENT ON COLUMN acknowledgement_asks.urgent IS 'operational: Whether quiet hours do not count.';
COMMENT ON COLUMN acknowledgement_asks.state IS 'operational: Where it stands.';
COMMENT ON COLUMN acknowledgement_asks.step IS 'operational: What comes next: 0 the reminder, 1 the deputy, 2 the duty contact, 3 nothing.';
COMMENT ON COLUMN acknowledgement_asks.next_at IS 'operational: When it comes.';
COMMENT ON COLUMN acknowledgement_asks.reminded_at IS 'operational: When it was reminded of.';
COMMENT ON COLUMN acknowledgement_asks.closed_at IS 'operational: When it was acknowledged, answered or withdrawn.';
COMMENT ON COLUMN acknowledgement_asks.closed_by IS 'operational: By whom.';
COMMENT ON COLUMN acknowledgement_asks.answer_post_id IS 'operational: The reply, when one was asked for.';
ALTER TABLE acknowledgement_asks ENABLE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_asks FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON acknowledgement_asks USING (true) WITH CHECK (true);
CREATE POLICY tenant ON acknowledgement_asks AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (state, step, next_at, reminded_at, closed_at, closed_by, answer_post_id) ON acknowledgement_asks TO tsumugi_app;

-- Who was asked before this migration was asked by the author of the post; what was acknowledged is closed.
-- The owner is held to the walls as well; while rows are filled in, they are open to it.
ALTER TABLE acknowledgement_asks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_requests NO FORCE ROW LEVEL SECURITY;
ALTER TABLE acknowledgements NO FORCE ROW LEVEL SECURITY;
ALTER TABLE posts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE post_versions NO FORCE ROW LEVEL SECURITY;
INSERT INTO acknowledgement_asks (tenant_id, id, post_id, patient_id, asked_by, asked_at, due_at, staff_member_id,
    answer, urgent, state, step, closed_at, closed_by)
SELECT r.tenant_id, gen_random_uuid(), r.post_id, r.patient_id, coalesce(p.author_staff_id, r.staff_member_id), p.recorded_at, r.due_at,
    r.staff_member_id, false, false,
    CASE WHEN a.acknowledged_at IS NOT NULL THEN 'acknowledged' WHEN v.retracted THEN 'withdrawn' ELSE 'asked' END, 3,
    coalesce(a.acknowledged_at, CASE WHEN v.retracted THEN v.written_at END),
    CASE WHEN a.acknowledged_at IS NOT NULL THEN a.staff_member_id END
FROM acknowledgement_requests r
JOIN posts p ON p.tenant_id = r.tenant_id AND p.id = r.post_id
JOIN post_versions v ON v.tenant_id = p.tenant_id AND v.post_id = p.id AND v.version = p.version
LEFT JOIN acknowledgements a ON a.tenant_id = r.tenant_id AND a.post_id = r.post_id AND a.staff_member_id = r.staff_member_id;
ALTER TABLE acknowledgement_requests ADD COLUMN ask_id uuid;
ALTER TABLE acknowledgement_requests ADD COLUMN part text NOT NULL DEFAULT 'asked' CHECK (part IN ('asked', 'deputy', 'duty', 'told'));
ALTER TABLE acknowledgement_requests ADD COLUMN closed_at timestamptz;
UPDATE acknowledgement_requests r SET ask_id = a.id, closed_at = a.closed_at FROM acknowledgement_asks a
WHERE a.tenant_id = r.tenant_id AND a.post_id = r.post_id AND a.staff_member_id = r.staff_member_id;
ALTER TABLE acknowledgement_asks FORCE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE acknowledgements FORCE ROW LEVEL SECURITY;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
ALTER TABLE post_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_requests DROP CONSTRAINT acknowledgement_requests_pkey;
ALTER TABLE acknowledgement_requests ALTER COLUMN ask_id SET NOT NULL;
ALTER TABLE acknowledgement_requests ADD PRIMARY KEY (tenant_id, ask_id, staff_member_id);
ALTER TABLE acknowledgement_requests ADD FOREIGN KEY (tenant_id, ask_id) REFERENCES acknowledgement_asks (tenant_id, id);
ALTER TABLE acknowledgement_requests ALTER COLUMN part DROP DEFAULT;
DROP INDEX acknowledgement_requests_by_staff;
CREATE INDEX acknowledgement_requests_open ON acknowledgement_requests (tenant_id, staff_member_id, patient_id) WHERE closed_at IS NULL;
CREATE INDEX acknowledgement_requests_by_post ON acknowledgement_requests (tenant_id, post_id);
COMMENT ON TABLE acknowledgement_requests IS 'The people of a request to acknowledge, whom it went to first and whom later.';
COMMENT ON COLUMN acknowledgement_requests.ask_id IS 'operational: The request.';
COMMENT ON COLUMN acknowledgement_requests.part IS 'operational: Asked at first, as deputy, as duty contact, or as a duty contact who may not read the post and is only told.';
COMMENT ON COLUMN acknowledgement_requests.closed_at IS 'operational: When nothing was asked of the person any more.';
GRANT UPDATE (closed_at) ON acknowledgement_requests TO tsumugi_app;

CREATE TABLE acknowledgement_steps (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    ask_id uuid NOT NULL,
    post_id uuid NOT NULL,
    at timestamptz NOT NULL,
    what text NOT NULL CHECK (what IN ('reminded', 'deputy', 'duty', 'told', 'nobody', 'acknowledged', 'answered', 'withdrawn')),
    staff_member_id uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, ask_id) REFERENCES acknowledgement_asks (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX acknowledgement_steps_by_post ON acknowledgement_steps (tenant_id, post_id, at, id);
COMMENT ON TABLE acknowledgement_steps IS 'What became of a request to acknowledge, step by step. Rows are never changed.';
COMMENT ON COLUMN acknowledgement_steps.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN acknowledgement_steps.id IS 'operational: Identifier of the step.';
COMMENT ON COLUMN acknowledgement_steps.ask_id IS 'operational: The request.';
COMMENT ON COLUMN acknowledgement_steps.post_id IS 'operational: The post.';
COMMENT ON COLUMN acknowledgement_steps.at IS 'operational: When.';
COMMENT ON COLUMN acknowledgement_steps.what IS 'operational: What happened.';
COMMENT ON COLUMN acknowledgement_steps.staff_member_id IS 'operational: To whom it went, or who did it.';
ALTER TABLE acknowledgement_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE acknowledgement_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON acknowledgement_steps USING (true) WITH CHECK (true);
CREATE POLICY tenant ON acknowledgement_steps AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON acknowledgement_steps TO tsumugi_app;

CREATE TABLE duty_contacts (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    position smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
    staff_member_id uuid NOT NULL,
    weekdays smallint NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    from_minute smallint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute smallint NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, facility_id, position),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, set_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE duty_contacts IS 'Who of a facility is turned to, and when, if nobody answers (施設の当番).';
COMMENT ON COLUMN duty_contacts.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN duty_contacts.facility_id IS 'operational: The facility.';
COMMENT ON COLUMN duty_contacts.position IS 'operational: Who is turned to first has 1.';
COMMENT ON COLUMN duty_contacts.staff_member_id IS 'operational: Who.';
COMMENT ON COLUMN duty_contacts.weekdays IS 'operational: On which days: Monday 1, Tuesday 2, Wednesday 4 and so on, added.';
COMMENT ON COLUMN duty_contacts.from_minute IS 'operational: From which minute of the day in Japan.';
COMMENT ON COLUMN duty_contacts.to_minute IS 'operational: Until which minute; not after the first: on the next day.';
COMMENT ON COLUMN duty_contacts.set_by IS 'operational: Who entered it.';
COMMENT ON COLUMN duty_contacts.set_at IS 'operational: When.';
ALTER TABLE duty_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE duty_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON duty_contacts USING (true) WITH CHECK (true);
CREATE POLICY tenant ON duty_contacts AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON duty_contacts TO tsumugi_app;

CREATE TABLE notice_settings (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    choices jsonb NOT NULL,
    quiet_from smallint CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to smallint CHECK (quiet_to BETWEEN 0 AND 1439),
    digest_at smallint NOT NULL CHECK (digest_at BETWEEN 0 AND 1439),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);
COMMENT ON TABLE notice_settings IS 'How a person wants to be told (通知の設定).';
COMMENT ON COLUMN notice_settings.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN notice_settings.account_id IS 'account: Whose settings.';
COMMENT ON COLUMN notice_settings.choices IS 'account: By kind of notice: push, and mail at once, together or not.';
COMMENT ON COLUMN notice_settings.quiet_from IS 'account: From which minute of the day in Japan nothing is sent.';
COMMENT ON COLUMN notice_settings.quiet_to IS 'account: Until which.';
COMMENT ON COLUMN notice_settings.digest_at IS 'account: At which minute of the day mail goes out together.';
COMMENT ON COLUMN notice_settings.updated_at IS 'operational: When they were set.';
ALTER TABLE notice_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON notice_settings USING (true) WITH CHECK (true);
CREATE POLICY tenant ON notice_settings AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (choices, quiet_from, quiet_to, digest_at, updated_at) ON notice_settings TO tsumugi_app;

CREATE TABLE push_subscriptions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    digest bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, digest),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (tenant_id, account_id);
COMMENT ON TABLE push_subscriptions IS 'Where a browser of a person can be told something (プッシュ通知).';
COMMENT ON COLUMN push_subscriptions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN push_subscriptions.id IS 'account: Identifier, chosen by the device.';
COMMENT ON COLUMN push_subscriptions.account_id IS 'account: Whose browser.';
COMMENT ON COLUMN push_subscriptions.digest IS 'account: Keyed digest of the address.';
COMMENT ON COLUMN push_subscriptions.sealed IS 'account: Address and keys, sealed.';
COMMENT ON COLUMN push_subscriptions.created_at IS 'operational: When.';
ALTER TABLE push_subscriptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_subscriptions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON push_subscriptions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON push_subscriptions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON push_subscriptions TO tsumugi_app;

CREATE TABLE notices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    about_id uuid NOT NULL,
    patient_id uuid,
    created_at timestamptz NOT NULL,
    push_at timestamptz,
    mail_at timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    done_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id, kind, about_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id)
);
CREATE INDEX notices_to_push ON notices (tenant_id, push_at) WHERE push_at IS NOT NULL;
CREATE INDEX notices_to_mail ON notices (tenant_id, mail_at) WHERE mail_at IS NOT NULL;
CREATE INDEX notices_open ON notices (tenant_id, staff_member_id, created_at DESC, id DESC) WHERE done_at IS NULL;
CREATE INDEX notices_about ON notices (tenant_id, about_id);
COMMENT ON TABLE notices IS 'What a person is to be told of. Holds ids only.';
COMMENT ON COLUMN notices.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN notices.id IS 'operational: Identifier.';
COMMENT ON COLUMN notices.account_id IS 'account: Who is told.';
COMMENT ON COLUMN notices.staff_member_id IS 'operational: For which post.';
COMMENT ON COLUMN notices.kind IS 'operational: Kind of notice.';
COMMENT ON COLUMN notices.about IS 'operational: What kind of thing it is about.';
COMMENT ON COLUMN notices.about_id IS 'operational: Which.';
COMMENT ON COLUMN notices.patient_id IS 'identifier: The patient, when it is about one.';
COMMENT ON COLUMN notices.created_at IS 'operational: When.';
COMMENT ON COLUMN notices.push_at IS 'operational: When it is to be pushed; empty when it is not, or was.';
COMMENT ON COLUMN notices.mail_at IS 'operational: When it is to be mailed; empty when it is not, or was.';
COMMENT ON COLUMN notices.attempts IS 'operational: How often pushing was tried.';
COMMENT ON COLUMN notices.done_at IS 'operational: When there was nothing to be done about it any more.';
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON notices USING (true) WITH CHECK (true);
CREATE POLICY tenant ON notices AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE, UPDATE (push_at, mail_at, attempts, done_at) ON notices TO tsumugi_app;
