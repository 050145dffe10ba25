#!/usr/bin/env bash
# Makes the image: bundles the loop (minutes), and gives nothing but that archive to docker or podman.
#   deploy/container/build.sh [TAG]        default: flux-foam:latest; BUILDER=podman chooses the one of two
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
builder=${BUILDER:-$(command -v docker || command -v podman)} || { echo "build.sh: no docker and no podman on the PATH" >&2; exit 1; }
context=$home/target/image
mkdir -p "$context"
"$home/deploy/bundle.sh" --loop --quick "$context/flux-foam.tar.xz"
exec "$builder" build --tag "${1:-flux-foam:latest}" --file "$home/deploy/container/Containerfile" "$context"
