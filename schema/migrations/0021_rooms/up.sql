-- Rooms and direct messages, and what is passed round.
CREATE TABLE rooms (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('facility', 'committee', 'regional', 'free', 'direct')),
    name text,
    purpose text,
    history text NOT NULL CHECK (history IN ('all', 'from_joining')),
    facility_id uuid,
    one uuid,
    other uuid,
    last_seq bigint NOT NULL CHECK (last_seq >= 0),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    archived_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, one) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, other) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES staff_members (tenant_id, id),
    CHECK (kind <> 'facility' OR facility_id IS NOT NULL),
    CHECK (kind <> 'direct' OR (one IS NOT NULL AND other IS NOT NULL)),
    CHECK (kind = 'direct' OR name IS NOT NULL),
    CHECK (one < other)
);
CREATE UNIQUE INDEX rooms_direct ON rooms (tenant_id, one, other) WHERE kind = 'direct';
COMMENT ON TABLE rooms IS 'A place to talk that is about no patient (ルーム): of a facility, a committee, the region, free, or between two people.';
COMMENT ON COLUMN rooms.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN rooms.id IS 'operational: Identifier, chosen by the device of whoever opened it.';
COMMENT ON COLUMN rooms.kind IS 'operational: Of a facility, a committee, the region, free, or direct between two people.';
COMMENT ON COLUMN rooms.name IS 'operational: Name; none between two people.';
COMMENT ON COLUMN rooms.purpose IS 'operational: What it is for, as its members read it.';
COMMENT ON COLUMN rooms.history IS 'operational: Whether members read what was said before they joined.';
COMMENT ON COLUMN rooms.facility_id IS 'operational: The facility, for the room of one.';
COMMENT ON COLUMN rooms.one IS 'operational: The one of two people.';
COMMENT ON COLUMN rooms.other IS 'operational: The other of two people.';
COMMENT ON COLUMN rooms.last_seq IS 'operational: Number of the newest message; each takes the next, so that their order is that of the server.';
COMMENT ON COLUMN rooms.created_by IS 'operational: Who opened it.';
COMMENT ON COLUMN rooms.created_at IS 'operational: When.';
COMMENT ON COLUMN rooms.archived_at IS 'operational: Since when nothing can be written any more; empty while it is used.';
ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
ALTER TABLE rooms FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON rooms USING (true) WITH CHECK (true);
CREATE POLICY tenant ON rooms AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (name, purpose, history, last_seq, archived_at) ON rooms TO tsumugi_app;

