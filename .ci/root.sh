# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
#
# The private Debian 13 root, for a Debian or Ubuntu that is too old: made once under the user's
# cache folder, named by a hash of what it is made from, and never changed after that.
#
# It is made in a folder of its own and renamed when whole, under a lock; packages that were
# downloaded before an interruption are not downloaded again. Every run holds a shared lock on the
# root it uses, so that an old root is only removed when nobody is in it.

root_suite=trixie

# Documentation is left out: nobody reads it there. Unpacking need not reach the disk file by
# file, since a root that was cut short is thrown away.
# shellcheck disable=SC2016
root_recipe=(
  --variant=apt
  --dpkgopt=force-unsafe-io
  --dpkgopt='path-exclude=/usr/share/man/*'
  --dpkgopt='path-exclude=/usr/share/info/*'
  --dpkgopt='path-exclude=/usr/share/doc/*'
  --dpkgopt='path-include=/usr/share/doc/*/copyright'
  --customize-hook='chroot "$1" dbus-uuidgen --ensure=/etc/machine-id'
  --customize-hook='mkdir -p "$1/usr/local/share/fonts/host"'
  --customize-hook='touch "$1/etc/resolv.conf" "$1/etc/hosts"'
)

root_keep_days=30

root_path () {
  local recipe
  recipe=$(printf '%s\n' "$root_suite" "$(uname -m)" "${root_recipe[@]}" "$(packages_of apt)" |
           sha256sum)
  printf '%s/root-%s' "$cache" "${recipe:0:16}"
}

