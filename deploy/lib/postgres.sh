# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# A private PostgreSQL cluster: own data folder, own socket folder that nobody else can enter, no TCP at all.
# The machine's own cluster is never looked at.

cluster_bin=
cluster_folder=
cluster_socket=
cluster_log=
cluster_pid=

# The folder of the newest PostgreSQL server programs, or of the given major version.
postgres_bin() { # [MAJOR]
  local bin found=
  while IFS= read -r bin; do
    [[ -x $bin/postgres && -x $bin/initdb ]] && found=$bin
  done < <(printf '%s\n' /usr/lib/postgresql/*/bin | grep -E "/${1:-[0-9]+}/bin$" | sort -V)
  if [[ -z $found && -z ${1:-} ]] && command -v postgres >/dev/null && command -v initdb >/dev/null; then
    found=$(dirname -- "$(command -v postgres)")
  fi
  [[ -n $found ]] && printf '%s\n' "$found"
}

# Chooses the programs for a cluster folder: an existing one is opened by the version that made it.
cluster_at() { # FOLDER LOG
  cluster_folder=$1 cluster_log=$2
  local major=
  [[ -s $1/PG_VERSION ]] && major=$(<"$1/PG_VERSION")
  cluster_bin=$(postgres_bin "$major") ||
    fail "the database in $1 was made by PostgreSQL ${major:-?}, which is not installed; install it or start over with --fresh"
}

cluster_exists() { [[ -s $cluster_folder/PG_VERSION ]]; }

# Made beside its place and then moved, so that an interrupted start leaves no half of a cluster.
cluster_create() {
  rm -rf -- "$cluster_folder.new"
  mkdir -p -- "$cluster_folder.new"
  give_to_runtime_user "$cluster_folder.new"
  as_runtime_user "$cluster_bin/initdb" --pgdata "$cluster_folder.new" --username postgres --encoding UTF8 \
    --locale C.UTF-8 --auth-local trust --auth-host scram-sha-256 --no-instructions >>"$cluster_log" 2>&1 ||
    fail_with_log "the database cluster could not be created" "$cluster_log"
  mv -- "$cluster_folder.new" "$cluster_folder"
}

# A cluster whose script was killed outright is just ending: give it the time.
wait_for_earlier_cluster() {
  local pid
  [[ -s $cluster_folder/postmaster.pid ]] || return 0
  read -r pid <"$cluster_folder/postmaster.pid" || return 0
  [[ $(readlink "/proc/$pid/cwd") == "$cluster_folder" ]] || return 0
  wait_until_gone 150 "$pid" || fail "a database server (process $pid) still uses $cluster_folder"
}

cluster_start() { # SETTING…
  local setting arguments=() folder
  wait_for_earlier_cluster
  temporary_folder /tmp # short: the path of a socket may not be longer than 107 bytes
  give_to_runtime_user "$folder"
  cluster_socket=$folder
  for setting in listen_addresses= "unix_socket_directories=$folder" unix_socket_permissions=0700 port=5432 \
    timezone=UTC log_timezone=UTC logging_collector=off "$@"; do
    arguments+=(-c "$setting")
  done
  start_service INT "$cluster_log" "$cluster_bin/postgres" -D "$cluster_folder" "${arguments[@]}"
  cluster_pid=$service_pid
}

cluster_wait() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    "$cluster_bin/pg_isready" -q -h "$cluster_socket" -p 5432 -d postgres && return
    alive "$cluster_pid" || break
    sleep 0.1
  done
  fail_with_log "the database did not start" "$cluster_log"
}

# The socket folder stands percent-encoded where a host name would.
cluster_url() { printf 'postgres://%s@%s:5432/%s' "$1" "${cluster_socket//\//%2F}" "$2"; } # ROLE DATABASE

cluster_sql() { # DATABASE PSQL_ARGUMENT…
  "$cluster_bin/psql" -X -q -v ON_ERROR_STOP=1 -d "$(cluster_url postgres "$1")" "${@:2}"
}

cluster_has_database() {
  [[ $(cluster_sql postgres -At -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'") == 1 ]]
}

cluster_roles() { cluster_sql postgres -v database="$1" -f "$root_dir/deploy/postgres/roles.sql"; }

# An empty database that belongs to tsumugi_owner. A half-filled one from an interrupted start goes.
cluster_new_database() { # NAME
  cluster_sql postgres -v name="$1" <<<'SET client_min_messages = warning; DROP DATABASE IF EXISTS :"name" WITH (FORCE)' &&
    cluster_roles "$1"
}