CREATE TABLE room_members (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    responsible boolean NOT NULL,
    starts_at timestamptz NOT NULL,
    added_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, room_id) REFERENCES rooms (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, added_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX room_members_once ON room_members (tenant_id, room_id, staff_member_id) WHERE ended_at IS NULL;
CREATE INDEX room_members_by_staff ON room_members (tenant_id, staff_member_id) WHERE ended_at IS NULL;
COMMENT ON TABLE room_members IS 'Who is in a room by name, from a moment to a moment.';
COMMENT ON COLUMN room_members.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN room_members.id IS 'operational: Identifier, chosen by the caller.';
COMMENT ON COLUMN room_members.room_id IS 'operational: The room.';
COMMENT ON COLUMN room_members.staff_member_id IS 'operational: The member.';
COMMENT ON COLUMN room_members.responsible IS 'operational: Whether the member looks after the room (責任者).';
COMMENT ON COLUMN room_members.starts_at IS 'operational: Since when.';
COMMENT ON COLUMN room_members.added_by IS 'operational: Who added the member.';
COMMENT ON COLUMN room_members.ended_at IS 'operational: Until when; empty while it lasts.';
COMMENT ON COLUMN room_members.ended_by IS 'operational: Who ended it: the member, or whoever looks after the room.';
ALTER TABLE room_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE room_members FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON room_members USING (true) WITH CHECK (true);
CREATE POLICY tenant ON room_members AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (responsible, ended_at, ended_by) ON room_members TO tsumugi_app;

CREATE TABLE room_rules (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    facility_id uuid,
    profession text,
    starts_at timestamptz NOT NULL,
    added_by uuid NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, room_id) REFERENCES rooms (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facilities (tenant_id, id),
    FOREIGN KEY (tenant_id, added_by) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX room_rules_by_room ON room_rules (tenant_id, room_id) WHERE ended_at IS NULL;
COMMENT ON TABLE room_rules IS 'Who is in a room by post: everybody of a profession, a facility, or both, as long as the post is held.';
COMMENT ON COLUMN room_rules.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN room_rules.id IS 'operational: Identifier, chosen by the caller.';
COMMENT ON COLUMN room_rules.room_id IS 'operational: The room.';
COMMENT ON COLUMN room_rules.facility_id IS 'operational: The facility; any when empty.';
COMMENT ON COLUMN room_rules.profession IS 'operational: Code of the profession; any when empty.';
COMMENT ON COLUMN room_rules.starts_at IS 'operational: Since when.';
COMMENT ON COLUMN room_rules.added_by IS 'operational: Who added it.';
COMMENT ON COLUMN room_rules.ended_at IS 'operational: Until when; empty while it lasts.';
COMMENT ON COLUMN room_rules.ended_by IS 'operational: Who ended it.';
ALTER TABLE room_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE room_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON room_rules USING (true) WITH CHECK (true);
CREATE POLICY tenant ON room_rules AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON room_rules TO tsumugi_app;

CREATE TABLE messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    author_id uuid NOT NULL,
    reply_to uuid,
    recorded_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    state text NOT NULL CHECK (state IN ('kept', 'retracted', 'moved')),
    acknowledge_by timestamptz,
    asks boolean NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, room_id) REFERENCES rooms (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES staff_members (tenant_id, id),
    FOREIGN KEY (tenant_id, reply_to) REFERENCES messages (tenant_id, id)
);
CREATE UNIQUE INDEX messages_in_order ON messages (tenant_id, room_id, seq);
COMMENT ON TABLE messages IS 'What somebody said in a room. What it says is in its versions.';
COMMENT ON COLUMN messages.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN messages.id IS 'operational: Identifier, chosen by the author''s device.';
COMMENT ON COLUMN messages.room_id IS 'operational: The room.';
COMMENT ON COLUMN messages.seq IS 'operational: Number in the room, in the order in which the server took messages in.';
COMMENT ON COLUMN messages.author_id IS 'operational: The author.';
COMMENT ON COLUMN messages.reply_to IS 'operational: The message that it answers.';
COMMENT ON COLUMN messages.recorded_at IS 'operational: When the server took it in.';
COMMENT ON COLUMN messages.version IS 'operational: Number of the newest version.';
COMMENT ON COLUMN messages.state IS 'operational: Kept, taken back, or moved to the timeline of a patient.';
COMMENT ON COLUMN messages.acknowledge_by IS 'operational: By when it is to be acknowledged; empty without a deadline.';
COMMENT ON COLUMN messages.asks IS 'operational: Whether somebody was asked to acknowledge it.';
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON messages USING (true) WITH CHECK (true);
CREATE POLICY tenant ON messages AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (version, state) ON messages TO tsumugi_app;

CREATE TABLE message_versions (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    version integer NOT NULL,
    body text,
    mentions uuid[] NOT NULL,
    mentions_everyone boolean NOT NULL,
    reason text,
    state text NOT NULL CHECK (state IN ('kept', 'retracted', 'moved')),
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_id, version),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, written_by) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE message_versions IS 'What a message said, version by version. Rows are never changed.';
COMMENT ON COLUMN message_versions.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN message_versions.message_id IS 'operational: The message.';
COMMENT ON COLUMN message_versions.version IS 'operational: Number: 1, 2, 3 and so on.';
COMMENT ON COLUMN message_versions.body IS 'clinical: Text as written; people write about patients where they should not.';
COMMENT ON COLUMN message_versions.mentions IS 'operational: Who is mentioned.';
COMMENT ON COLUMN message_versions.mentions_everyone IS 'operational: Whether everybody of the room is mentioned.';
COMMENT ON COLUMN message_versions.reason IS 'clinical: Why this version was written; empty for the first.';
COMMENT ON COLUMN message_versions.state IS 'operational: Whether this version says something, takes the message back, or moves it to a timeline.';
COMMENT ON COLUMN message_versions.written_by IS 'operational: Who wrote it.';
COMMENT ON COLUMN message_versions.written_at IS 'operational: When it was taken in.';
ALTER TABLE message_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON message_versions USING (true) WITH CHECK (true);
CREATE POLICY tenant ON message_versions AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON message_versions TO tsumugi_app;

