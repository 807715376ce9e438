# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # settings.sh sets what is read here
# The smallest Debian 13, by mmdebstrap. Sourced after host.sh and namespace.sh; part of the root's hash.

# sources: lines for sources.list made of the host's own mirrors; nothing when it has none
sources() {
  local kind uri
  debian_mirrors | while read -r kind uri; do
    case $kind in
      main) printf 'deb %s %s main\n' "$uri" trixie "$uri" trixie-updates ;;
      security) printf 'deb %s trixie-security main\n' "$uri" ;;
    esac
  done
}

# apt_settings: how this host reaches the network (proxies, certificates, retries); they stay in the root
apt_settings() {
  command -v apt-config >/dev/null || return 0
  apt-config dump 2>/dev/null | grep -E '^Acquire::((http|https)::|Check-|Retries|ForceIPv)' || true
}

# mmdebstrap_into FOLDER MIRROR…: an ordinary user's mmdebstrap makes a namespace of its own and writes an archive
mmdebstrap_into() {
  local folder=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    mmdebstrap --mode=root "${options[@]}" trixie "$folder" "$@"
  else
    in_namespace mkdir "$folder"
    mmdebstrap --mode=unshare --format=tar "${options[@]}" trixie - "$@" |
      in_namespace tar --extract --directory "$folder" --numeric-owner --exclude './dev/*'
  fi
}

# bootstrap FOLDER: the smallest Debian 13, from the host's mirrors or else from mmdebstrap's own choice
bootstrap() {
  local folder=$1 line lines
  local options=(--variant=minbase "--include=ca-certificates mount" --quiet --keyring="$(debian_keyring)")
  while read -r line; do options+=(--aptopt="$line"); done < <(apt_settings)
  lines=$(sources)
  if [ -n "$lines" ]; then
    mmdebstrap_into "$folder" - <<<"$lines" && return 0
    in_namespace rm -rf --one-file-system "$folder"
  fi
  mmdebstrap_into "$folder" </dev/null
}
