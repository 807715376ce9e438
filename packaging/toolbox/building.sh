# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # settings.sh sets what is read here
# Configuring and building, for the steps. Sourced after settings.sh, inside.
export CCACHE_DIR=$cache/ccache CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G} CCACHE_BASEDIR=$project
export CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# build_jobs: as many as there are processors, but a compiler on Beast's headers wants 1.5 GB
build_jobs() {
  local memory
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  nproc | awk -v memory="$memory" '{ print ($1 < memory) ? $1 : memory }'
}

# configure PRESET: only when there is no build tree, or it was made by another system (its compilers are gone) or preset
configure() {
  local folder=$project/build/$1 mark fresh=()
  mark=$({
    cat "$made_root_mark" 2>/dev/null || echo system
    cat "$project/CMakePresets.json"
    echo "$project"
  } | sha256sum | cut -d' ' -f1)
  if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$mark" ]; then
    return 0
  fi
  [ ! -e "$folder/CMakeCache.txt" ] || fresh=(--fresh)
  (cd "$project" && cmake --preset "$1" "${fresh[@]}") || give_up "The build could not be configured: see the lines above."
  echo "$mark" >"$folder/.configured"
}

# build PRESET [TARGET…]
build() {
  local preset=$1 started=$SECONDS
  shift
  [ -n "$(cd "$project" && cmake --list-presets=configure | grep -F "\"$preset\"")" ] || wrong_use "There is no preset '$preset'."
  configure "$preset"
  ninja -C "$project/build/$preset" -j "$(build_jobs)" "$@" || give_up "The build failed: see the lines above."
  [ $((SECONDS - started)) -lt 10 ] || say "built $preset in $((SECONDS - started)) s"
}
