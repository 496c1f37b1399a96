# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# Messages, child processes and clean-up. Every script sources this file first.
#
# Whatever a script starts or creates is registered here and ended or removed by `clean_up`, on every way out:
# the end of the script, an error, Ctrl-C, SIGTERM, SIGHUP. Services also end when the script is killed outright.

set -Eeuo pipefail
umask 022
unset CDPATH "${!PG@}" # the user's own database settings are none of our business
export PGCLIENTENCODING=UTF8

root_dir=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
interactive_input=no
[[ -t 0 ]] && interactive_input=yes

running_command=       # process id of the long command that runs now
service_pids=()        # services, in the order of their start
service_signals=()     # the signal that ends each of them in good order
temporary_folders=()
on_stop_message=       # printed when people are waiting for the end

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

fail_with_log() { # MESSAGE LOG
  printf -- '--- the last lines of %s\n' "$2" >&2
  tail -n 20 -- "$2" >&2 || true
  fail "$1"
}

usage_error() {
  printf '%s: %s (see --help)\n' "${0##*/}" "$*" >&2
  exit 2
}

# --- stages: "[2/7] what" and how long it took ---------------------------------------------------------------------

stage_total=0
stage_number=0
stage_started=0

stage() {
  stage_number=$((stage_number + 1))
  stage_started=$SECONDS
  printf '[%d/%d] %s\n' "$stage_number" "$stage_total" "$*"
}

stage_done() { printf '      %s (%d s)\n' "${1:-done}" $((SECONDS - stage_started)); }

# --- processes -----------------------------------------------------------------------------------------------------

alive() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

descendants() {
  local child
  # shellcheck disable=SC2013 # one line of plain numbers
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
    printf '%s\n' "$child"
    descendants "$child"
  done
}

wait_until_gone() { # TENTHS_OF_A_SECOND PID…
  local left=$1 pid
  shift
  for pid in "$@"; do
    while alive "$pid"; do
      ((left-- > 0)) || return 1
      sleep 0.1
    done
  done
}

# Ends a command and everything below it that we started.
stop_tree() {
  local -a pids
  mapfile -t pids < <(printf '%s\n' "$1" && descendants "$1")
  kill -s TERM "${pids[@]}" 2>/dev/null || true
  wait_until_gone 50 "${pids[@]}" || kill -s KILL "${pids[@]}" 2>/dev/null || true
}

# Still the process that this script started, not a later one with the same number.
own_child() {
  local parent
  { read -r _ _ _ parent _ <"/proc/$1/stat"; } 2>/dev/null && [[ $parent == "$$" ]]
}

stop_service() { # PID SIGNAL
  own_child "$1" || return 0
  kill -s "$2" "$1" 2>/dev/null || return 0
  wait_until_gone 300 "$1" || kill -s KILL "$1" 2>/dev/null || true
}

# Runs a long command so that a signal to the script is answered at once. Sets `command_status`; never fails itself.
interruptible() {
  "$@" </dev/null &
  running_command=$!
  command_status=0
  wait "$running_command" || command_status=$?
  running_command=
}

# Starts a service in a session of its own, so that Ctrl-C reaches it through `clean_up`, in the right order, and
# not at the same moment as us. It gets the same signal should this script be killed outright. Sets `service_pid`.
start_service() { # SIGNAL LOG COMMAND…
  local signal=$1 log=$2
  shift 2
  (cd / && exec 9>&- && exec setsid setpriv "${runtime_user[@]}" --pdeathsig "$signal" -- \
    env -i "${runtime_environment[@]}" "$@") </dev/null >>"$log" 2>&1 &
  service_pid=$!
  service_pids+=("$service_pid")
  service_signals+=("$signal")
}

temporary_folder() { # PARENT; sets `folder`
  folder=$(mktemp -d "$1/tsumugi.XXXXXX")
  temporary_folders+=("$folder")
}

clean_up() {
  local exit_status=$? i
  trap - EXIT
  trap '' INT TERM HUP
  set +e
  [[ -n $on_stop_message ]] && printf '\n%s\n' "$on_stop_message"
  [[ -n $running_command ]] && stop_tree "$running_command"
  for ((i = ${#service_pids[@]} - 1; i >= 0; i--)); do
    stop_service "${service_pids[i]}" "${service_signals[i]}"
  done
  ((${#temporary_folders[@]})) && rm -rf -- "${temporary_folders[@]}"
  exit "$exit_status"
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# --- the unprivileged user -----------------------------------------------------------------------------------------
#
# PostgreSQL and the server refuse to run as root. Started by an ordinary user, they run as that user. Started by
# root, both run as the system user `tsumugi-demo`, made for nothing else: `postgres` would be able to open the
# machine's own databases, and `nobody` is shared with other programs.

runtime_user=()
runtime_environment=()
readonly runtime_user_name=tsumugi-demo

is_root() { ((EUID == 0)); }

make_runtime_user() {
  id -u "$runtime_user_name" >/dev/null 2>&1 && return
  say "Creating the system user $runtime_user_name: the database and the server do not run as root."
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$runtime_user_name"
}

choose_runtime_user() { # HOME_FOLDER
  runtime_environment=("PATH=/usr/local/bin:/usr/bin:/bin" "HOME=$1" "LANG=C.UTF-8" "PGCLIENTENCODING=UTF8")
  is_root || return 0
  make_runtime_user
  runtime_user=(--reuid "$runtime_user_name" --regid "$runtime_user_name" --init-groups)
}

# Runs a command as the unprivileged user with a small, known environment. VAR=value may stand before it.
as_runtime_user() { (cd / && setpriv "${runtime_user[@]}" -- env -i "${runtime_environment[@]}" "$@"); }

give_to_runtime_user() { # FOLDER…
  if is_root; then chown "$runtime_user_name:" -- "$@"; fi
  chmod 0700 -- "$@"
}

check_reachable() { # FOLDER
  as_runtime_user test -x "$1" ||
    fail "the user $runtime_user_name cannot reach $1; choose a folder outside root's home with --data"
}
