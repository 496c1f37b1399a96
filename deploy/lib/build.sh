# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# Building the server and the web app. What has not changed is not built again.

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 # the browser comes from the distribution
readonly web_dir=$root_dir/server/web

# A target folder in the user's cache outlives this work tree. It is used when it is there, and never made.
choose_cargo_target() {
  local cached=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/tsumugi/target
  if [[ -z ${CARGO_TARGET_DIR:-} ]]; then
    CARGO_TARGET_DIR=$root_dir/target
    [[ -d $cached && -w $cached ]] && CARGO_TARGET_DIR=$cached
  fi
  export CARGO_TARGET_DIR
}

# One npm at a time in one work tree, also when two scripts run at once.
with_web_lock() {
  mkdir -p -- "$CARGO_TARGET_DIR"
  (
    flock 8
    "$@"
  ) 8>"$CARGO_TARGET_DIR/.tsumugi-web-lock"
}

# The machine's npm and Node.js may be years old: an old npm cannot read our lock file, and packages leave their
# parts out for an old Node.js. So the machine's npm is used once, to fetch a current pair, which does all the rest.
readonly npm_version=11.19.1

node_tools() { printf '%s/tsumugi-node\n' "$CARGO_TARGET_DIR"; }

node_version() { sed -n 's/^ *"node": *"\([0-9.]*\)".*/\1/p' "$web_dir/package.json" | head -n 1; }

install_node_tools() {
  local folder wanted=("node@$(node_version)" "npm@$npm_version")
  folder=$(node_tools)
  [[ -s $folder/complete && $(<"$folder/complete") == "${wanted[*]}" ]] && return
  rm -rf -- "$folder"
  mkdir -p -- "$folder"
  echo '{"private": true}' >"$folder/package.json"
  (cd -- "$folder" && npm install --no-audit --no-fund --save-exact "${wanted[@]}") || return
  echo "${wanted[*]}" >"$folder/complete"
}

use_node_tools() {
  PATH=$(node_tools)/node_modules/.bin:$PATH
  export PATH
}

packages_hash() { (cd -- "$1" && cat package.json package-lock.json | sha256sum | cut -d ' ' -f 1); }

packages_unchanged() { # FOLDER
  [[ -s $1/node_modules/.tsumugi-packages && $(<"$1/node_modules/.tsumugi-packages") == "$(packages_hash "$1")" ]]
}

install_node_packages() { # FOLDER
  packages_unchanged "$1" && return
  install_node_tools || return
  (cd -- "$1" && npm ci --prefer-offline --no-audit --no-fund) || return
  packages_hash "$1" >"$1/node_modules/.tsumugi-packages"
}

web_hash() {
  (
    cd -- "$web_dir" || exit
    find . \( -name node_modules -o -path ./build -o -path ./.svelte-kit -o -path ./coverage \) -prune \
      -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
  )
}

web_unchanged() {
  [[ -s $web_dir/build/.tsumugi-hash && $(<"$web_dir/build/.tsumugi-hash") == "$(web_hash)" ]]
}

build_web() {
  web_unchanged && return
  (cd -- "$web_dir" && npm run build) || return
  web_hash >"$web_dir/build/.tsumugi-hash"
}
