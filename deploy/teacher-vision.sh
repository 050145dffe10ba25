#!/usr/bin/env bash
# Runs the node teacher-vision in the foreground until it is stopped or killed; options as in: ./foam node teacher-vision --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node teacher-vision "$@"
