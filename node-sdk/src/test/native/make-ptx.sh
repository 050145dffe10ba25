#!/usr/bin/env bash
# Makes the checked-in PTX from the .cu files. Needs nvcc, which nothing else here does; run it after a change of a kernel.
#
# nvcc 13 emits PTX 9.0 for sm_75, which only drivers since CUDA 13.0 can load. The kernels use nothing that is newer than
# PTX 6.0 (CUDA 9) and sm_60 (Pascal), so the header is lowered; PtxTest has NVIDIA's own compiler check the result. The first
# line names the source by its SHA-256, so that a kernel that was changed without this script fails PtxTest.
# -fmad=false: a multiplication and an addition round each, as in the CPU's reference.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
sdk=$(cd "$here/../../.." && pwd)

make_ptx() { # source, target
    nvcc -ptx -arch=compute_75 -O3 -fmad=false -o "$2.tmp" "$1"
    {
        echo "// $(basename "$1") sha256 $(sha256sum < "$1" | cut -d' ' -f1)"
        sed -e 's/^\.version .*/.version 6.0/' -e 's/^\.target .*/.target sm_60/' -e '/^\/\//d' -e '/^$/d' "$2.tmp"
    } > "$2"
    rm "$2.tmp"
    echo "$(basename "$2"): $(wc -c < "$2") bytes, $(grep -c '\.visible \.entry' "$2") kernels"
}

make_ptx "$sdk/src/main/resources/io/fluxfoam/device/cuda/fusion.cu" \
    "$sdk/src/main/resources/io/fluxfoam/device/cuda/fusion.ptx"
make_ptx "$here/pattern.cu" "$sdk/src/test/resources/io/fluxfoam/device/cuda/pattern.ptx"
