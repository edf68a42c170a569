#!/usr/bin/env bash
# Builds tests with GCC's sanitizers and runs them. Usage: packaging/sanitize.sh asan|tsan [FOLDER OF tests/...]
#   asan: addresses, leaks and undefined behaviour. tsan: races between threads.
# Without a folder tests/engine/{base,image,data}, which do without LibTorch.
# `packaging/sanitize.sh asan tests` runs all. What has to be said about libraries that are not built with a sanitizer is in tests/sanitizers/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-}
folders=(tests/engine/base tests/engine/image tests/engine/data)
case $preset in
    asan | tsan) ;;
    *) sed -n 's/^# .*\(Usage: .*\)/\1/p' "$0" >&2; exit 2 ;;
esac
shift
if [ $# -gt 0 ]; then
    folders=("${@%/}")
fi

packaging/build.sh "$preset" --target "${folders[@]/%//all}"
# Some kernels place mappings at addresses that GCC 12's sanitizers do not expect.
fixed_addresses=()
if setarch --addr-no-randomize true 2>/dev/null; then
    fixed_addresses=(setarch --addr-no-randomize)
fi
status=0
for folder in "${folders[@]}"; do
    "${fixed_addresses[@]}" ctest --test-dir "build/$preset/$folder" --output-on-failure --no-tests=error --parallel 2 || status=1
done
exit $status
