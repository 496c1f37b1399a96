-- What a post is beside its text: whom it names, which conversation it belongs to, for whom it was entered, which wound it
-- is about, what people answered with one touch, and what stays on top.
ALTER TABLE posts DROP CONSTRAINT posts_channel_check;
ALTER TABLE posts ADD CONSTRAINT posts_channel_check CHECK (channel IN ('team', 'medical', 'family', 'sensitive', 'named'));
ALTER TABLE posts
    ADD COLUMN thread_id uuid,
    ADD COLUMN on_behalf_of uuid,
    ADD COLUMN mentioned_staff uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN mentioned_professions text[] NOT NULL DEFAULT '{}',
    ADD COLUMN wound_site text,
    ADD COLUMN wound_label text,
    ADD FOREIGN KEY (tenant_id, thread_id) REFERENCES posts (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, on_behalf_of) REFERENCES staff_members (tenant_id, id),
    ADD CHECK (on_behalf_of <> author_staff_id),
    ADD CHECK (wound_label IS NULL OR wound_site IS NOT NULL),
    ADD CHECK (wound_site IS NULL OR kind = 'wound');
-- The owner is held to the walls as well; while rows are filled in, they are open to it.
ALTER TABLE posts NO FORCE ROW LEVEL SECURITY;
WITH RECURSIVE threads (tenant_id, id, thread_id) AS (
    SELECT tenant_id, id, id FROM posts WHERE reply_to IS NULL
    UNION ALL
    SELECT posts.tenant_id, posts.id, threads.thread_id FROM posts
        JOIN threads ON threads.tenant_id = posts.tenant_id AND threads.id = posts.reply_to
)
UPDATE posts SET thread_id = threads.thread_id FROM threads
    WHERE threads.tenant_id = posts.tenant_id AND threads.id = posts.id AND posts.reply_to IS NOT NULL;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;
ALTER TABLE posts ADD CHECK ((thread_id IS NULL) = (reply_to IS NULL));
COMMENT ON COLUMN posts.thread_id IS 'operational: The post that the conversation began with, for what answers.';
COMMENT ON COLUMN posts.on_behalf_of IS 'operational: For whom the author entered it (代行入力); that person approves it.';
COMMENT ON COLUMN posts.mentioned_staff IS 'operational: The people whom it mentions.';
COMMENT ON COLUMN posts.mentioned_professions IS 'operational: The professions that it mentions.';
COMMENT ON COLUMN posts.wound_site IS 'clinical: Where on the body the wound is that it is about.';
COMMENT ON COLUMN posts.wound_label IS 'clinical: What the team calls this wound, to tell two of one site apart.';
CREATE INDEX posts_threads ON posts (tenant_id, thread_id, recorded_at, id) WHERE thread_id IS NOT NULL;
CREATE INDEX posts_wounds ON posts (tenant_id, patient_id, observed_at DESC, id DESC) WHERE wound_site IS NOT NULL;
CREATE INDEX posts_on_behalf ON posts (tenant_id, on_behalf_of, recorded_at DESC, id DESC) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX posts_entered ON posts (tenant_id, author_staff_id, recorded_at DESC, id DESC) WHERE on_behalf_of IS NOT NULL;

CREATE TABLE post_recipients (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, post_id, staff_member_id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE post_recipients IS 'Who may read a post for named people (指名), beside its author. Rows are never changed.';
COMMENT ON COLUMN post_recipients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_recipients.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_recipients.staff_member_id IS 'operational: Who may read it, while on the care team.';
ALTER TABLE post_recipients ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_recipients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_recipients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_recipients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON post_recipients TO tsumugi_app;

CREATE TABLE post_reactions (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    reaction text NOT NULL CHECK (reaction IN ('noted', 'thanks', 'will_visit', 'will_call', 'will_handle')),
    reacted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, post_id, staff_member_id, reaction),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE post_reactions IS 'What people answer to a post with one touch. Not an acknowledgement; who takes it back leaves only the log.';
COMMENT ON COLUMN post_reactions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_reactions.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_reactions.staff_member_id IS 'operational: Who reacted.';
COMMENT ON COLUMN post_reactions.reaction IS 'clinical: What they say: noted, thanks, will_visit, will_call, will_handle.';
COMMENT ON COLUMN post_reactions.reacted_at IS 'operational: When.';
ALTER TABLE post_reactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_reactions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_reactions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_reactions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON post_reactions TO tsumugi_app;

CREATE TABLE post_pins (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    post_id uuid NOT NULL,
    pinned_by uuid NOT NULL,
    pinned_at timestamptz NOT NULL,
    unpinned_by uuid,
    unpinned_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, pinned_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, unpinned_by) REFERENCES staff_members (tenant_id, id),
    CHECK ((unpinned_by IS NULL) = (unpinned_at IS NULL))
);
CREATE UNIQUE INDEX post_pins_standing ON post_pins (tenant_id, post_id) WHERE unpinned_at IS NULL;
CREATE INDEX post_pins_of_patient ON post_pins (tenant_id, patient_id, pinned_at DESC) WHERE unpinned_at IS NULL;
COMMENT ON TABLE post_pins IS 'Posts that stay on top of a timeline, with who put and who took them there.';
COMMENT ON COLUMN post_pins.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_pins.id IS 'operational: Identifier of the pin.';
COMMENT ON COLUMN post_pins.patient_id IS 'identifier: Whose timeline.';
COMMENT ON COLUMN post_pins.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_pins.pinned_by IS 'operational: Who put it on top.';
COMMENT ON COLUMN post_pins.pinned_at IS 'operational: When.';
COMMENT ON COLUMN post_pins.unpinned_by IS 'operational: Who took it down.';
COMMENT ON COLUMN post_pins.unpinned_at IS 'operational: When; empty while it is on top.';
ALTER TABLE post_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_pins FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_pins USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_pins AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (unpinned_by, unpinned_at) ON post_pins TO tsumugi_app;

