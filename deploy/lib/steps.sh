# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# Steps of the gate: each has a name, a log of its own, a time and a result; a failed one does not end the run.

export NO_COLOR=1 CARGO_TERM_COLOR=never # into log files
readonly skip_status=77 step_heartbeat=60

logs_folder=
step_rows=()          # "result|name|seconds", in order
declare -A results=() # by function
count_ok=0 count_failed=0 count_skipped=0

open_logs() { # FOLDER
  logs_folder=$1
  rm -rf -- "$logs_folder"
  mkdir -p -- "$logs_folder"
}

passed() { [[ ${results[$1]:-} == ok ]]; }

forget() { unset "results[$1]"; }

# Called by a step that cannot be taken here, which is no failure.
skip() {
  printf 'skipped: %s\n' "$*"
  exit "$skip_status"
}

step() { # NAME FUNCTION NEEDED_FUNCTION…
  local name=$1 function=$2 needed log started=$SECONDS
  for needed in "${@:3}"; do
    if ! passed "$needed"; then
      record "$name" "$function" "not run" 0 "an earlier step that it needs did not pass; counted as failed"
      return
    fi
  done
  log=$logs_folder/$(printf '%02d' $((${#step_rows[@]} + 1)))-$function.log
  printf '%s …\n' "$name"
  run_logged "$name" "$log" "$function"
  conclude "$name" "$function" "$log" $((SECONDS - started))
}

# Sets `command_status`. Long steps show from time to time that they are alive, and where they are.
run_logged() { # NAME LOG FUNCTION
  local next=$((SECONDS + step_heartbeat)) started=$SECONDS
  "$3" </dev/null >"$2" 2>&1 &
  running_command=$!
  while alive "$running_command"; do
    sleep 0.2
    if ((SECONDS >= next)); then
      next=$((SECONDS + step_heartbeat))
      printf '  … %s, %d s: %s\n' "$1" $((SECONDS - started)) "$(tail -n 1 -- "$2" | cut -c 1-100)"
    fi
  done
  command_status=0
  wait "$running_command" || command_status=$?
  running_command=
}

conclude() { # NAME FUNCTION LOG SECONDS
  case $command_status in
    0) record "$1" "$2" ok "$4" "$(test_counts "$3")" ;;
    "$skip_status") record "$1" "$2" skipped "$4" "$(tail -n 1 -- "$3")" ;;
    *)
      record "$1" "$2" FAILED "$4" "exit code $command_status; the end of ${3##*/}:"
      tail -n 60 -- "$3" | sed 's/^/    | /'
      ;;
  esac
}

# What a test runner said about its tests.
test_counts() { grep -aE '^ *(Summary \[|Tests +[0-9]|[0-9]+ passed|self-check:)' -- "$1" | tail -n 1 | sed 's/^ *//'; }

record() { # NAME FUNCTION RESULT SECONDS DETAIL
  results[$2]=$3
  step_rows+=("$3|$1|$4")
  case $3 in
    ok) count_ok=$((count_ok + 1)) ;;
    skipped) count_skipped=$((count_skipped + 1)) ;;
    *) count_failed=$((count_failed + 1)) ;;
  esac
  printf '  %s (%d s)%s\n' "$3" "$4" "${5:+  $5}"
}

summary() {
  local row result name seconds
  printf '\n%-34s %-8s %7s\n' step result seconds
  for row in "${step_rows[@]}"; do
    IFS='|' read -r result name seconds <<<"$row"
    printf '%-34s %-8s %7d\n' "$name" "$result" "$seconds"
  done
  printf '%-34s %-8s %7d\n\n' "in all" "" "$SECONDS"
  if ((count_skipped)); then
    printf '%d passed, %d failed, %d skipped\n' "$count_ok" "$count_failed" "$count_skipped"
  else
    printf '%d passed, %d failed\n' "$count_ok" "$count_failed"
  fi
  ((count_failed == 0))
}

give_up() { # NAME
  record "$1" "$1" FAILED "$SECONDS" "nothing can be checked without"
  summary || exit 1
}
