# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The few words that the tests of the scripts are written in. Their output is TAP.

# A folder that ends with the test.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pinion-scripts-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

tap_count=0
tap_failed=0

# equals NAME WANT GOT
equals () {
  tap_count=$((tap_count + 1))
  if [[ $3 == "$2" ]]; then
    echo "ok $tap_count $1"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count $1"
    printf 'wanted: %s\ngot:    %s\n' "$2" "$3" | sed 's/^/# /'
  fi
}

# contains NAME PART GOT
contains () {
  if [[ $3 == *"$2"* ]]; then equals "$1" yes yes; else equals "$1" "... $2 ..." "$3"; fi
}

# succeeds NAME CMD..., fails NAME CMD...
succeeds () {
  local name=$1 status=0
  shift
  "$@" || status=$?
  equals "$name" 0 "$status"
}

fails () {
  local name=$1
  shift
  if "$@"; then equals "$name" failure success; else equals "$name" yes yes; fi
}

tap_end () {
  echo "1..$tap_count"
  exit $((tap_failed > 0))
}