CREATE TABLE post_approvals (
    tenant_id uuid NOT NULL,
    post_id uuid NOT NULL,
    version integer NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approved', 'returned')),
    reason text,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (tenant_id, post_id, version),
    FOREIGN KEY (tenant_id, post_id, version) REFERENCES post_versions (tenant_id, post_id, version),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES staff_members (tenant_id, id),
    CHECK ((decision = 'returned') = (reason IS NOT NULL))
);
COMMENT ON TABLE post_approvals IS 'What the person for whom a post was entered says to a version of it (代行入力の承認). Rows are never changed.';
COMMENT ON COLUMN post_approvals.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_approvals.post_id IS 'operational: The post.';
COMMENT ON COLUMN post_approvals.version IS 'operational: The version that was looked at; a newer one waits again.';
COMMENT ON COLUMN post_approvals.decision IS 'clinical: What was decided: approved or returned.';
COMMENT ON COLUMN post_approvals.reason IS 'clinical: Why it was returned.';
COMMENT ON COLUMN post_approvals.decided_by IS 'operational: Who decided.';
COMMENT ON COLUMN post_approvals.decided_at IS 'operational: When.';
COMMENT ON COLUMN post_approvals.digest IS 'operational: SHA-256 of what the version said, as evidence of what was approved.';
ALTER TABLE post_approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_approvals USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_approvals AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON post_approvals TO tsumugi_app;

CREATE TABLE post_templates (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid,
    profession text,
    kind text NOT NULL CHECK (kind IN
        ('note', 'vitals', 'medication', 'wound', 'visit_report', 'urgent', 'end_of_life', 'notice')),
    title text NOT NULL,
    body text NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    kept_by uuid NOT NULL,
    kept_at timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, kept_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX post_templates_standing ON post_templates (tenant_id, facility_id, title) WHERE removed_at IS NULL;
COMMENT ON TABLE post_templates IS 'Texts to begin a post with (ひな形), of the network or of one facility. They name no patient.';
COMMENT ON COLUMN post_templates.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN post_templates.id IS 'operational: Identifier of the template.';
COMMENT ON COLUMN post_templates.facility_id IS 'operational: The facility whose people use it; empty: everybody of the network.';
COMMENT ON COLUMN post_templates.profession IS 'operational: The profession that it is for; empty: every one.';
COMMENT ON COLUMN post_templates.kind IS 'operational: The kind of post that it begins.';
COMMENT ON COLUMN post_templates.title IS 'operational: What it is called.';
COMMENT ON COLUMN post_templates.body IS 'operational: The text.';
COMMENT ON COLUMN post_templates.version IS 'operational: Counts the changes from 1.';
COMMENT ON COLUMN post_templates.kept_by IS 'operational: Who wrote or changed it last.';
COMMENT ON COLUMN post_templates.kept_at IS 'operational: When.';
COMMENT ON COLUMN post_templates.removed_at IS 'operational: When it was taken out of use.';
ALTER TABLE post_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE post_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON post_templates USING (true) WITH CHECK (true);
CREATE POLICY tenant ON post_templates AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (profession, kind, title, body, version, kept_by, kept_at, removed_at) ON post_templates TO tsumugi_app;
