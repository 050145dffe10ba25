#!/usr/bin/env bash
# Runs the node bridge in the foreground until it is stopped or killed; options as in: ./foam node bridge --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node bridge "$@"
