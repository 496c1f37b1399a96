-- Roles and database of Tsumugi. Run with psql as a database superuser; running it again changes nothing.
--
--   psql -f roles.sql                                     database "tsumugi"
--   psql -v database=NAME -f roles.sql                    another name
--   psql -v owner_password=… -v app_password=… -v log_password=… -f …   passwords, for connections over TCP
--
-- tsumugi_owner owns the schema: migrations run as it, the server never does.
-- tsumugi_app   is the server: it owns nothing and sees only what row-level security lets through. It adds to the
--               access log and cannot read it.
-- tsumugi_log   is the server where it reads and seals the access log: the same, and that.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?database}
\else
  \set database tsumugi
\endif

SELECT format('CREATE ROLE %I', wanted.name)
FROM (VALUES ('tsumugi_owner'), ('tsumugi_app'), ('tsumugi_log')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec

ALTER ROLE tsumugi_owner LOGIN INHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE tsumugi_app LOGIN INHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE tsumugi_log LOGIN INHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
GRANT tsumugi_app TO tsumugi_log;

SET password_encryption = 'scram-sha-256';
\if :{?owner_password}
ALTER ROLE tsumugi_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE tsumugi_app PASSWORD :'app_password';
\endif
\if :{?log_password}
ALTER ROLE tsumugi_log PASSWORD :'log_password';
\endif

-- A request that takes longer than this has gone wrong; it must not hold locks or a connection.
ALTER ROLE tsumugi_app SET statement_timeout = '15s';
ALTER ROLE tsumugi_app SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE tsumugi_app SET lock_timeout = '5s';
ALTER ROLE tsumugi_log SET statement_timeout = '60s';
ALTER ROLE tsumugi_log SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE tsumugi_log SET lock_timeout = '5s';

SELECT format('CREATE DATABASE %I OWNER tsumugi_owner TEMPLATE template0 ENCODING ''UTF8''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

ALTER DATABASE :"database" OWNER TO tsumugi_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO tsumugi_app;
GRANT CONNECT ON DATABASE :"database" TO tsumugi_log;

\connect :"database"

ALTER SCHEMA public OWNER TO tsumugi_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO tsumugi_app;
