# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
#
# What this machine has of its own: versions, package manager, and the packages that are missing.

# pkg-config modules and the oldest version of each that will do.
host_modules='
gtk4 4.18
libadwaita-1 1.7
glib-2.0 2.84
libdex-1 0.10
gmime-3.0 3.2
libsoup-3.0 3.4
libsecret-1 0.20
libgcrypt 1.10
sqlite3 3.40
libxml-2.0 2.9
webkitgtk-6.0 2.46
'

# Debian packages whose version decides whether a machine managed by apt can be used as it is.
host_deciding_packages='
libgtk-4-dev 4.18
libadwaita-1-dev 1.7
libglib2.0-dev 2.84
libdex-dev 0.10
'

host_programs='meson ninja cc blueprint-compiler msgfmt'

# version_at_least HAVE WANT. An epoch and a packager's revision are overlooked.
version_at_least () {
  local have=${1#*:}
  [[ $have ]] || return 1
  [[ $(printf '%s\n%s\n' "$2" "${have%%-*}" | sort -V | head -n 1) == "$2" ]]
}

# packages_of MANAGER GROUP...: names from .ci/packages; every group when none is named.
packages_of () {
  local column
  case $1 in
    apt) column=1 ;;
    dnf) column=2 ;;
    pacman) column=3 ;;
  esac
  shift
  awk -v column="$column" -v groups=" $* " '
    /^#/ || NF == 0 { next }
    /^\[/ { group = substr($1, 2, length($1) - 2); next }
    (groups ~ /^ *$/ || index(groups, " " group " ")) && $column != "-" { print $column }
  ' "$project/.ci/packages" | sort -u
}

host_manager () {
  local manager
  for manager in apt-get dnf pacman; do
    if command -v "$manager" >/dev/null; then
      echo "${manager%-get}"
      return
    fi
  done
}

# host_lacks: the modules and programs for building that are missing or too old, one a line.
host_lacks () {
  local module version program
  while read -r module version; do
    [[ $module ]] || continue
    pkg-config --atleast-version="$version" "$module" 2>/dev/null || echo "$module $version"
  done <<<"$host_modules"
  for program in $host_programs; do
    command -v "$program" >/dev/null || echo "$program"
  done
}

host_apt_version () {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '(none)'
}

# host_apt_new_enough: whether the packages that apt offers are. Refreshes apt's lists when they
# are empty and this user may.
host_apt_new_enough () {
  local package version
  if [[ ! $(host_apt_version libc6) && $EUID == 0 ]]; then
    step 'Reading the lists of packages' 'Look at the network and at the sources of apt.' apt-get update || exit 1
  fi
  while read -r package version; do
    [[ $package ]] || continue
    version_at_least "$(host_apt_version "$package")" "$version" || return 1
  done <<<"$host_deciding_packages"
}

# host_missing MANAGER PACKAGE...: those that are not installed.
host_missing () {
  local manager=$1 package
  shift
  case $manager in
    apt)
      for package; do
        [[ $(dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null) == ?i* ]] ||
          echo "$package"
      done ;;
    dnf)
      for package; do
        rpm --query --quiet --whatprovides "$package" || echo "$package"
      done ;;
    pacman) pacman --deptest "$@" || true ;;
  esac
}

host_install_command () {
  case $1 in
    apt) echo 'apt-get install --yes --no-install-recommends' ;;
    dnf) echo 'dnf install --assumeyes' ;;
    pacman) echo 'pacman --sync --needed --noconfirm' ;;
  esac
}

host_install_as_root () {
  local manager=$1 command
  shift
  read -ra command <<<"$(host_install_command "$manager")"
  export DEBIAN_FRONTEND=noninteractive
  "${command[@]}" "$@" && return
  # The lists may be missing or so old that they name files which are gone.
  [[ $manager == apt ]] && apt-get update && "${command[@]}" "$@"
}

# host_install MANAGER PACKAGE...: installs what is missing of them; asks a person who is not root.
host_install () {
  local manager=$1 missing answer command
  shift
  mapfile -t missing < <(host_missing "$manager" "$@")
  ((${#missing[@]})) || return 0
  command="$(host_install_command "$manager") ${missing[*]}"
  if ((EUID == 0)); then
    step "Installing ${#missing[@]} packages" \
         "Look at the network and at the package manager's sources, or do it by hand: $command" \
         host_install_as_root "$manager" "${missing[@]}" || exit 1
    return
  fi
  say "Pinion needs packages that this machine does not have yet:"
  say "  sudo $command"
  [[ " ${missing[*]} " =~ ' dovecot'|' postfix' ]] &&
    say "(Dovecot and Postfix may be started by their packages; the demo does not need that:" \
        "'sudo systemctl disable --now dovecot postfix'. With PINION_ENVIRONMENT=root they stay" \
        "out of this system.)"
  [[ -t 0 && -t 2 ]] && command -v sudo >/dev/null || exit 1
  read -rp 'Run this now? [y/N] ' answer
  [[ $answer == [yY]* ]] || exit 1
  # shellcheck disable=SC2086
  sudo $command || fail 'the packages could not be installed.'
}
