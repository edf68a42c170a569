#!/usr/bin/env bash
# Sets up what is missing, builds, and runs all tests; the check of the rooms' order is one of them. Usage: packaging/test.sh [OPTION OF ctest...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packaging/build.sh release
ctest --test-dir build/release --output-on-failure --parallel 2 "$@"
