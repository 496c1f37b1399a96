-- People, patients and timelines for the load, in the network :slug, beside its own. Run as tsumugi_owner with
-- -v slug=… -v people=… -v patients=… -v posts=… ; the numbers in the identifiers are those that read.sql and write.sql count with.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT set_config('app.tenant_id', tenant_id::text, false) AS tenant FROM tenants WHERE slug = :'slug'
\gset
SELECT id AS client, facility_id AS sender FROM clients ORDER BY id LIMIT 1
\gset
SELECT id AS registrar FROM staff_members WHERE profession = 'nurse' ORDER BY id LIMIT 1
\gset
SELECT password_phc AS phc FROM accounts WHERE password_phc IS NOT NULL ORDER BY id LIMIT 1
\gset

BEGIN;

CREATE FUNCTION pg_temp.load_id(kind int, n int) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT ('0190000000007000800000' || lpad(kind::text, 4, '0') || (100000 + n)::text)::uuid $$;
CREATE FUNCTION pg_temp.post_id(patient int, post int) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT ('01900000000070' || (100000000000000000 + post::bigint * 1000000 + patient)::text)::uuid $$;

-- Five facilities with ten people each, all of them of professions that read everything. Beyond the fifty come those who
-- only try to sign in.
INSERT INTO facilities (tenant_id, id, name, kind, created_at)
SELECT :'tenant', pg_temp.load_id(5, n), '負荷測定ステーション' || n, 'visiting_nursing_station', now()
FROM generate_series(0, 4) AS n;

INSERT INTO persons (tenant_id, id, name, kana, created_at)
SELECT :'tenant', pg_temp.load_id(2, n), '負荷 太郎' || n, 'フカ タロウ', now()
FROM generate_series(0, :people - 1) AS n;

INSERT INTO staff_members (tenant_id, id, person_id, facility_id, name, kana, search_text, sort_key, profession, starts_on, created_at)
SELECT :'tenant', pg_temp.load_id(2, n), pg_temp.load_id(2, n), pg_temp.load_id(5, n / 5 % 5), '負荷 太郎' || n, 'フカ タロウ', '負荷太郎' || n,
    'フカタロウ' || n, 'nurse', '2020-04-01', now()
FROM generate_series(0, :people - 1) AS n;

INSERT INTO accounts (tenant_id, id, login_name, password_phc, role, staff_member_id, person_id, created_at)
SELECT :'tenant', pg_temp.load_id(3, n), 'load-' || n, :'phc', 'staff', pg_temp.load_id(2, n), pg_temp.load_id(2, n), now()
FROM generate_series(0, :people - 1) AS n;

-- Seeds of one-time codes are sealed for their account, so that the load signs in with a temporary code each: T-LOAD-n.
INSERT INTO temporary_codes (tenant_id, id, account_id, digest, reason, issued_at, issued_by, expires_at)
SELECT :'tenant', pg_temp.load_id(7, n), pg_temp.load_id(3, n), sha256(('TLOAD' || n)::bytea), '負荷測定', now(), :'registrar',
    now() + interval '1 day'
FROM generate_series(0, :people - 1) AS n;

-- Ten of the fifty look after each patient, two of each facility; the patient has agreed to all of it.
INSERT INTO patients (tenant_id, id, name, kana, search_text, sort_key, birth_date, sex, address, facility_id, registered_at,
    registered_by)
SELECT :'tenant', pg_temp.load_id(1, i), '測定 花子' || i, 'ソクテイ ハナコ', '測定花子' || i, 'ソクテイハナコ' || i,
    '1940-01-01'::date + i, 'female', '島根県出雲市', :'sender', now(), :'registrar'
FROM generate_series(0, :patients - 1) AS i;

INSERT INTO consents (tenant_id, id, patient_id, granted_on, granted_by, method, recorded_at, recorded_by, sensitive, separate)
SELECT :'tenant', pg_temp.load_id(6, i), pg_temp.load_id(1, i), '2024-04-01', 'patient', 'paper', now(), :'registrar', '{}', '{}'
FROM generate_series(0, :patients - 1) AS i;

