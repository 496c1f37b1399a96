# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files of this folder are sourced together and share their variables
# What the machine must have. Says what it installs before it does; root or sudo is used for this only.

missing_packages=()

has() { command -v "$1" >/dev/null 2>&1; }

need_command() { has "$1" || missing_packages+=("${@:2}"); } # COMMAND PACKAGE…

need_postgres() { postgres_bin >/dev/null || missing_packages+=(postgresql); }

# What the server prints in; any of the families that `server/src/print/fonts.rs` names will do.
need_printing_font() {
  local names=(-name 'NotoSansCJK*' -o -name 'NotoSansJP*' -o -name 'BIZUDPGothic*' -o -name 'ipaexg*' -o -name 'ipagp*')
  [[ -n $(find -L /usr/share/fonts /usr/local/share/fonts -type f \( "${names[@]}" \) -print -quit 2>/dev/null) ]] ||
    missing_packages+=(fonts-noto-cjk)
}

# What a browser shows.
need_japanese_font() {
  has fc-list && [[ -n $(fc-list :lang=ja) ]] && return
  missing_packages+=(fontconfig fonts-noto-cjk)
}

need_rust() {
  has cargo || fail "the Rust toolchain (cargo) is missing; install Rust, see rust-toolchain.toml for the channel"
  need_command cc gcc libc6-dev
}

as_administrator() {
  if is_root; then
    "$@"
  else
    sudo "$@"
  fi
}

check_administrator() {
  local command="apt-get install --no-install-recommends ${missing_packages[*]}"
  has apt-get || fail "please install: ${missing_packages[*]} (this script knows only Debian's and Ubuntu's packages)"
  is_root && return
  has sudo || fail "installing needs an administrator; please have this run, then start again: $command"
  [[ $interactive_input == yes ]] || sudo -n true 2>/dev/null ||
    fail "sudo asks for a password and there is no terminal; please run this, then start again: sudo $command"
}

install_missing_packages() {
  ((${#missing_packages[@]})) || return 0
  say "Missing: ${missing_packages[*]}"
  check_administrator
  say "Installing these from the distribution, as administrator."
  if [[ " ${missing_packages[*]} " == *" postgresql "* ]]; then
    say "  (the distribution may set up a database of its own with it; Tsumugi does not use that one)"
  fi
  as_administrator apt-get update -q || fail "the list of packages could not be fetched; is there a network?"
  as_administrator env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing_packages[@]}" ||
    fail "the packages could not be installed; the lines above say why"
  missing_packages=()
}
