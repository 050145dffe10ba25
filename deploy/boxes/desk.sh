#!/usr/bin/env bash
# The box with sensor, student and evaluator, beside another that runs teachers.sh:
#   deploy/boxes/desk.sh --listen 10.0.0.1:7700 --peer 10.0.0.2:7700 --key KEY [options of ./foam up]
exec "$(dirname "$(readlink -f "$0")")/box.sh" desk teacher-vision,teacher-whisper,teacher-llm 'sensor/*' 'teacher-*' "$@"
