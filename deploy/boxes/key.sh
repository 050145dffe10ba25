#!/usr/bin/env bash
# Makes the secret that two boxes share: 32 random bytes in a file of this user alone. Take the same file to the other box:
#   deploy/boxes/key.sh KEY && scp -p KEY other:
set -euo pipefail

(($# == 1)) || { echo "key.sh: where to? key.sh FILE" >&2; exit 2; }
umask 077
set -o noclobber # a key that is there stays as it is
head -c 32 /dev/urandom > "$1"
