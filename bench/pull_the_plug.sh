#!/usr/bin/env bash
# Does a run that is killed again and again end in the same bits? bench/pull_the_plug.sh WORK [KILLS] [STEPS]
#
# Trains `tiny` for STEPS steps (60) without a break, then again with the same plan while it is killed (-9) at KILLS (50) random
# moments and resumed, and compares the two models byte by byte. A moment may lie anywhere: in the start, a step, a checkpoint, the
# writing of the model. SEED decides the moments.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/random_kills.sh"
work="$1"
kills="${2:-50}"
steps="${3:-60}"
RANDOM="${SEED:-1}"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"
mkdir -p "$work"
"$celllm" simulate --cells 600 --genes 300 --out "$work/cells.h5ad" --force > /dev/null 2>&1
rm -rf "$work/corpus" "$work/whole" "$work/cut"
"$celllm" corpus build "$work/cells.h5ad" --out "$work/corpus" > /dev/null 2>&1
# In a process that is the command itself, so that a kill meets it.
train() {
    exec "$celllm" pretrain "$work/corpus" --preset tiny --batch 64 --steps "$steps" --checkpoint-every 3 --memory 2g "$@"
}
(train --out "$work/whole") > "$work/whole.log" 2>&1

finished=0
for ((i = 0; i < kills; i++)); do
    killed_at_random 4.2 "$work/cut.log" train --out "$work/cut" --plan "$work/whole" --resume
    if [ -f "$work/cut/config.json" ]; then
        finished=$((finished + 1))
        cmp "$work/whole/model.safetensors" "$work/cut/model.safetensors" || exit 1
        rm -rf "$work/cut"
    fi
done
again=()
[ ! -e "$work/cut" ] || again=(--resume)
(train --out "$work/cut" --plan "$work/whole" "${again[@]}") > "$work/cut.log" 2>&1 || { tail -3 "$work/cut.log"; exit 1; }
cmp "$work/whole/model.safetensors" "$work/cut/model.safetensors"
echo "killed $done_kills times, finished $((finished + 1)) times: the same bits each time"
