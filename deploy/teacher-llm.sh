#!/usr/bin/env bash
# Runs the node teacher-llm in the foreground until it is stopped or killed; options as in: ./foam node teacher-llm --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node teacher-llm "$@"
