# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # settings.sh sets what is read here
# The right to make mounts, as root or by a user namespace of an ordinary user. Sourced after settings.sh.
#
# In the user namespace the person keeps the own uid and gid and every other id below 65536 is one of the person's
# subordinate ids. So files made inside belong to the person outside too, and D-Bus and Wayland know who is calling.
# newuidmap is called by hand because unshare --map-auto is missing before util-linux 2.38 and takes one range only.

# id_map OWN FIRST COUNT: arguments for newuidmap or newgidmap that map OWN to itself and the COUNT subordinate ids from
# FIRST to the other ids from 0 on
id_map() {
  local own=$1 first=$2 count=$3
  if [ "$own" -ge "$count" ]; then
    printf '%s ' 0 "$first" "$count" "$own" "$own" 1
  else
    printf '%s ' 0 "$first" "$own" "$own" "$own" 1 $((own + 1)) $((first + own)) $((count - own))
  fi
}

# subordinate_range FILE: "first count" of the person's first range with at least 65536 ids
subordinate_range() {
  awk -F: -v name="$(id -un)" -v id="$(id -u)" \
    '($1 == name || $1 == id) && $3 >= 65536 { print $2, 65536; found = 1; exit } END { exit !found }' "$1" 2>/dev/null
}

explain_namespaces() {
  local reason=$1
  give_up "An ordinary user can't make a Debian 13 root here: $reason
Run the same command as root (sudo packaging/dev …), or let an administrator mend that."
}

# open_namespace: an ordinary user's namespace stays open at $namespace until this shell ends; root needs none
open_namespace() {
  if [ "$(id -u)" -eq 0 ]; then
    unshare --mount true 2>/dev/null ||
      give_up "This needs the right to make mount namespaces. In a container, start it with --privileged."
    return 0
  fi
  local tool uids gids holder
  for tool in newuidmap newgidmap; do
    command -v $tool >/dev/null || explain_namespaces "$tool is missing (Debian, Ubuntu: package uidmap; Fedora, Arch: shadow-utils, shadow)."
  done
  uids=$(subordinate_range /etc/subuid) && gids=$(subordinate_range /etc/subgid) ||
    explain_namespaces "$(id -un) has no 65536 subordinate ids (usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un))."
  unshare --user sleep infinity 2>/dev/null &
  holder=$!
  # shellcheck disable=SC2064 # this holder, now
  trap "kill $holder 2>/dev/null || true" EXIT
  local tries=0
  until [ "$(readlink "/proc/$holder/ns/user" 2>/dev/null)" != "$(readlink /proc/self/ns/user)" ] &&
    [ "$(cat "/proc/$holder/comm" 2>/dev/null)" = sleep ]; do
    kill -0 $holder 2>/dev/null && [ $((tries += 1)) -lt 200 ] ||
      explain_namespaces "unprivileged user namespaces are switched off (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces)."
    sleep 0.02
  done
  # shellcheck disable=SC2046,SC2086 # words on purpose
  newuidmap $holder $(id_map "$(id -u)" $uids) && newgidmap $holder $(id_map "$(id -g)" $gids) ||
    explain_namespaces "newuidmap refused the subordinate ids of /etc/subuid."
  namespace=/proc/$holder/ns/user
  nsenter --user="$namespace" unshare --mount true 2>/dev/null ||
    explain_namespaces "user namespaces come without rights (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0)."
}

# namespace_root: sets into_namespace to the words before a command that run it as the namespace's root (as root: none)
namespace_root() {
  into_namespace=()
  [ -z "${namespace:-}" ] || into_namespace=(nsenter --user="$namespace" --setuid 0 --setgid 0)
}

# in_namespace COMMAND…: runs it as the namespace's root
in_namespace() {
  local into_namespace
  namespace_root
  "${into_namespace[@]}" "$@"
}
