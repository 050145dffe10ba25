#!/usr/bin/env bash
# Runs the node coordinator in the foreground until it is stopped or killed; options as in: ./foam node coordinator --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node coordinator "$@"