CREATE TABLE message_moves (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    post_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    moved_by uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, post_id) REFERENCES posts (tenant_id, id),
    FOREIGN KEY (tenant_id, patient_id) REFERENCES patients (tenant_id, id),
    FOREIGN KEY (tenant_id, moved_by) REFERENCES staff_members (tenant_id, id)
);
CREATE UNIQUE INDEX message_moves_by_post ON message_moves (tenant_id, post_id);
COMMENT ON TABLE message_moves IS 'Which message became which post on a patients timeline.';
COMMENT ON COLUMN message_moves.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN message_moves.message_id IS 'operational: The message.';
COMMENT ON COLUMN message_moves.post_id IS 'operational: The post that it became.';
COMMENT ON COLUMN message_moves.patient_id IS 'identifier: Whose timeline the post is on.';
COMMENT ON COLUMN message_moves.moved_by IS 'operational: Who moved it.';
COMMENT ON COLUMN message_moves.moved_at IS 'operational: When.';
ALTER TABLE message_moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_moves FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON message_moves USING (true) WITH CHECK (true);
CREATE POLICY tenant ON message_moves AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON message_moves TO tsumugi_app;

CREATE TABLE message_acknowledgement_requests (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, message_id, staff_member_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX message_acknowledgement_requests_by_staff ON message_acknowledgement_requests (tenant_id, staff_member_id, message_id);
COMMENT ON TABLE message_acknowledgement_requests IS 'Who was asked to acknowledge a message.';
COMMENT ON COLUMN message_acknowledgement_requests.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN message_acknowledgement_requests.message_id IS 'operational: The message.';
COMMENT ON COLUMN message_acknowledgement_requests.staff_member_id IS 'operational: Who was asked.';
ALTER TABLE message_acknowledgement_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_acknowledgement_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON message_acknowledgement_requests USING (true) WITH CHECK (true);
CREATE POLICY tenant ON message_acknowledgement_requests AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON message_acknowledgement_requests TO tsumugi_app;

CREATE TABLE message_acknowledgements (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, message_id, staff_member_id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE message_acknowledgements IS 'Who has read a message and takes it (確認).';
COMMENT ON COLUMN message_acknowledgements.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN message_acknowledgements.message_id IS 'operational: The message.';
COMMENT ON COLUMN message_acknowledgements.staff_member_id IS 'operational: Who acknowledged.';
COMMENT ON COLUMN message_acknowledgements.acknowledged_at IS 'operational: When.';
ALTER TABLE message_acknowledgements ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_acknowledgements FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON message_acknowledgements USING (true) WITH CHECK (true);
CREATE POLICY tenant ON message_acknowledgements AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON message_acknowledgements TO tsumugi_app;

CREATE TABLE room_read_marks (
    tenant_id uuid NOT NULL,
    room_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    read_seq bigint NOT NULL,
    PRIMARY KEY (tenant_id, room_id, staff_member_id),
    FOREIGN KEY (tenant_id, room_id) REFERENCES rooms (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
COMMENT ON TABLE room_read_marks IS 'How far a member has read a room (既読). It only moves forward.';
COMMENT ON COLUMN room_read_marks.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN room_read_marks.room_id IS 'operational: The room.';
COMMENT ON COLUMN room_read_marks.staff_member_id IS 'operational: The reader.';
COMMENT ON COLUMN room_read_marks.read_seq IS 'operational: Every message up to this number has been read.';
ALTER TABLE room_read_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE room_read_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON room_read_marks USING (true) WITH CHECK (true);
CREATE POLICY tenant ON room_read_marks AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (read_seq) ON room_read_marks TO tsumugi_app;

CREATE TABLE announcements (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    wide boolean NOT NULL,
    audience jsonb NOT NULL,
    author_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    confirm_by timestamptz,
    reminded_at timestamptz,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX announcements_by_author ON announcements (tenant_id, author_id, recorded_at DESC, id DESC);
CREATE INDEX announcements_due ON announcements (tenant_id, confirm_by) WHERE reminded_at IS NULL AND withdrawn_at IS NULL;
COMMENT ON TABLE announcements IS 'What is passed round (回覧), to be confirmed by everybody whom it was sent to.';
COMMENT ON COLUMN announcements.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN announcements.id IS 'operational: Identifier, chosen by the author''s device.';
COMMENT ON COLUMN announcements.title IS 'operational: What it is about.';
COMMENT ON COLUMN announcements.body IS 'operational: What it says.';
COMMENT ON COLUMN announcements.wide IS 'operational: Whether it went beyond the author''s own facility and rooms.';
COMMENT ON COLUMN announcements.audience IS 'operational: Whom it was sent to, as the author chose: facilities, professions, rooms.';
COMMENT ON COLUMN announcements.author_id IS 'operational: Who sent it.';
COMMENT ON COLUMN announcements.recorded_at IS 'operational: When the server took it in.';
COMMENT ON COLUMN announcements.confirm_by IS 'operational: By when it is to be confirmed; empty without a deadline.';
COMMENT ON COLUMN announcements.reminded_at IS 'operational: When those who had not confirmed were reminded last.';
COMMENT ON COLUMN announcements.withdrawn_at IS 'operational: When it was withdrawn.';
COMMENT ON COLUMN announcements.withdrawal_reason IS 'operational: Why.';
ALTER TABLE announcements ENABLE ROW LEVEL SECURITY;
ALTER TABLE announcements FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON announcements USING (true) WITH CHECK (true);
CREATE POLICY tenant ON announcements AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (reminded_at, withdrawn_at, withdrawal_reason) ON announcements TO tsumugi_app;

CREATE TABLE announcement_recipients (
    tenant_id uuid NOT NULL,
    announcement_id uuid NOT NULL,
    staff_member_id uuid NOT NULL,
    confirmed_at timestamptz,
    PRIMARY KEY (tenant_id, announcement_id, staff_member_id),
    FOREIGN KEY (tenant_id, announcement_id) REFERENCES announcements (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_member_id) REFERENCES staff_members (tenant_id, id)
);
CREATE INDEX announcement_recipients_by_staff ON announcement_recipients (tenant_id, staff_member_id, announcement_id);
COMMENT ON TABLE announcement_recipients IS 'Whom an announcement was sent to, and who has confirmed it.';
COMMENT ON COLUMN announcement_recipients.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN announcement_recipients.announcement_id IS 'operational: The announcement.';
COMMENT ON COLUMN announcement_recipients.staff_member_id IS 'operational: To whom.';
COMMENT ON COLUMN announcement_recipients.confirmed_at IS 'operational: When it was confirmed; empty until then.';
ALTER TABLE announcement_recipients ENABLE ROW LEVEL SECURITY;
ALTER TABLE announcement_recipients FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON announcement_recipients USING (true) WITH CHECK (true);
CREATE POLICY tenant ON announcement_recipients AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE (confirmed_at) ON announcement_recipients TO tsumugi_app;

ALTER TABLE events ADD COLUMN room_id uuid;
ALTER TABLE events ADD COLUMN message_id uuid;
ALTER TABLE events ADD COLUMN announcement_id uuid;
COMMENT ON COLUMN events.room_id IS 'operational: The room in which something happened.';
COMMENT ON COLUMN events.message_id IS 'operational: The message concerned.';
COMMENT ON COLUMN events.announcement_id IS 'operational: The announcement concerned.';

CREATE TABLE message_attachments (
    tenant_id uuid NOT NULL,
    message_id uuid NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    attachment_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, message_id, version, place),
    UNIQUE (tenant_id, attachment_id, message_id, version),
    FOREIGN KEY (tenant_id, message_id, version) REFERENCES message_versions (tenant_id, message_id, version),
    FOREIGN KEY (tenant_id, attachment_id) REFERENCES attachments (tenant_id, id)
);
COMMENT ON TABLE message_attachments IS 'Which files a version of a message shows, in their order. Rows are never changed.';
COMMENT ON COLUMN message_attachments.tenant_id IS 'operational: The regional network that owns the row.';
COMMENT ON COLUMN message_attachments.message_id IS 'operational: The message.';
COMMENT ON COLUMN message_attachments.version IS 'operational: The version.';
COMMENT ON COLUMN message_attachments.place IS 'operational: Its place among them, from 0.';
COMMENT ON COLUMN message_attachments.attachment_id IS 'operational: The file.';
ALTER TABLE message_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE message_attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY rows ON message_attachments USING (true) WITH CHECK (true);
CREATE POLICY tenant ON message_attachments AS RESTRICTIVE
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
    WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON message_attachments TO tsumugi_app;
