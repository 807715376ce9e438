# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # settings.sh sets what is read here; the door reads what is set
# What the door asks of, and does to, the machine it stands on. Sourced after settings.sh.
# The only thing ever installed on a host that isn't Debian 13 is mmdebstrap (with the keys it needs).

# host_release FIELD: a field of os-release ("" when absent)
host_release() {
  local file=${BERTH_OS_RELEASE:-/etc/os-release} # the tests bring their own
  [ -r "$file" ] || file=/usr/lib/os-release
  (
    # shellcheck disable=SC1090 # a system file
    . "$file"
    printf '%s' "${!1:-}"
  )
}

# Debian testing and unstable name no version; they are newer than 13.
system_is_debian_13() {
  [ "$(host_release ID)" = debian ] || return 1
  local version
  version=$(host_release VERSION_ID)
  [ -z "$version" ] || [ "${version%%.*}" -ge 13 ]
}

# others_can_reach FOLDER: whether another user may walk to the folder (or to where it will be made)
others_can_reach() {
  local folder=$1
  while [ "$folder" != / ]; do
    if [ -e "$folder" ] && [ $((0$(stat -L -c %a "$folder") & 1)) -eq 0 ]; then
      return 1
    fi
    folder=$(dirname "$folder")
  done
}

# Root's berthd drops to the user berth, who must reach the programs. Below a closed home folder (/root) he can't, whereas
# in a made root he can: there the project is bound at the same path below open folders.
platform_is_enough() {
  [ "${BERTH_TOOLBOX:-}" != made ] && system_is_debian_13 || return 1
  [ "$(id -u)" -ne 0 ] || others_can_reach "$project"
}

# as_root COMMAND…: by root's own right or by a sudo that asks nothing; 1 without either
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

missing_packages() {
  local present
  # shellcheck disable=SC2016 # dpkg's fields, not the shell's
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u)
  comm -23 <(package_names) <(printf '%s\n' "$present")
}

