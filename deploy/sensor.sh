#!/usr/bin/env bash
# Runs the node sensor in the foreground until it is stopped or killed; options as in: ./foam node sensor --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node sensor "$@"
