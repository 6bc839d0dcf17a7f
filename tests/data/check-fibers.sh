#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fibers are spawned and waited in by src/core/pinion-fiber.h alone, which says why.
#
#   check-fibers.sh [ROOT]
set -eu

cd "${1-$(dirname "$0")/../..}"

if grep -rnE '(^|[^[:alnum:]_])(dex_await(_[a-z0-9]+)?|dex_scheduler_spawn|dex_thread_spawn) \(' src/ \
     --include='*.c' --include='*.h' | grep -v '^src/core/pinion-fiber\.[ch]:'; then
  echo 'Use pinion_await() and pinion_fiber_spawn() there (src/core/pinion-fiber.h).' >&2
  exit 1
fi