# apt_sources FOLDER: "URI SUITE" for each source of Debian packages that apt has under FOLDER
# (/etc/apt), from both kinds of files.
apt_sources () {
  local lists=() deb822=()
  [[ -f $1/sources.list ]] && lists+=("$1/sources.list")
  mapfile -t -O ${#lists[@]} lists < <(compgen -G "$1/sources.list.d/*.list")
  mapfile -t deb822 < <(compgen -G "$1/sources.list.d/*.sources")
  ((${#deb822[@]})) && awk '
    function flush (  i, j, uri, suite, uris, suites) {
      if ((" " field["types"] " ") ~ / deb / && (" " field["components"] " ") ~ / main / &&
          field["enabled"] !~ /^ *(no|false|off|0|without|disable)/) {
        uris = split(field["uris"], uri, " ")
        suites = split(field["suites"], suite, " ")
        for (i = 1; i <= uris; i++)
          for (j = 1; j <= suites; j++)
            print uri[i], suite[j]
      }
      delete field
    }
    FNR == 1 { flush() }
    { sub(/\r$/, "") }
    /^#/ { next }
    /^[ \t]*$/ { flush(); next }
    /^[ \t]/ { field[name] = field[name] " " $0; gsub(/\t/, " ", field[name]); next }
    {
      colon = index($0, ":")
      name = tolower(substr($0, 1, colon - 1))
      field[name] = substr($0, colon + 1)
      gsub(/\t/, " ", field[name])
      if (name == "enabled") field[name] = tolower(field[name])
    }
    END { flush() }
  ' "${deb822[@]}"
  ((${#lists[@]})) && awk '
    { sub(/#.*/, ""); sub(/\r$/, "") }
    $1 == "deb" {
      line = $0
      sub(/^[ \t]*deb[ \t]+/, "", line)
      sub(/^\[[^]]*\][ \t]*/, "", line)
      if (split(line, part, /[ \t]+/) < 3 || (" " line " ") !~ /[ \t]main[ \t]/) next
      print part[1], part[2]
    }
  ' "${lists[@]}"
  return 0
}

# apt_mirrors FOLDER CODENAME: the mirror of a machine of that release, as "main URI", and where
# its security updates come from, as "security URI". A list of mirrors stands for its first.
apt_mirrors () {
  local uri suite kind main='' security=''
  while read -r uri suite; do
    case $suite in
      "$2" | stable | oldstable | oldoldstable) kind=main ;;
      *-security | */updates) kind=security ;;
      *) continue ;;
    esac
    if [[ $uri == mirror+file:* ]]; then
      uri=${uri#mirror+file:}
      uri=$(awk '!/^#/ && NF { print $1; exit }' "/${uri##/}" 2>/dev/null)
    fi
    [[ $uri =~ ^https?:// ]] || continue
    if [[ $kind == main ]]; then : "${main:=$uri}"; else : "${security:=$uri}"; fi
  done < <(apt_sources "$1")
  [[ $main ]] && echo "main $main"
  [[ $security ]] && echo "security $security"
  return 0
}

# root_sources: what the root is made from, one line of apt's a source. Nothing where the machine
# has no Debian mirror (Ubuntu): then the program that makes the root takes its own.
root_sources () {
  local kind uri
  if [[ ${PINION_MIRROR:-} ]]; then
    echo "deb $PINION_MIRROR $root_suite main"
    return
  fi
  [[ $(os_value ID) == debian ]] || return 0
  apt_mirrors /etc/apt "$(os_value VERSION_CODENAME)" | while read -r kind uri; do
    case $kind in
      main) echo "deb $uri $root_suite main" ;;
      security) echo "deb $uri $root_suite-security main" ;;
    esac
  done
}

os_value () {
  sed -n "s/^$1=//p" /etc/os-release | tr -d "\"'"
}

# root_proxies: the proxies that this machine's apt uses, as options for another apt.
root_proxies () {
  apt-config dump 2>/dev/null |
    sed -n 's/^\(Acquire::https\{0,1\}::[Pp]roxy\(::[^ ]*\)\{0,1\} ".\{1,\}";\)$/--aptopt=\1/p'
}

# root_make_as_root FOLDER ARCHIVES: ARCHIVES keeps what was downloaded. It is mounted by a hook,
# since apt's own setting cannot point out of the new root.
# shellcheck disable=SC2016
root_make_as_root () {
  local sources proxies
  mapfile -t sources < <(root_sources)
  mapfile -t proxies < <(root_proxies)
  mkdir -p "$1" "$2/partial"
  mmdebstrap --mode=root --verbose --skip=essential/unlink \
    --setup-hook="mkdir -p \"\$1/var/cache/apt/archives\" && mount -o bind ${2@Q} \"\$1/var/cache/apt/archives\"" \
    --customize-hook='umount "$1/var/cache/apt/archives"' \
    "${root_recipe[@]}" "${proxies[@]}" --include="$(packages_of apt | paste -sd ,)" \
    "$root_suite" "$1" "${sources[@]}"
}

# root_make_as_user FOLDER: everything in it belongs to the user, who can remove it.
root_make_as_user () {
  local sources proxies
  mapfile -t sources < <(root_sources)
  mapfile -t proxies < <(root_proxies)
  mkdir -p "$1"
  TMPDIR=/var/tmp mmdebstrap --mode=unshare --verbose --format=tar --skip=output/dev \
    "${root_recipe[@]}" "${proxies[@]}" --include="$(packages_of apt | paste -sd ,)" \
    "$root_suite" - "${sources[@]}" | tar --extract --exclude='./dev/*' --directory "$1"
}

root_need_space () {
  local free
  free=$(df --output=avail --block-size=1M "$1" | tail -n 1)
  ((free >= 4000)) ||
    fail "the private Debian 13 needs about 4 GB under $1, and $free MB are free there." \
         'Make room, or set XDG_CACHE_HOME to a folder on a larger disk.'
}

root_need_tools () {
  local tools=(mmdebstrap bubblewrap debian-archive-keyring ca-certificates)
  ((EUID == 0)) || tools+=(uidmap)
  host_install apt "${tools[@]}"
}

root_make () {
  local root=$1 partial=$1.partial maker=root_make_as_user
  ((EUID)) || maker=root_make_as_root
  root_need_tools
  root_need_space "$cache"
  say 'This system is too old for Pinion: a private Debian 13 is made for it, once.' \
      "It takes about 2 GB in $cache and a few minutes; nothing else is changed."
  rm -rf --one-file-system "$partial"
  step 'Making the private Debian 13' \
       'Look at the network, then start again. PINION_MIRROR=URL names another Debian mirror.' \
       "$maker" "$partial" "$cache/archives" || exit 1
  mv "$partial" "$root" || fail "$partial could not be renamed."
  rm -rf --one-file-system "$cache/archives"
}

# root_forget_others ROOT: removes roots that no script has used for a long time.
root_forget_others () {
  local other descriptor
  while read -r other; do
    [[ $other != "$1" && ${other##*/} =~ ^root-[0-9a-f]{16}$ ]] || continue
    exec {descriptor}<"$other"
    if flock --nonblock "$descriptor"; then
      say "Removing $other, which was not used for $root_keep_days days."
      rm -rf --one-file-system "$other"
    fi
    exec {descriptor}<&-
  done < <(find "$cache" -maxdepth 1 -name 'root-*' -type d -mtime "+$root_keep_days")
}

# root_prepare: makes the root if need be; leaves its path in $root and a shared lock on it.
root_prepare () {
  root=$(root_path)
  if [[ ! -d $root ]]; then
    lock_take "$cache" 'the private Debian 13'
    [[ -d $root ]] || { root_make "$root"; root_forget_others "$root"; }
    lock_give "$cache"
  fi
  touch "$root"
  exec {root_use}<"$root"
  flock --shared "$root_use"
}

# root_foreign_variable NAME: whether it describes the machine outside and would mislead inside.
root_foreign_variable () {
  case $1 in
    PINION_ENVIRONMENT | PINION_MIRROR | PATH | HOME | TMPDIR | LD_* | LANG | LANGUAGE | LC_* | BASH_ENV | ENV | CDPATH) return 0 ;;
    CC | CXX | CPP | CFLAGS | CXXFLAGS | CPPFLAGS | LDFLAGS) return 0 ;;
    *LIBRARY_PATH | CPATH | *INCLUDE_PATH | PKG_CONFIG* | PYTHON* | PYENV* | PERL5* | CARGO* | RUST*) return 0 ;;
    GI_TYPELIB_PATH | GSETTINGS_* | GIO_* | GTK_PATH | GTK_MODULES | GDK_PIXBUF_*) return 0 ;;
    XDG_* | DBUS_* | SSL_CERT_* | *_CA_BUNDLE | SSH_* | GPG_* | DISPLAY | WAYLAND_DISPLAY | XAUTHORITY) return 0 ;;
  esac
  return 1
}

# The parts of the arguments of bwrap, each added to the array "sandbox".

root_add_system () {
  local entry name
  sandbox+=(--die-with-parent --unshare-pid --dev-bind /dev /dev --perms 1777 --tmpfs /dev/shm
            --proc /proc --ro-bind /sys /sys --tmpfs /run)
  for entry in usr etc var; do
    # A clone or a home below such a folder needs a place to be mounted on.
    if [[ " $project $cache $HOME" == *" /$entry/"* ]]; then
      sandbox+=(--bind "$root/$entry" "/$entry")
    else
      sandbox+=(--ro-bind "$root/$entry" "/$entry")
    fi
  done
  for entry in "$root"/*; do
    name=${entry##*/}
    [[ -L $entry ]] && sandbox+=(--symlink "$(readlink "$entry")" "/$name")
  done
  sandbox+=(--perms 1777 --tmpfs /var/tmp)
  for entry in /etc/resolv.conf /etc/hosts; do
    [[ -e $entry ]] && sandbox+=(--ro-bind "$entry" "$entry")
  done
}

# The machine's other folders are there under their own names: the clone, and whatever files the
# person names.
root_add_folders () {
  local entry
  for entry in /*; do
    case $entry in
      /bin | /boot | /dev | /etc | /lib* | /proc | /run | /sbin | /sys | /tmp | /usr | /var) ;;
      /lost+found | /snap | /cdrom) ;;
      *) [[ -d $entry && ! -L $entry ]] && sandbox+=(--bind "$entry" "$entry") ;;
    esac
  done
  sandbox+=(--bind "$cache" "$cache" --bind "$project" "$project" --chdir "$project")
}

root_add_variables () {
  local name zone
  for name in $(compgen -e); do
    root_foreign_variable "$name" && sandbox+=(--unsetenv "$name")
  done
  zone=$(readlink /etc/localtime)
  [[ ${TZ:-} || $zone != */zoneinfo/* ]] || sandbox+=(--setenv TZ "${zone#*/zoneinfo/}")
  sandbox+=(--setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            --setenv LANG C.UTF-8 --setenv TMPDIR /tmp)
}

# root_add_display RUNTIME: the person's display, under the folder for sockets that is used inside.
root_add_display () {
  local wayland=${WAYLAND_DISPLAY:-}
  if [[ ${DISPLAY:-} ]]; then
    sandbox+=(--setenv DISPLAY "$DISPLAY")
    [[ -f ${XAUTHORITY:-$HOME/.Xauthority} ]] &&
      sandbox+=(--ro-bind "${XAUTHORITY:-$HOME/.Xauthority}" "$1/xauthority"
                --setenv XAUTHORITY "$1/xauthority")
  fi
  [[ $wayland && $wayland != /* ]] && wayland=${XDG_RUNTIME_DIR:-}/$wayland
  [[ -S $wayland ]] &&
    sandbox+=(--ro-bind "$wayland" "$1/wayland-pinion" --setenv WAYLAND_DISPLAY wayland-pinion)
  [[ -d /usr/share/fonts ]] && sandbox+=(--ro-bind /usr/share/fonts /usr/local/share/fonts/host)
  return 0
}

# Folders of its own: nothing of the person's settings gets in, nothing is left in them.
root_add_own_session () {
  mkdir -p "$cache/home"
  sandbox+=(--perms 0700 --dir /run/user/0 --setenv XDG_RUNTIME_DIR /run/user/0
            --setenv HOME "$cache/home")
}

# The person's home, session bus, keyring and portals.
root_add_live_session () {
  local runtime=${XDG_RUNTIME_DIR:-} name
  sandbox+=(--bind "$HOME" "$HOME" --setenv HOME "$HOME")
  for name in XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_CURRENT_DESKTOP \
              XDG_SESSION_TYPE DBUS_SESSION_BUS_ADDRESS; do
    [[ ${!name:-} ]] && sandbox+=(--setenv "$name" "${!name}")
  done
  if [[ -d $runtime ]]; then
    sandbox+=(--bind "$runtime" "$runtime" --setenv XDG_RUNTIME_DIR "$runtime")
  else
    runtime=/run/user/$EUID
    sandbox+=(--perms 0700 --dir "$runtime" --setenv XDG_RUNTIME_DIR "$runtime")
  fi
  [[ -f /etc/ssl/certs/ca-certificates.crt ]] &&
    sandbox+=(--ro-bind /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt)
  [[ -s /etc/machine-id ]] && sandbox+=(--ro-bind /etc/machine-id /etc/machine-id)
  ((EUID)) && sandbox+=(--ro-bind /etc/passwd /etc/passwd --ro-bind /etc/group /etc/group)
  # Files and links are opened by the desktop outside: there is no other program in the root.
  [[ -f /usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service ]] &&
    sandbox+=(--setenv GDK_DEBUG portals)
  return 0
}

# root_add_user MODE: who one is inside. Servers of the demo change to users of their own, for
# which a plain user needs a range of user ids; the session bus wants the person's own id.
root_add_user () {
  if ((EUID == 0)); then
    sandbox+=(--cap-add ALL)
  elif [[ $1 != live ]]; then
    sandbox=(unshare --user --map-root-user --map-auto -- "${sandbox[@]}" --cap-add ALL)
  fi
}

# root_add_temporary MODE. X servers find free numbers by process ids under /tmp, which mean nothing
# from one sandbox to another: what is to run beside others has a /tmp of its own.
root_add_temporary () {
  if [[ $1 == own ]]; then
    sandbox+=(--perms 1777 --tmpfs /tmp)
  else
    sandbox+=(--bind /tmp /tmp)
  fi
}

# root_command MODE CMD...: leaves in the array "sandbox" what runs CMD inside. MODE: "own" (its own
# home and /tmp, no display), "display" (its own home, the person's display), "live" (the person's
# session).
root_command () {
  local mode=$1
  shift
  sandbox=(bwrap)
  root_add_system
  root_add_temporary "$mode"
  root_add_folders
  root_add_variables
  case $mode in
    own) root_add_own_session ;;
    display) root_add_own_session; root_add_display /run/user/0 ;;
    live) root_add_live_session; root_add_display "${XDG_RUNTIME_DIR:-/run/user/$EUID}" ;;
  esac
  root_add_user "$mode"
  sandbox+=(-- env "$keyboard_signals" "$@")
}
