-- A network with a million posts, beside what bulk.sql put there. Run as a superuser with -v slug=… -v patients=… -v posts=… ,
-- the patients and posts of bulk.sql's; the numbers in the identifiers go on from its own.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT tenant_id AS tenant FROM tenants WHERE slug = :'slug'
\gset
SELECT id AS registrar FROM staff_members WHERE tenant_id = :'tenant' AND profession = 'nurse' ORDER BY id LIMIT 1
\gset

BEGIN;
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.load_id(kind int, n int) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT ('0190000000007000800000' || lpad(kind::text, 4, '0') || (100000 + n)::text)::uuid $$;
CREATE FUNCTION pg_temp.scale_post(patient int, post int) RETURNS uuid IMMUTABLE LANGUAGE sql
AS $$ SELECT ('01900000000071' || (100000000000000000 + post::bigint * 1000000 + patient)::text)::uuid $$;

-- Patient 1000 has a hundred thousand posts, those from 1001 on three hundred each, patient 900 a team of two hundred.
CREATE TEMPORARY TABLE patient AS
SELECT 900 AS i, 0 AS posts UNION ALL SELECT 1000, :long UNION ALL SELECT i, 300 FROM generate_series(1001, 1000 + :many) AS i;

INSERT INTO patients (tenant_id, id, name, kana, search_text, sort_key, birth_date, sex, address, facility_id, registered_at,
    registered_by)
SELECT :'tenant', pg_temp.load_id(1, i), '測定 花子' || i, 'ソクテイ ハナコ', '測定花子' || i, 'ソクテイハナコ' || i,
    '1940-01-01'::date + i, 'female', '島根県出雲市', pg_temp.load_id(5, 0), now(), :'registrar'
FROM patient;
INSERT INTO consents (tenant_id, id, patient_id, granted_on, granted_by, method, recorded_at, recorded_by, sensitive, separate)
SELECT :'tenant', pg_temp.load_id(6, i), pg_temp.load_id(1, i), '2024-04-01', 'patient', 'paper', now(), :'registrar', '{}', '{}'
FROM patient;

-- Whoever reads patient 0 reads patient 1000. Person 100 looks after everybody (a coordinator), 101 after five, 102 after
-- three hundred; persons from 200 on are those of the open streams, the first two hundred of them a team.
INSERT INTO care_team_members (tenant_id, id, patient_id, staff_member_id, starts_on, created_at, created_by)
SELECT :'tenant', gen_random_uuid(), pg_temp.load_id(1, i), pg_temp.load_id(2, staff), '2024-04-01', now(), :'registrar'
FROM (
    SELECT i, 100 AS staff FROM patient WHERE i >= 1000
    UNION ALL SELECT i, 101 FROM patient WHERE i BETWEEN 1000 AND 1004
    UNION ALL SELECT i, 102 FROM patient WHERE i BETWEEN 1001 AND 1300
    UNION ALL SELECT 1000, k * 5 FROM generate_series(0, 9) AS k
    UNION ALL SELECT 900, k FROM generate_series(200, 399) AS k
) AS team;

-- Texts: common words in many of them, others in few, and a number that is in one alone.
CREATE TABLE load_texts (n int PRIMARY KEY, body text NOT NULL, folded text, tokens int[]);
INSERT INTO load_texts (n, body)
SELECT n, concat(
    (ARRAY['本日訪問。', '朝の声かけにはっきり返事あり。', '夕方に電話で連絡。', '定期の巡回。'])[1 + n % 4],
    CASE WHEN n % 4 = 1 THEN '発熱あり、クーリングを実施。' END,
    (ARRAY['食事は8割摂取。', '水分は一日700mlくらい。', '内服は看護師が確認。', '疼痛の訴えなし。', '夜間の咳嗽あり。',
        '歩行器でトイレまで見守りで移動。', '昼の薬が余っていた。', 'ご家族は見守りを続けてくださるとのこと。'])[1 + n / 4 % 8],
    CASE WHEN n % 20 = 7 THEN '両下肢に浮腫が目立つ。' END,
    (ARRAY['体温36.8度、血圧132/78。', '脈拍は72、整。', '排便は二日なし。', '入浴は清拭に変更。', '口腔ケアを実施。',
        '体位変換を二時間ごとに。', 'リハビリの意欲あり。'])[1 + n / 32 % 7],
    CASE WHEN n % 200 = 3 THEN '一時的に痙攣あり、主治医に報告。' END,
    CASE WHEN n % 2000 = 11 THEN '仙骨部の褥瘡が悪化、写真を撮影。' END,
    CASE WHEN n % 5000 = 13 THEN '眼球結膜に黄染を認める。' END,
    '整理番号は', 10000 + n, 'です。')
FROM generate_series(0, 19999) AS n;

CREATE TABLE load_posts AS
SELECT i, j, pg_temp.scale_post(i, j) AS id, ((i * 331 + j * 7919::bigint) % 20000)::int AS n, (j * 5) % 50 AS author,
    CASE WHEN j % 10 = 9 THEN 'medical' ELSE 'team' END AS channel,
    now() - interval '1 hour' - (posts - j) * (interval '900 days' / posts) - i * interval '1 second' AS at
FROM patient, generate_series(1, posts) AS j;

INSERT INTO posts (tenant_id, id, patient_id, kind, channel, author_staff_id, facility_id, observed_at, recorded_at, version)
SELECT :'tenant', id, pg_temp.load_id(1, i), 'note', channel, pg_temp.load_id(2, author), pg_temp.load_id(5, author / 5 % 5), at, at, 1
FROM load_posts ORDER BY at;
INSERT INTO post_versions (tenant_id, post_id, version, body, retracted, written_by_staff, written_at)
SELECT :'tenant', id, 1, body, false, pg_temp.load_id(2, author), at
FROM load_posts JOIN load_texts USING (n) ORDER BY at;

-- The program writes what is found by words, and says so to the worker beforehand.
INSERT INTO search_progress (tenant_id, form, after_post, completed) VALUES (:'tenant', 1, gen_random_uuid(), true)
ON CONFLICT (tenant_id) DO UPDATE SET completed = true, form = 1;

-- A session for each stream, and one for whoever writes; the program renews it to get its token.
CREATE TABLE load_sessions AS
SELECT n, pg_temp.load_id(8, n) AS id, sha256(('scale' || n)::bytea) AS secret FROM generate_series(200, 199 + :streams) AS n
UNION ALL SELECT 0, pg_temp.load_id(8, 0), sha256('scale0');
INSERT INTO sessions (tenant_id, id, account_id, refresh_digest, cache_key, created_at, refreshed_at, expires_at, staff_member_id,
    amr, authenticated_at, last_seen_at, idle_minutes, label)
SELECT :'tenant', id, pg_temp.load_id(3, greatest(n, 200)), sha256(secret), secret, now(), now(), now() + interval '8 hours',
    pg_temp.load_id(2, greatest(n, 200)), '{pwd,otp}', now(), now(), 480, '負荷測定'
FROM load_sessions;

COMMIT;
