-- Prints the logins that `tsumugi demo-data` wrote, as a table. psql measures the width of Japanese text correctly.
-- Every object with a `login`, or with a `client_id` for a system of another vendor, is a row.
WITH document AS (SELECT :'document'::jsonb AS content),
entries AS (
    SELECT entry, row_number() OVER () AS place
    FROM document, jsonb_path_query(content, 'strict $.** ? (exists(@.login) || exists(@.client_id))') AS entry
)
SELECT coalesce(
           entry ->> 'label',
           concat_ws(' ', entry ->> 'name', entry ->> 'profession', coalesce(entry ->> 'facility_name', entry ->> 'facility'))
       ) AS "who / だれ",
       coalesce(entry ->> 'login', entry ->> 'client_id') AS "login / ログイン名",
       coalesce(entry ->> 'password', entry ->> 'client_secret', entry ->> 'secret', content ->> 'password', '')
           AS "password / パスワード",
       coalesce(entry ->> 'totp_secret', '') AS "authenticator / 認証アプリ"
FROM entries, document
ORDER BY entry ? 'client_id', place;
