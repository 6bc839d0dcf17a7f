# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
#
# Tells the person what is being done, and for how long. All of it goes to standard error, so that
# the output of a command run by "./run --exec" stays its own.

# Seconds that a step may take before it is worth a line; "./run --exec" raises it.
say_patience=0

# The process of the step that is under way, for step_interrupted.
step_pid=

# shellcheck disable=SC1003
step_spinner='|/-\'

say () {
  printf '%s\n' "$*" >&2
}

fail () {
  say "Pinion: $*"
  exit 1
}

say_on_terminal () {
  [[ -t 2 && ${TERM:-dumb} != dumb ]]
}

# step_progress LOG: the last thing the log says, short enough for a line.
step_progress () {
  local line
  line=$(tail -c 600 "$1" 2>/dev/null | tr '\r' '\n' | tr -cd '[:print:]\n' | grep -v '^ *$' | tail -n 1)
  if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
    printf '%d%%' $((BASH_REMATCH[1] * 100 / BASH_REMATCH[2]))
  else
    printf '%s' "${line:0:60}"
  fi
}

# step_watch TITLE LOG START: shows life until the process in step_pid ends.
step_watch () {
  local title=$1 log=$2 start=$3 turn=0 elapsed told=$3 named=no
  while kill -0 "$step_pid" 2>/dev/null; do
    elapsed=$((SECONDS - start))
    if ((elapsed >= say_patience)); then
      if say_on_terminal; then
        ((turn % 3 == 0)) && printf '\r\033[K%s %s  %d s  %s' "${step_spinner:turn/3%4:1}" "$title" \
                                    "$elapsed" "$(step_progress "$log")" >&2
      elif [[ $named == no ]]; then
        say "$title ..."
        named=yes
      elif ((SECONDS - told >= 20)); then
        say "  $elapsed s: $(step_progress "$log")"
        told=$SECONDS
      fi
    fi
    turn=$((turn + 1))
    sleep 0.1
  done
}

# step_failed TITLE LOG SECONDS HINT
step_failed () {
  say "$1: failed after $3 s. The end of $2:"
  tail -n 30 "$2" | sed 's/^/  | /' >&2
  say "What to do: $4"
}

step_interrupted () {
  if [[ $step_pid ]]; then
    kill -TERM "$step_pid" 2>/dev/null
    wait "$step_pid" 2>/dev/null
  fi
  say_on_terminal && printf '\r\033[K' >&2
  say "Pinion: stopped. Start again at any time; what was whole is kept."
  exit "$1"
}

# step TITLE HINT CMD...: runs CMD with its output in a log. On failure shows the end of the log,
# which stays, and the HINT, and returns CMD's status.
step () {
  local title=$1 hint=$2 start=$SECONDS status=0 elapsed log
  shift 2
  mkdir -p "$cache/logs"
  log=$(mktemp "$cache/logs/$(tr -cs '[:alnum:]\n' - <<<"${title,,}")-XXXX") || return
  trap 'step_interrupted 130' INT
  trap 'step_interrupted 143' TERM HUP
  "$@" </dev/null >"$log" 2>&1 &
  step_pid=$!
  step_watch "$title" "$log" "$start"
  wait "$step_pid" || status=$?
  step_pid=
  trap - INT TERM HUP
  elapsed=$((SECONDS - start))
  say_on_terminal && printf '\r\033[K' >&2
  if ((status)); then
    step_failed "$title" "$log" "$elapsed" "$hint"
    return "$status"
  fi
  rm -f "$log"
  if ((elapsed >= say_patience)); then
    say "$title: done, $elapsed s"
  fi
}

# The descriptors of the locks that are held, by the file or folder that is locked.
declare -A lock_held

# lock_take FILE WHAT: waits for the only use of FILE (a folder will do), until lock_give or the
# end of this process and of what it started.
lock_take () {
  local descriptor
  exec {descriptor}<"$1" || return
  if ! flock --nonblock "$descriptor"; then
    say "Waiting: another run of these scripts is at work on $2 ..."
    flock "$descriptor"
  fi
  lock_held[$1]=$descriptor
}

lock_give () {
  local descriptor=${lock_held[$1]}
  exec {descriptor}<&-
  unset "lock_held[$1]"
}