CREATE TEMPORARY TABLE team AS
SELECT i, k, (i * 7 + k * 5) % 50 AS staff FROM generate_series(0, :patients - 1) AS i, generate_series(0, 9) AS k;

INSERT INTO care_team_members (tenant_id, id, patient_id, staff_member_id, starts_on, created_at, created_by)
SELECT :'tenant', gen_random_uuid(), pg_temp.load_id(1, i), pg_temp.load_id(2, staff), '2024-04-01', now(), :'registrar'
FROM team;

INSERT INTO read_marks (tenant_id, staff_member_id, patient_id, read_until)
SELECT :'tenant', pg_temp.load_id(2, staff), pg_temp.load_id(1, i), now() - interval '2 days' FROM team;

CREATE TEMPORARY TABLE entry AS
SELECT i, j, pg_temp.post_id(i, j) AS id, (i * 7 + ((i + j * 3) % 10) * 5) % 50 AS author,
    CASE WHEN j % 50 = 30 THEN 'document' WHEN j % 5 = 2 THEN 'vitals' ELSE 'note' END AS kind,
    CASE WHEN j % 10 = 9 THEN 'medical' ELSE 'team' END AS channel,
    now() - (:posts - j + 1) * interval '7 hours' - i * interval '1 second' AS at
FROM generate_series(0, :patients - 1) AS i, generate_series(1, :posts) AS j;

INSERT INTO documents (tenant_id, id, patient_id, client_id, facility_id, kind, title, type_code, type_label, authored_at,
    author_name, institution_name, digest, original, content, excerpt, received_at, post_id)
SELECT :'tenant', id, pg_temp.load_id(1, i), :'client', :'sender', 'discharge_summary', '退院時サマリー', '18842-5',
    '退院時サマリー', at, '測定 医師', '測定病院', sha256(id::text::bytea), '{}'::bytea, '{}'::jsonb,
    '肺炎にて入院。抗菌薬治療により軽快し退院。今後は在宅での服薬管理と嚥下の観察を継続。', at, id
FROM entry WHERE kind = 'document';

INSERT INTO posts (tenant_id, id, patient_id, kind, channel, author_staff_id, author_client_id, facility_id, reply_to,
    thread_id, observed_at, recorded_at, version)
SELECT :'tenant', id, pg_temp.load_id(1, i), kind, channel,
    CASE WHEN kind <> 'document' THEN pg_temp.load_id(2, author) END, CASE WHEN kind = 'document' THEN :'client'::uuid END,
    CASE WHEN kind = 'document' THEN :'sender'::uuid ELSE pg_temp.load_id(5, author / 5 % 5) END,
    answered, answered, at, at, 1
FROM (SELECT *, CASE WHEN j % 10 IN (3, 8) THEN pg_temp.post_id(i, j - 2) END AS answered FROM entry) AS entry
ORDER BY j, i;

INSERT INTO post_versions (tenant_id, post_id, version, body, vitals, document_id, retracted, written_by_staff,
    written_by_client, written_at)
SELECT :'tenant', id, 1,
    CASE WHEN kind <> 'document' THEN (ARRAY[
        '本日訪問。体温36.8度、血圧132/78、SpO2 97%。食事は8割摂取、夜間の咳嗽あり。内服は看護師が確認、疼痛の訴えなし。',
        '朝の声かけにはっきり返事あり。歩行器でトイレまで見守りで移動できた。夕方から足のむくみが目立つので、明日の訪問で確認をお願いします。',
        '薬の残数を確認。昼の分が3回分余っていたため、一包化の相談を薬剤師にした。ご家族は夕食後の見守りを続けてくださるとのこと。',
        'お昼は半分ほど。水分は一日700mlくらい。'])[1 + (i + j) % 4] END,
    CASE WHEN kind = 'vitals' THEN jsonb_build_object('temperature', 36 + (j % 10) / 10.0, 'systolic', 120 + j % 30,
        'diastolic', 70 + j % 15, 'pulse', 60 + j % 25, 'spo2', 94 + j % 5) END,
    CASE WHEN kind = 'document' THEN id END, false,
    CASE WHEN kind <> 'document' THEN pg_temp.load_id(2, author) END, CASE WHEN kind = 'document' THEN :'client'::uuid END, at
