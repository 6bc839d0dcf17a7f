#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file with words for people is listed in po/POTFILES, and nothing else is.
#
#   check-potfiles.sh [ROOT]            compares and says what differs
#   check-potfiles.sh --write [ROOT]    writes the list anew
set -eu

write=no
if [ "${1-}" = --write ]; then
  write=yes
  shift
fi
cd "${1-$(dirname "$0")/../..}"

# A call of _(), N_(), C_(), Q_(), ngettext() and their kin, not the end of a longer name.
marks='(^|[^[:alnum:]_])(_|N_|C_|NC_|Q_|g_dgettext|g_dngettext|g_dpgettext2|gettext|ngettext|dgettext|dngettext) ?\('

listed=$(mktemp)
wanted=$(mktemp)
trap 'rm -f "$listed" "$wanted"' EXIT

{
  ls data/*.desktop.in data/*.gschema.xml data/*.metainfo.xml.in
  find src/ -type f \( -name '*.c' -o -name '*.h' -o -name '*.blp' \) -exec grep -lE "$marks" {} +
} | LC_ALL=C sort > "$wanted"

if [ "$write" = yes ]; then
  cp "$wanted" po/POTFILES
  exit 0
fi

grep -vE '^(#|$)' po/POTFILES | LC_ALL=C sort > "$listed"
missing=$(LC_ALL=C comm -13 "$listed" "$wanted")
stale=$(LC_ALL=C comm -23 "$listed" "$wanted")

[ -z "$missing" ] || printf 'Has words to translate but is not in po/POTFILES:\n%s\n' "$missing"
[ -z "$stale" ] || printf 'Is in po/POTFILES but has no words to translate, or is gone:\n%s\n' "$stale"
if [ -n "$missing$stale" ]; then
  echo 'Run tests/data/check-potfiles.sh --write'
  exit 1
fi
