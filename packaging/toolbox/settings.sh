# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154 # shared with the scripts that source this file
# Where things are, for every script of the toolbox, inside and outside of a made root. Sourced with $project set.
if [ -z "${HOME:-}" ]; then # a CI job may come without one
  HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
  export HOME
fi
toolbox=$project/packaging/toolbox
cache=${BERTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/berth}
data=${BERTH_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/berth}
configuration=${XDG_CONFIG_HOME:-$HOME/.config}/berth
roots=$cache/roots
made_root_mark=/etc/berth-toolbox # a made root has this file; it holds the root's name

say() { printf '%s\n' "berth: $*" >&2; }
give_up() {
  say "$@"
  exit 1
}
wrong_use() {
  say "$1 'packaging/dev help' lists the commands."
  exit 2
}

inside_made_root() { [ -f "$made_root_mark" ]; }

# package_names: the toolbox's packages, one a line
package_names() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$toolbox/packages" | sort -u; }

# source_files PATTERN…: the project's own files with such names, as git sees them (those not committed yet, too); where git
# can't tell, all that no tool made
source_files() {
  local file pattern names=(-false)
  for pattern in "$@"; do names+=(-o -name "$pattern"); done
  (
    cd "$project" || exit
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" 2>/dev/null ||
      find . \( -path ./build -o -path ./client/web/dist -o -name node_modules -o -name .git \) -prune -o -type f \( "${names[@]}" \) -printf '%P\n'
  ) | while read -r file; do
    if [ -f "$project/$file" ]; then printf '%s\n' "$project/$file"; fi
  done
}