FROM entry ORDER BY j, i;

-- One post in ten asks somebody to acknowledge it; most of those who were asked have.
CREATE TEMPORARY TABLE ask AS
SELECT gen_random_uuid() AS ask_id, id, pg_temp.load_id(1, i) AS patient, pg_temp.load_id(2, author) AS asker,
    pg_temp.load_id(2, (author + 5) % 50) AS asked, at, CASE WHEN i % 5 <> 0 THEN at + interval '3 hours' END AS done
FROM entry WHERE j % 10 = 5;
INSERT INTO acknowledgement_asks (tenant_id, id, post_id, patient_id, asked_by, asked_at, due_at, staff_member_id, answer,
    urgent, state, step, closed_at, closed_by)
SELECT :'tenant', ask_id, id, patient, asker, at, at + interval '2 days', asked, false, false,
    CASE WHEN done IS NULL THEN 'asked' ELSE 'acknowledged' END, 3, done, CASE WHEN done IS NOT NULL THEN asked END FROM ask;
INSERT INTO acknowledgement_requests (tenant_id, ask_id, post_id, staff_member_id, patient_id, due_at, part, closed_at)
SELECT :'tenant', ask_id, id, asked, patient, at + interval '2 days', 'asked', done FROM ask;
INSERT INTO acknowledgements (tenant_id, post_id, staff_member_id, acknowledged_at)
SELECT :'tenant', id, asked, done FROM ask WHERE done IS NOT NULL;

-- What each facility of a team was given today: written once a day, by whoever reads first. The readers of the load come
-- later, as most readers do.
INSERT INTO provisions (tenant_id, patient_id, provided_on, source_facility_id, recipient_facility_id, kind, basis, consent_id,
    staff_member_id, first_at)
SELECT DISTINCT ON (posts.patient_id, posts.facility_id, reader.facility_id, posts.kind) :'tenant'::uuid, posts.patient_id,
    (now() AT TIME ZONE 'Asia/Tokyo')::date, posts.facility_id, reader.facility_id, posts.kind, 'consent',
    pg_temp.load_id(6, team.i), reader.id, now()
FROM team
JOIN staff_members AS reader ON reader.id = pg_temp.load_id(2, team.staff)
JOIN posts ON posts.patient_id = pg_temp.load_id(1, team.i) AND posts.facility_id <> reader.facility_id
ORDER BY posts.patient_id, posts.facility_id, reader.facility_id, posts.kind, reader.id;

-- Earlier entries and answers, so that plans are made for tables as they are after some days.
INSERT INTO audit_events (tenant_id, id, at, actor_kind, account_id, staff_member_id, profession, facility_id, session_id,
    action, purpose, outcome, patient_id, count, rules, policy_digest, request_id, source_ip, decision, ground, clock, seal)
SELECT :'tenant', id, at, 'staff', pg_temp.load_id(3, author), pg_temp.load_id(2, author), 'nurse',
    pg_temp.load_id(5, author / 5 % 5), pg_temp.load_id(4, author), 'timeline.list', 'TREAT', 'allowed', pg_temp.load_id(1, i), 50,
    '{channel-reads-posts,forbid-unnamed-sensitive-subject,team-reads,team-reads-posts}', repeat('a7', 32), id::text, '127.0.0.1',
    repeat('q', 830), 'member', 'checked', substr(sha256(id::text::bytea), 1, 16)
FROM entry ORDER BY j, i;
INSERT INTO idempotency_keys (tenant_id, actor_id, key, digest, patient_id, status, etag, body, created_at)
SELECT :'tenant', pg_temp.load_id(3, author), id::text, sha256(id::text::bytea), pg_temp.load_id(1, i), 201, '"1"',
    convert_to(repeat(id::text, 20), 'UTF8'), at
FROM entry WHERE j % 4 = 0 ORDER BY j, i;

COMMIT;
