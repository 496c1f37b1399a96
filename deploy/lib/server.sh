# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# Running the built server. Programs and web files are copied to a folder that the unprivileged user can read, so
# that a build that goes on at the same time does not change them under a running server.

server_folder=      # keys, certificate, logins, ports: written by the server
server_program=
server_log=
server_settings=()
server_pid=

stage_program() { # FROM TO
  cmp -s -- "$1" "$2" && return
  install -m 0755 -- "$1" "$2.new"
  mv -f -- "$2.new" "$2"
}

stage_web() { # TO
  cmp -s -- "$web_dir/build/.tsumugi-hash" "$1/.tsumugi-hash" && return
  rm -rf -- "$1"
  cp -R -- "$web_dir/build" "$1"
  chmod -R a+rX -- "$1"
}

server_at() { # FOLDER PROGRAM LOG DATABASE WEB_FOLDER HTTP_PORT HTTPS_PORT
  server_folder=$1 server_program=$2 server_log=$3 server_pid=
  server_settings=(
    "TSUMUGI_DATABASE_URL=$(cluster_url tsumugi_app "$4")"
    "TSUMUGI_LOG_DATABASE_URL=$(cluster_url tsumugi_log "$4")"
    "TSUMUGI_OWNER_DATABASE_URL=$(cluster_url tsumugi_owner "$4")"
    "TSUMUGI_HTTP_ADDR=127.0.0.1:$6"
    "TSUMUGI_HTTPS_ADDR=127.0.0.1:$7"
    "TSUMUGI_METRICS_ADDR=127.0.0.1:0"
    "TSUMUGI_DATA_DIR=$1"
    "TSUMUGI_WEB_DIR=$5"
    "TSUMUGI_DEMO_FILE=$1/accounts.json"
    "TSUMUGI_PUBLIC_URL=http://localhost:$6"
    "TSUMUGI_MAILBOX=on"
    "TSUMUGI_LOG_WITNESS_STORE=file://$1/checkpoints"
    "TSUMUGI_PORTS_FILE=$1/ports.json"
    "TSUMUGI_LOG=${TSUMUGI_LOG:-info}"
  )
  # Video and sound are taken where the program that converts them is installed.
  if command -v ffmpeg >/dev/null; then
    server_settings+=("TSUMUGI_MEDIA_FFMPEG=$(command -v ffmpeg)")
  fi
  mkdir -p -- "$1/checkpoints"
  give_to_runtime_user "$1" "$1/checkpoints"
}

server_command() { as_runtime_user "${server_settings[@]}" "$server_program" "$@"; }

# Who signed the certificate that the server made for itself: what a client has to believe.
server_authority() { printf '%s/tls/ca.pem\n' "$server_folder"; }

server_start() {
  rm -f -- "$server_folder/ports.json"
  start_service TERM "$server_log" "${server_settings[@]}" "$server_program" serve
  server_pid=$service_pid
}

server_port() { sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\\([0-9][0-9]*\\).*/\\1/p" "$server_folder/ports.json" 2>/dev/null; }

http_status() ( # PORT PATH: the status of one request to this machine
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
  IFS=' ' read -r -t 5 _ code _ <&3 && printf '%s' "$code"
) 2>/dev/null

server_ready() {
  local port
  port=$(server_port http)
  [[ -n $port && $(http_status "$port" /readyz) == 200 ]]
}

server_wait() {
  local deadline=$((SECONDS + 60))
  until server_ready; do
    alive "$server_pid" || fail_with_log "the server ended while starting" "$server_log"
    ((SECONDS < deadline)) || fail_with_log "the server was not ready within 60 s" "$server_log"
    sleep 0.1
  done
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null; }

# The first free port from PORT on; sets `port`.
free_port() { # PORT
  for ((port = $1; port < $1 + 100; port++)); do
    port_taken "$port" || return 0
  done
  fail "no free port between $1 and $port"
}
