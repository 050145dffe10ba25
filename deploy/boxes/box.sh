#!/usr/bin/env bash
# Runs one of two boxes in the foreground, until Ctrl-C or SIGTERM: its half of the loop and the bridge to the other, watched and
# started again by `./foam up`. Not called by itself: desk.sh has sensor, student and evaluator, teachers.sh the teachers.
#   desk.sh --listen HOST:PORT --peer HOST:PORT --key FILE [options of ./foam up]
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
box=$1 without=$2 exported=$3 imported=$4
shift 4
bridge=(--box "$box" --export "$exported" --import "$imported")
up=()
given=" "
while (($#)); do
  case $1 in
    --listen | --peer | --key)
      (($# > 1)) || { echo "$box: $1 of what?" >&2; exit 2; }
      value=$2
      [[ $1 != --key ]] || value=$(readlink -m "$2")
      bridge+=("$1" "$value")
      given+="$1 "
      shift 2
      ;;
    *)
      up+=("$1")
      shift
      ;;
  esac
done
for option in --listen --peer; do
  [[ $given == *" $option "* ]] || { echo "$box: $option is missing; see docs/DEPLOY.md" >&2; exit 2; }
done
command="exec ${home@Q}/foam node bridge ${bridge[*]@Q}"
exec "$home/foam" up --without "$without" --node "bridge=$command" "${up[@]}"
