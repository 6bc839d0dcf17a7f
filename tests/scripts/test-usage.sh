#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Wrong usage is refused at once, with the usage, before anything is set up.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/tap.sh
. "$here/tap.sh"
project=$here/../..

# Nothing may be made here.
export XDG_CACHE_HOME=$scratch/cache

# usage_of STATUS NAME CMD...: CMD ends with STATUS; its words about usage go to the right stream.
usage_of () {
  local want=$1 name=$2 status=0 output
  shift 2
  output=$("$@" 2>"$scratch/errors" </dev/null) || status=$?
  equals "$name: status" "$want" "$status"
  if ((want)); then
    equals "$name: no output" '' "$output"
    contains "$name: usage on standard error" 'Usage: ./' "$(<"$scratch/errors")"
  else
    contains "$name: usage on standard output" 'Usage: ./' "$output"
    equals "$name: no errors" '' "$(<"$scratch/errors")"
  fi
}

usage_of 0 'run --help' "$project/run" --help
usage_of 2 'run with an unknown option' "$project/run" --nonsense
usage_of 2 'run with a word' "$project/run" build
usage_of 2 'run --exec without a command' "$project/run" --exec
usage_of 2 'run --build with more' "$project/run" --build it
usage_of 2 'run --live with more' "$project/run" --live me@example.org
usage_of 0 'check --help' "$project/check" --help
usage_of 2 'check with an unknown option' "$project/check" --nonsense
usage_of 2 'check with two options' "$project/check" --quick --quick
fails 'nothing was made' test -e "$XDG_CACHE_HOME"
tap_end
