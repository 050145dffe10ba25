#!/usr/bin/env bash
# Makes the file that lets every process of the foam start faster: the SDK's classes, loaded and linked (JEP 483, 514, 515).
# The build calls it when the SDK's jar is there. It never fails: a process that finds no such file, or one that is older than
# its jars, starts as it would without.
set -uo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cache=$home/node-sdk/target/foam.aot
jar=$(echo "$home"/node-sdk/target/node-sdk-*.jar)
[[ -e $jar ]] || exit 0
[[ ! $cache -nt $jar || ! $cache -nt $home/node-sdk/target/classpath.txt || ! $cache -nt $home/foam ]] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
FOAM_NO_BUILD=1 FOAM_AOT_OUTPUT=$work/foam.aot timeout 120 "$home/foam" aot-training --foam "$work/foam" > "$work/log" 2>&1
if [[ -s $work/foam.aot ]]; then
  mv "$work/foam.aot" "$cache"
else
  rm -f "$cache"
  echo "aot: no cache, processes start without: $(tail -n 1 "$work/log")" >&2
fi
exit 0
