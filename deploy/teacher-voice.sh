#!/usr/bin/env bash
# Runs the node teacher-voice in the foreground until it is stopped or killed; options as in: ./foam node teacher-voice --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node teacher-voice "$@"
