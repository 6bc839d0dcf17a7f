#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2030,SC2031
# How the scripts read this machine: versions, packages, apt's sources, the name of the root.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/scripts/tap.sh
. "$here/tap.sh"
export XDG_CACHE_HOME=$scratch/cache
# shellcheck source=.ci/environment.sh
. "$here/../../.ci/environment.sh"

succeeds 'the same version' version_at_least 4.18 4.18
succeeds 'a later patch' version_at_least 4.18.6+ds-2 4.18
succeeds 'numbers, not letters' version_at_least 0.10.0-1 0.9
succeeds 'an epoch' version_at_least 1:2.84.4-3 2.84
fails 'an older one' version_at_least 4.8.3+ds-2+deb12u1 4.18
fails 'older behind an epoch' version_at_least 2:1.2.2-2 1.7
fails 'none' version_at_least '' 1.0

contains 'a Debian name' 'libgtk-4-dev' "$(packages_of apt build)"
contains 'a Fedora name' 'gtk4-devel' "$(packages_of dnf build)"
contains 'an Arch name' 'gtk4' "$(packages_of pacman build)"
equals 'no name is a dash' '' "$(packages_of pacman | grep -Fx -e -)"
equals 'a group is not another' '' "$(packages_of apt build | grep -x postfix)"
contains 'two groups' 'postfix' "$(packages_of apt build demo)"
contains 'every group' 'valgrind' "$(packages_of apt)"
equals 'every line has three names' '' \
  "$(awk '!/^(#|\[)/ && NF && NF != 3' "$project/.ci/packages")"

apt=$scratch/apt
mkdir -p "$apt/sources.list.d"
cat >"$apt/sources.list" <<'TEXT'
# deb https://comment.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/some.gpg] https://one.example/debian/ bookworm main contrib
deb-src https://source.example/debian bookworm main
deb https://one.example/debian bookworm-updates main # the updates
deb	https://one.example/security bookworm-security main
deb https://third.example/tools stable tools
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
TEXT
equals 'one-line sources' \
  $'main https://one.example/debian/\nsecurity https://one.example/security' \
  "$(apt_mirrors "$apt" bookworm)"
equals 'another release' 'security https://one.example/security' "$(apt_mirrors "$apt" trixie)"

rm "$apt/sources.list"
cat >"$apt/sources.list.d/debian.sources" <<'TEXT'
# the first is switched off
Types: deb
URIs: https://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb deb-src
# a comment in between
uris: https://two.example/debian
 https://other.example/debian
Suites: bookworm bookworm-updates
Components: contrib
	main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 Types: deb
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: https://two.example/debian-security
Suites: bookworm-security
Components: main
TEXT
printf 'Types: deb\nURIs: https://tools.example\nSuites: stable\nComponents: tools\n' \
  >"$apt/sources.list.d/aaa.sources"
equals 'deb822 sources' \
  $'main https://two.example/debian\nsecurity https://two.example/debian-security' \
  "$(apt_mirrors "$apt" bookworm)"

printf '# mirrors\nhttps://listed.example/debian\n' >"$scratch/mirrors.list"
printf 'Types: deb\nURIs: mirror+file:%s\nSuites: bookworm\nComponents: main\n' \
  "$scratch/mirrors.list" >"$apt/sources.list.d/debian.sources"
equals 'a list of mirrors' 'main https://listed.example/debian' "$(apt_mirrors "$apt" bookworm)"

rm "$apt/sources.list.d/"*
equals 'no sources' '' "$(apt_mirrors "$apt" bookworm)"
equals 'a mirror by wish' 'deb https://wish.example/debian trixie main' \
  "$(PINION_MIRROR=https://wish.example/debian root_sources)"

name=$(root_path)
equals 'the root lies under the cache' "$scratch/cache/pinion" "${name%/*}"
succeeds 'and is named by a hash' grep -Eqx 'root-[0-9a-f]{16}' <<<"${name##*/}"
equals 'the same hash again' "$name" "$(root_path)"
equals 'comments do not change it' "$name" "$(
  mkdir -p "$scratch/project/.ci"
  { echo '# a comment'; cat "$project/.ci/packages"; } >"$scratch/project/.ci/packages"
  project=$scratch/project
  root_path
)"
fails 'a package more does' test "$name" = "$(
  { cat "$project/.ci/packages"; echo 'one-more - -'; } >"$scratch/project/.ci/packages"
  project=$scratch/project
  root_path
)"
fails 'another recipe does' test "$name" = "$(root_recipe+=(--dpkgopt=x); root_path)"

mkdir -p "$cache"/root-{0123456789abcdef,aaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbb,cccccccccccccccc,of-mine}
touch -d '40 days ago' "$cache"/root-*
touch "$cache/root-bbbbbbbbbbbbbbbb"
exec {in_use}<"$cache/root-cccccccccccccccc"
flock --shared "$in_use"
root_forget_others "$cache/root-aaaaaaaaaaaaaaaa" 2>"$scratch/words"
equals 'only an old root in nobody'"'"'s use goes' \
  $'root-aaaaaaaaaaaaaaaa\nroot-bbbbbbbbbbbbbbbb\nroot-cccccccccccccccc\nroot-of-mine' \
  "$(ls "$cache")"
contains 'and is named' 'root-0123456789abcdef' "$(<"$scratch/words")"

fails 'a secret by environment gets in' root_foreign_variable PINION_PASSWORD
fails 'so does the terminal' root_foreign_variable TERM
succeeds 'paths of the machine do not' root_foreign_variable LD_LIBRARY_PATH
succeeds 'nor does its session bus' root_foreign_variable DBUS_SESSION_BUS_ADDRESS

tap_end
