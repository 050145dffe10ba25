#!/usr/bin/env bash
# Runs the node evaluator in the foreground until it is stopped or killed; options as in: ./foam node evaluator --help
exec "$(dirname "$(readlink -f "$0")")/../foam" node evaluator "$@"
