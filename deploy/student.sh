#!/usr/bin/env bash
# Runs the node student in the foreground until it is stopped or killed; options as in: ./foam node student --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node student "$@"
