#!/usr/bin/env bash
# Resident memory follows --memory, not the batch size: .ci/memory.sh WORK
#
# The same two steps on the same simulated cells with batches of 256 and of 4,096. The aim is a ratio of 1.1; the check
# fails beyond 1.2, since what the C library holds differs by some percent from run to run.
set -euo pipefail
work="$1"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"

"$celllm" simulate --cells 5000 --out "$work/memory.h5ad" > /dev/null
"$celllm" corpus build "$work/memory.h5ad" --out "$work/memory-corpus" > /dev/null
peak() {
    "$celllm" pretrain "$work/memory-corpus" --preset tiny --memory 4g --batch "$1" --steps 2 --seed 1 \
        --out "$work/memory-$1" > /dev/null
    sed -n 's/.*"peak_resident_bytes" : \([0-9]*\).*/\1/p' "$work/memory-$1/provenance.json"
}
small="$(peak 256)" large="$(peak 4096)"
awk -v small="$small" -v large="$large" 'BEGIN {
    printf "resident at most: %.0f MB with a batch of 256, %.0f MB with 4,096: %.2f times as much\n",
        small / 1e6, large / 1e6, large / small
    exit !(small > 0 && large <= 1.2 * small)
}'
