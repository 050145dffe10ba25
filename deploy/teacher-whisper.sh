#!/usr/bin/env bash
# Runs the node teacher-whisper in the foreground until it is stopped or killed; options as in: ./foam node teacher-whisper --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node teacher-whisper "$@"
