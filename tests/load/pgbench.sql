-- What pgbench needs beyond the data, in its own copy of the database: sessions, and the lists of read.sql. Run as
-- tsumugi_owner with -v slug=….

\set ON_ERROR_STOP on
SELECT set_config('app.tenant_id', tenant_id::text, false) AS tenant FROM tenants WHERE slug = :'slug'
\gset

INSERT INTO sessions (tenant_id, id, account_id, staff_member_id, refresh_digest, cache_key, created_at, refreshed_at,
    authenticated_at, last_seen_at, expires_at, amr, idle_minutes, label)
SELECT :'tenant', ('01900000000070008000000004' || (100000 + n))::uuid, ('01900000000070008000000003' || (100000 + n))::uuid,
    ('01900000000070008000000002' || (100000 + n))::uuid, sha256(n::text::bytea), sha256(n::text::bytea), now(), now(), now(),
    now(), now() + interval '1 day', '{pwd,otp}', 30, 'tsumugi-load'
FROM generate_series(0, 49) AS n;

CREATE TABLE load_pages (n int PRIMARY KEY, posts uuid[] NOT NULL, authors uuid[] NOT NULL, systems uuid[] NOT NULL,
    parents uuid[] NOT NULL, asks uuid[] NOT NULL);
GRANT SELECT ON load_pages TO tsumugi_app;
INSERT INTO load_pages
SELECT right(patient.id::text, 6)::int, array_agg(page.id ORDER BY page.recorded_at DESC),
    array_agg(DISTINCT page.author_staff_id) FILTER (WHERE page.author_staff_id IS NOT NULL),
    array_agg(DISTINCT page.author_client_id) FILTER (WHERE page.author_client_id IS NOT NULL),
    array_agg(DISTINCT page.reply_to) FILTER (WHERE page.reply_to IS NOT NULL),
    (SELECT array_agg(asks.id) FROM acknowledgement_asks AS asks WHERE asks.patient_id = patient.id
        AND asks.post_id = ANY (array_agg(page.id)))
FROM patients AS patient, LATERAL (
    SELECT * FROM posts WHERE posts.patient_id = patient.id ORDER BY recorded_at DESC LIMIT 50
) AS page
WHERE patient.id::text LIKE '01900000-0000-7000-8000-000001%'
GROUP BY patient.id;
