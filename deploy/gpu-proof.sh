#!/usr/bin/env bash
# Shows the fabric on a real GPU, from a bundle (deploy/bundle.sh): every step of its own, with a limit of time, so that one that
# fails or hangs costs none of the others.
#   ./gpu-proof.sh FOLDER [STEP...]     steps: doctor tests chaos bench long; in a bundle with the loop also: loop looptests
#                                       (default: all that are there, in this order)
# FOLDER gets a log of each step, bench.json, and summary.md, lines for the table of docs/GPU.md. Exit code 1 if a step failed.
# SIZES (4KB,1MB,64MB,256MB: some 6 minutes) are what bench measures, KILLS (40) those of chaos.
set -uo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
[[ $# -ge 1 ]] || { echo "gpu-proof: where to? ./gpu-proof.sh FOLDER [STEP...]" >&2; exit 2; }
[[ -d $home/jre ]] || { echo "gpu-proof: $home is no bundle: make one with deploy/bundle.sh" >&2; exit 2; }
mkdir -p "$1" || exit 2
out=$(cd "$1" && pwd)
shift
steps=("$@")
known=(doctor tests chaos bench long)
[[ ! -d $home/nodes/student ]] || known+=(loop looptests)
[[ $# -gt 0 ]] || steps=("${known[@]}")
failed=0

# Some images have the driver where the loader does not look.
if ! ldconfig -p 2> /dev/null | grep -q 'libcuda\.so\.1 '; then
  for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib /usr/lib/x86_64-linux-gnu/nvidia/current; do
    [[ ! -e $folder/libcuda.so.1 ]] || export LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  done
fi

# What the GPU says it has given away, in MiB; "unknown" where nobody can be asked.
used_mib() {
  nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits 2> /dev/null | head -n 1 | grep -E '^[0-9]+$' || echo unknown
}

# Whatever of ours still runs or lies in shared memory.
leftovers() {
  local processes files
  processes=$(pgrep -fc "$home/jre/bin/java" || true)
  files=$(find /dev/shm -maxdepth 1 \( -name 'foam*' -o -name 'flux*' \) 2> /dev/null | wc -l)
  echo "processes=$processes files=$files"
}

# A step: name, limit in seconds, command...
step() {
  local name=$1 limit=$2 before code began=$SECONDS
  shift 2
  before=$(used_mib)
  echo "== $name (at most $limit s): $*"
  # Killed whole and for good if it does not end: a process that hangs must not hold the GPU under the next step.
  timeout --kill-after=10 "$limit" "$@" > "$out/$name.log" 2>&1
  code=$?
  tail -n 12 "$out/$name.log"
  [[ $code -eq 0 ]] || failed=1
  printf '| %s | exit %s after %s s | VRAM used before/after: %s/%s MiB | left: %s |\n' \
    "$name" "$code" $((SECONDS - began)) "$before" "$(used_mib)" "$(leftovers)" | tee -a "$out/summary.md"
}

machine() {
  nvidia-smi --query-gpu=name,driver_version,memory.total,compute_mode,mig.mode.current --format=csv
  uname -sr
  df -h /dev/shm
  "$home/foam" version
  "$home/foam" doctor
}

bench() {
  "$home/foam" bench gpu --json --sizes "${SIZES:-4KB,1MB,64MB,256MB}" > "$out/bench.json"
}

export -f machine bench
export home out
cd "$home" || exit 2
for name in "${steps[@]}"; do
  case $name in
    doctor) step doctor 120 bash -c machine ;;
    tests) step tests 300 ./gpu-tests.sh ;;
    chaos) step chaos 240 ./foam chaos --light --devices cuda:0,host --kills "${KILLS:-40}" ;;
    bench) step bench 580 bash -c bench ;;
    long) step long 580 ./gpu-tests.sh --slow ;;
    loop)
      step loop 240 ./foam up --device cuda:0 --duration 150s --headless --seed 1 --port 0 --summary "$out/loop.json"
      ;;
    looptests) step looptests 400 ./gpu-tests.sh --loop ;;
    *) echo "gpu-proof: no such step: $name (steps: ${known[*]})" >&2; failed=1 ;;
  esac
done
exit "$failed"
