#!/usr/bin/env bash
# Runs the node ear in the foreground until it is stopped or killed; options as in: ./foam node ear --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node ear "$@"
