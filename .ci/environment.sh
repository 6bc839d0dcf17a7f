# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The environment in which Pinion is built, run and tested: this machine as it is when its GTK is
# new enough, else a private Debian 13 root. Sourced by run, check and the tests of the scripts.
#
#   environment_prepare GROUP...    everything of those groups of .ci/packages is there after it
#   environment_run MODE CMD...     runs CMD in it, in the project's folder
#   build_folder FOLDER OPTION...   sets FOLDER up with meson's OPTIONs, and builds it
#   build_program FOLDER OPTION...  the same, without the tests
#
# PINION_ENVIRONMENT=host|root takes the choice; PINION_MIRROR=URL names the Debian mirror.

set -u -o pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export HOME=${HOME:-$(getent passwd "$EUID" | cut -d : -f 6)}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pinion

# "host" or "root", once prepared.
environment=

# A program started in the background ignores the keyboard's signals, unless env undoes it.
keyboard_signals=--default-signal=INT,QUIT

# shellcheck source=.ci/say.sh
. "$project/.ci/say.sh"
# shellcheck source=.ci/host.sh
. "$project/.ci/host.sh"
# shellcheck source=.ci/root.sh
. "$project/.ci/root.sh"

environment_choose () {
  local lacks manager
  mapfile -t lacks < <(host_lacks)
  manager=$(host_manager)
  if [[ ${PINION_ENVIRONMENT:-} ]]; then
    echo "$PINION_ENVIRONMENT"
  elif ((${#lacks[@]} == 0)); then
    echo host
  elif [[ -d $(root_path) ]]; then
    echo root
  elif [[ $manager == apt ]]; then
    if host_apt_new_enough; then echo host; else echo root; fi
  else
    echo host
  fi
}

# host_prepare GROUP...
host_prepare () {
  local manager packages lacks
  manager=$(host_manager)
  if [[ $manager ]]; then
    mapfile -t packages < <(packages_of "$manager" "$@")
    host_install "$manager" "${packages[@]}"
  fi
  mapfile -t lacks < <(host_lacks)
  ((${#lacks[@]} == 0)) ||
    fail 'this system is not one that Pinion can be built on. It lacks, or has in an older' \
         "version: $(printf '%s, ' "${lacks[@]}" | sed 's/, $//'). Debian 13, Ubuntu 25.04, Fedora" \
         '42, Arch Linux and their successors have them; an older Debian or Ubuntu gets a private Debian 13.'
}

environment_prepare () {
  mkdir -p "$cache" || fail "$cache cannot be made. Set XDG_CACHE_HOME to a folder of yours."
  find "$cache/logs" -type f -mtime +7 -delete 2>/dev/null
  environment=$(environment_choose) || exit 1
  case $environment in
    host) host_prepare "$@" ;;
    root) root_prepare ;;
    *) fail "PINION_ENVIRONMENT is host or root, not $environment." ;;
  esac
}

# environment_name: changes when what was built in another one must not be used.
environment_name () {
  if [[ $environment == root ]]; then
    printf '%s' "${root##*/}"
  else
    printf 'host %s %s' "$(pkg-config --modversion gtk4)" "$(cc -dumpfullversion)"
  fi
}

# environment_signal SIGNAL PID: hands a signal to what bwrap (PID) runs, or to PID itself. bwrap's
# own child is the sandbox's first process, which only passes on how its children end.
environment_signal () {
  local first children=("$2")
  if [[ $environment == root ]]; then
    read -r first <"/proc/$2/task/$2/children"
    read -ra children <"/proc/${first% }/task/${first% }/children"
  fi
  kill -s "$1" "${children[@]}"
}

# environment_run MODE CMD...: standard streams are CMD's, and so is the status returned. Signals
# reach CMD, which can tidy up; when this shell is killed, all that CMD started ends with it.
environment_run () {
  local mode=$1 pid status sandbox
  shift
  if [[ $environment == host ]]; then
    sandbox=(env "$keyboard_signals" --chdir="$project" "$@")
  else
    root_command "$mode" "$@"
  fi
  "${sandbox[@]}" <&0 &
  pid=$!
  trap 'environment_signal TERM "$pid" 2>/dev/null' TERM
  trap 'environment_signal HUP "$pid" 2>/dev/null' HUP
  trap : INT QUIT
  # A signal ends "wait" early; the command may need a moment after it.
  while wait "$pid"; status=$?; kill -0 "$pid" 2>/dev/null; do :; done
  trap - TERM HUP INT QUIT
  return "$status"
}

# build_set_up FOLDER OPTION...: a folder of another environment, place or set of options is emptied.
build_set_up () {
  local folder=$1 state
  state=$(environment_name; printf '\n%s' "$@")
  [[ -f $folder/build.ninja && -f $folder/.pinion && $(<"$folder/.pinion") == "$state" ]] && return
  find "$folder" -mindepth 1 -delete
  step "Setting up the folder ${folder#"$project"/}" 'The log names what meson did not find.' \
       environment_run own meson setup "$@" || return
  printf '%s' "$state" >"$folder/.pinion"
}

# build_program FOLDER OPTION...
build_program () {
  target=program build_folder "$@"
}

# build_folder FOLDER OPTION...: all of it, or what $target names
build_folder () {
  local folder=$1 status=0
  mkdir -p "$folder" || return
  lock_take "$folder" "the folder ${folder#"$project"/}" || return
  build_set_up "$@" &&
    step "Building Pinion in ${folder#"$project"/}" 'The log names the line that fails.' \
         environment_run own ninja -C "$folder" ${target:+"$target"} || status=$?
  lock_give "$folder"
  return "$status"
}
