#!/usr/bin/env bash
# Fetches the icon sets of emoji: from their npm packages through the npm client, and keeps of each the things that are drawn.
#
#   fetch-icons.sh TARGET_DIR [offline=true]
#
# For each set TARGET_DIR/NAME.tsv has a line for each thing: its name, a TAB, its SVG. Does nothing when they are there
# already. Without npm, or without a network, it says so in one line and succeeds: the build goes on, and emoji: is missing. A
# file with another digest than icons.sha256 demands is an error.
set -euo pipefail

packages=(noto@1.2.9 noto-v1@1.2.5 twemoji@1.2.5 openmoji@1.2.29 fluent-emoji-flat@1.2.6)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
resources=$here/src/main/resources/io/fluxfoam/sensor/emoji
list=$resources/icons.sha256
target=${1:?usage: fetch-icons.sh TARGET_DIR [offline=true]}
offline=${2:-}

missing() {
    echo "sensor: no icon sets ($1); the build goes on, emoji: will not start"
    exit 0
}

mkdir -p "$target"
if (cd "$target" && sha256sum --check --status --strict "$list" 2>/dev/null); then
    exit 0
fi
{ command -v npm && command -v node; } >/dev/null || missing "npm is not installed"

work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
flags=(--prefer-offline --fetch-retries=1 --fetch-timeout=60000 --loglevel=error)
[[ $offline == offline=true ]] && flags=(--offline --loglevel=error)
if ! (cd "$work" && npm pack "${packages[@]/#/@iconify-json/}" "${flags[@]}") >"$work/npm.log" 2>&1; then
    missing "npm could not fetch @iconify-json: $(grep -m1 -v -e '^npm warn' -e '^npm notice' "$work/npm.log" || echo no message)"
fi

names=()
for package in "${packages[@]}"; do
    name=${package%@*}
    tar -xzf "$work/iconify-json-$name-${package#*@}.tgz" -C "$work" --strip-components=1 package/icons.json
    # An icon's own size stands before its set's; another name may be an icon's only one.
    node - "$work/icons.json" "$resources/things.txt" >"$work/$name.tsv" <<'EOF'
const fs = require("fs");
const [, , icons, things] = process.argv;
const set = JSON.parse(fs.readFileSync(icons, "utf8"));
for (const thing of fs.readFileSync(things, "utf8").trim().split("\n")) {
  const other = set.aliases?.[thing]?.parent;
  const icon = set.icons[thing] ?? set.icons[other];
  if (!icon) throw new Error(`no icon ${thing} in ${set.prefix}`);
  const of = (key, standard) => icon[key] ?? set[key] ?? standard;
  const box = [of("left", 0), of("top", 0), of("width", 16), of("height", 16)].join(" ");
  const space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  console.log(`${thing}\t<svg ${space} viewBox="${box}">${icon.body.replace(/\s+/g, " ")}</svg>`);
}
EOF
    rm "$work/icons.json"
    names+=("$name.tsv")
done
if ! (cd "$work" && sha256sum --check --quiet --strict "$list"); then
    echo "sensor: @iconify-json does not hold the icons that it should (see above and $list)" >&2
    exit 1
fi
(cd "$work" && mv -f "${names[@]}" ..)

echo "sensor: fetched the icons of ${packages[*]}. Licences: Apache-2.0 (noto, noto-v1), CC BY 4.0 (twemoji),"
echo "sensor: CC BY-SA 4.0 (openmoji), MIT (fluent-emoji-flat); see docs/MODELS.md"
