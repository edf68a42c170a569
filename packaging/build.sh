#!/usr/bin/env bash
# Sets up what is missing, configures and builds. Usage: packaging/build.sh [PRESET [OPTION OF cmake --build...]]     (preset: release, dev, asan, tsan)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-release}
packaging/setup.sh

# The compiler cache then serves another checkout of the same sources, too.
export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$PWD}" CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}" # what it asks for to serve files with precompiled headers
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"
# A source file that includes LibTorch takes over 1 GB to compile.
jobs=$(nproc)
fitting=$(awk '/^MemAvailable:/ { print int($2 / 1300000) }' /proc/meminfo)
if [ "$fitting" -lt "$jobs" ]; then
    jobs=$((fitting > 1 ? fitting : 1))
fi
cmake --build --preset "$preset" --parallel "$jobs" "${@:2}"
