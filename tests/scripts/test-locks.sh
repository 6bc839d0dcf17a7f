#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Steps, locks and signals, with commands of this machine in place of a root.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/tap.sh
. "$here/tap.sh"
export XDG_CACHE_HOME=$scratch/cache
# shellcheck source=.ci/environment.sh
. "$here/../../.ci/environment.sh"
environment=host
mkdir -p "$cache"

words=$(step 'A good step' 'Hint.' echo fine 2>&1)
contains 'a step is named' 'A good step' "$words"
contains 'and how long it took' 'done, ' "$words"
equals 'its log goes' '' "$(ls "$cache/logs")"

words=$(step 'A bad step' 'Buy a disk.' sh -c 'echo the cause; exit 3' 2>&1)
equals 'the status of a failed step' 3 $?
contains 'says so' 'A bad step: failed after' "$words"
contains 'shows the end of the log' '| the cause' "$words"
contains 'says what to do' 'What to do: Buy a disk.' "$words"
contains 'and keeps the log' 'a-bad-step' "$(ls "$cache/logs")"

equals 'a quick step can be silent' '' \
  "$(say_patience=2; step 'A quiet step' 'Hint.' true 2>&1)"

# Two at once: the second waits, says so, and comes after the first.
mkdir "$scratch/folder"
turn () {
  lock_take "$scratch/folder" 'the folder'
  echo "$1 in" >>"$scratch/turns"
  sleep 0.5
  echo "$1 out" >>"$scratch/turns"
  lock_give "$scratch/folder"
}
(turn first) &
sleep 0.2
words=$( (turn second) 2>&1)
wait
contains 'the second says that it waits' 'Waiting: another run' "$words"
equals 'one after the other' $'first in\nfirst out\nsecond in\nsecond out' "$(<"$scratch/turns")"
turn third
succeeds 'a lock given back can be taken again' turn fourth

equals 'standard streams and place' "$project" "$(echo pwd | environment_run own sh)"
environment_run own sh -c 'exit 7'
equals 'the status of a command' 7 $?

# A signal reaches the command, which may tidy up; its status comes back.
cat >"$scratch/tidy.sh" <<'TEXT'
trap 'sleep 0.2; echo tidied; exit 9' TERM
echo ready
while :; do sleep 0.1; done
TEXT
(environment_run own sh "$scratch/tidy.sh" >"$scratch/output") &
runner=$!
until grep -q ready "$scratch/output" 2>/dev/null; do sleep 0.05; done
kill -TERM "$runner"
wait "$runner"
equals 'the status after a signal' 9 $?
equals 'the command tidied up' $'ready\ntidied' "$(<"$scratch/output")"

tap_end
