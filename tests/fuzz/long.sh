#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later

usage='Usage: ./run --exec tests/fuzz/long.sh SECONDS [TARGET...]

Builds the fuzz targets for libFuzzer with clang and both sanitizers in build/fuzz, and runs each,
or each TARGET ("imap-list"), for SECONDS, one after the other. What was new is added to
tests/fuzz/corpus/TARGET, as little as covers it and at most 200 files. An input that fails is left
in build/fuzz/found; the exit status is 1 then.'

# A corpus stays small: files, and bytes of each.
most_files=200
most_bytes=2000

if (($# == 0)) || [[ ! $1 =~ ^[1-9][0-9]*$ ]]; then
  printf '%s\n' "$usage" >&2
  exit 2
fi
seconds=$1
shift

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
here=tests/fuzz
folder=build/fuzz

targets=("$@")
if (($# == 0)); then
  for file in "$here"/fuzz-*-*.c "$here"/fuzz-discover.c "$here"/fuzz-sasl.c; do
    name=${file##*/fuzz-}
    targets+=("${name%.c}")
  done
fi

build () {
  if [[ ! -f $folder/build.ninja ]]; then
    CC=clang meson setup "$folder" -Db_sanitize=address,undefined -Db_lundef=false \
      -Dc_args=-fsanitize=fuzzer-no-link -Dc_link_args=-fsanitize=fuzzer-no-link || return 1
  fi
  ninja -C "$folder" "${targets[@]/#/$here/libfuzzer-}"
}

dictionary () {
  case $1 in
    mime-envelope) echo "$here/envelope.dict" ;;
    imap-command | imap-utf7 | imap-uid-set) echo "$here/names.dict" ;;
    *) echo "$here/${1%%-*}.dict" ;;
  esac
}

# The largest of the files that no person has named go first.
trim () {
  local extra=$(($(find "$1" -type f | wc -l) - most_files))
  if ((extra > 0)); then
    find "$1" -type f -regextype posix-extended -regex '.*/[0-9a-f]{40}' -printf '%s %p\n' |
      sort -rn | head -n "$extra" | cut -d ' ' -f 2- | xargs -r rm -f
  fi
}

fuzz () {
  local name=$1 program=$folder/$here/libfuzzer-$1 new=$folder/corpus/$1 log=$folder/found/$1.log
  local status
  mkdir -p "$new"
  "$program" -max_total_time="$seconds" -max_len="$most_bytes" -timeout=20 -rss_limit_mb=2048 \
    -dict="$(dictionary "$name")" -artifact_prefix="$folder/found/$name-" -print_final_stats=1 \
    "$new" "$here/corpus/$name" >"$log" 2>&1
  status=$?
  printf '%-20s %s: %s runs, %s\n' "$name" "$( ((status)) && echo FAILED || echo fine)" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(grep -aoE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
  if ((status)); then
    tail -n 30 "$log"
  else
    "$program" -merge=1 -max_len="$most_bytes" "$here/corpus/$name" "$new" >/dev/null 2>&1
    trim "$here/corpus/$name"
  fi
  return "$status"
}

export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS=suppressions=$PWD/.ci/leaks.supp:print_suppressions=0

build || exit 1
mkdir -p "$folder/found"
failed=0
for name in "${targets[@]}"; do
  fuzz "$name" || failed=1
done
exit "$failed"