install_missing_packages() {
  local stamp=$cache/system-packages names
  [ "$stamp" -nt "$toolbox/packages" ] && [ "$stamp" -nt /var/lib/dpkg/status ] && return 0
  mapfile -t names < <(missing_packages)
  if [ ${#names[@]} -gt 0 ]; then
    as_root true || give_up "${#names[@]} Debian packages are missing, and $(id -un) may not install them (sudo is missing or asks for a password).
Install them as root and run this again:
  apt-get install --no-install-recommends ${names[*]}
or set BERTH_TOOLBOX=made to build in a Debian 13 root of its own."
    say "installing ${#names[@]} packages"
    as_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && apt-get install -q -y --no-remove --no-install-recommends "$@"' \
      install "${names[@]}" >&2 || give_up "The packages could not be installed: see apt's lines above. Missing are: ${names[*]}"
  fi
  [ "$(id -u)" -ne 0 ] || "$toolbox/make_user"
  mkdir -p "$cache"
  touch "$stamp"
}

# debian_keyring: the file with Debian's archive keys (Debian, Ubuntu, Arch: package debian-archive-keyring; Fedora, openSUSE:
# debian-keyring); 1 where there is none
debian_keyring() {
  local file
  for file in "${BERTH_DEBIAN_KEYRING:-}" /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [ -r "$file" ]; then
      printf '%s\n' "$file"
      return
    fi
  done
  return 1
}

# install_on_host PACKAGE: by whichever tool this system has, asking nothing; 1 when it can't
install_on_host() {
  if command -v apt-get >/dev/null; then
    # shellcheck disable=SC2016 # the inner shell's own argument
    as_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends "$1"' install "$1" >&2
  elif command -v dnf >/dev/null; then
    as_root dnf install -q -y "$1" >&2
  elif command -v zypper >/dev/null; then
    as_root zypper --non-interactive --quiet install "$1" >&2
  elif command -v pacman >/dev/null; then
    as_root pacman -S --needed --noconfirm "$1" >&2
  else
    return 1
  fi
}

# install_mmdebstrap: makes the one tool (and the keys it checks Debian with) present, or ends with a sentence that says what
# to do
install_mmdebstrap() {
  if ! command -v mmdebstrap >/dev/null; then
    say "installing mmdebstrap (the one thing put on this system)"
    install_on_host mmdebstrap || true
    command -v mmdebstrap >/dev/null ||
      give_up "mmdebstrap is needed to make a Debian 13 root and could not be installed. Install it as root and try again:
  Debian, Ubuntu: apt-get install mmdebstrap    (Ubuntu has it in universe)
  Fedora: dnf install mmdebstrap    openSUSE: zypper install mmdebstrap
  Arch: the package mmdebstrap of the AUR (it needs apt and debian-archive-keyring, which pacman has)"
  fi
  if ! debian_keyring >/dev/null; then
    say "installing Debian's archive keys"
    install_on_host debian-archive-keyring || install_on_host debian-keyring || true
    debian_keyring >/dev/null ||
      give_up "Debian's archive keys are needed to check what is downloaded and could not be installed. Install them as root and try again:
  Debian, Ubuntu, Arch: the package debian-archive-keyring    Fedora, openSUSE: debian-keyring
or name a file that has them: BERTH_DEBIAN_KEYRING=FILE"
  fi
}

# begin_kubernetes: what the suite `cluster` needs has a root of its own, so its compilers need not wait for ours; where they can't begin
# here, `test` begins them inside
begin_kubernetes() {
  [ "$(id -u)" -eq 0 ] && [ "$(host_release ID)" = debian ] && [ ! -x "$cache/kubernetes/kube-proxy" ] || return 0
  install_mmdebstrap
  mkdir -p "$cache/kubernetes"
  setpriv --pdeathsig TERM "$project/tests/cluster/build" "$cache/kubernetes" >"$cache/kubernetes/build.log" 2>&1 </dev/null &
}

# delegated_scope: sets scope to the words before a command by which the person's systemd gives it a cgroup of its own to
# divide, so that berthd can enforce limits; to none for root (whose berthd makes one) and where no such systemd answers
delegated_scope() {
  scope=()
  [ "$(id -u)" -ne 0 ] && [ -e "${BERTH_CGROUPS:-/sys/fs/cgroup}/cgroup.controllers" ] && command -v systemd-run >/dev/null || return 0
  local words=(systemd-run --user --scope --quiet --collect --description=Berth -p Delegate=yes --)
  [ -n "${XDG_RUNTIME_DIR:-}" ] || words=(env "XDG_RUNTIME_DIR=/run/user/$(id -u)" "${words[@]}")
  if timeout 5 "${words[@]}" true </dev/null >/dev/null 2>&1; then scope=("${words[@]}"); fi
}

# debian_mirrors: the host's own Debian mirrors as "main URI" and "security URI" lines; nothing on other systems
debian_mirrors() {
  [ "$(host_release ID)" = debian ] && command -v apt-get >/dev/null || return 0
  local codename
  codename=$(host_release VERSION_CODENAME)
  # shellcheck disable=SC2016 # apt's fields, not the shell's
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    first_mirrors "$codename"
}

# first_mirrors CODENAME: reads "SUITE URI" lines, writes the first main and the first security mirror. A mirror+file:
# address is a list on this host: its first entry stands for it.
first_mirrors() {
  local suite uri kind
  local -A seen=()
  while read -r suite uri; do
    case $suite in
      "$1" | stable | oldstable) kind=main ;;
      "$1-security" | stable-security | oldstable-security) kind=security ;;
      *) continue ;;
    esac
    case $uri in
      mirror+file:*)
        uri=${uri#mirror+file:}
        uri=/${uri#"${uri%%[!/]*}"}
        uri=$(sed -n -e 's/[[:space:]].*//' -e '/^https\?:/{p;q}' "${uri%/}" 2>/dev/null)
        ;;
    esac
    case $uri in http://* | https://*) ;; *) continue ;; esac
    [ -n "${seen[$kind]:-}" ] || printf '%s %s\n' "$kind" "$uri"
    seen[$kind]=1
  done
}

# host_certificates: files of certificates that this host's owner added to its trust
host_certificates() {
  local folder
  for folder in /usr/local/share/ca-certificates /etc/pki/ca-trust/source/anchors /etc/pki/trust/anchors \
    /etc/ca-certificates/trust-source/anchors; do
    [ -d "$folder" ] || continue
    find -L "$folder" -type f \( -name '*.crt' -o -name '*.pem' \) -exec grep -l 'BEGIN CERTIFICATE' {} + || true
  done
}
