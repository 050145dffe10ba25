#!/usr/bin/env bash
# Fetches Fashion-MNIST, 31 MB, for ./foam bench learn: Debian's package dataset-fashion-mnist, through apt, unpacked and not installed.
#   deploy/fashion-mnist.sh [FOLDER]        default: .bench/fashion-mnist in this checkout, which git ignores
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
folder=$(readlink -m "${1:-$home/.bench/fashion-mnist}")
package=dataset-fashion-mnist

fail() {
  echo "fashion-mnist: $1" >&2
  exit 1
}

[[ ! -r $folder/t10k-labels-idx1-ubyte.gz ]] || { echo "fashion-mnist: it is in $folder already"; exit; }
for command in apt-get dpkg-deb; do
  command -v "$command" > /dev/null || fail "no $command here: unpack Debian's package $package elsewhere and copy its four files to $folder"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt fetches as another user
(cd "$work" && apt-get -q download "$package" >&2) || fail "apt-get could not fetch $package (apt-get update first?)"
dpkg-deb -x "$work/$package"_*.deb "$work"
mkdir -p "$folder"
# One after the other, the one that says that it is complete last.
for file in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do
  cp "$work/usr/share/datasets/fashion-mnist/$file-ubyte.gz" "$folder/"
done
echo "fashion-mnist: in $folder"
