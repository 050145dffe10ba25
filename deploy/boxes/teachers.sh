#!/usr/bin/env bash
# The box with the teachers, beside another that runs desk.sh:
#   deploy/boxes/teachers.sh --listen 10.0.0.2:7700 --peer 10.0.0.1:7700 --key KEY [options of ./foam up]
exec "$(dirname "$(readlink -f "$0")")/box.sh" teachers sensor,student,evaluator 'teacher-*' 'sensor/*' "$@"
