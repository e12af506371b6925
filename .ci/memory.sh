#!/usr/bin/env bash
# Resident memory follows --memory, not the batch size: .ci/memory.sh WORK
#
# The same two steps on the same simulated cells with batches of 256 and of 4,096, three times, since what the C library holds
# differs by some percent from run to run. The check fails when the middle one of the three ratios lies above 1.1.
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
for run in 1 2 3; do
    rm -rf "$work"/memory-256 "$work"/memory-4096
    printf '%s %s\n' "$(peak 256)" "$(peak 4096)"
done | awk '{ print $2 / $1, $1, $2 }' | sort -n | awk '
{
    printf "resident at most: %.0f MB with a batch of 256, %.0f MB with 4,096: %.2f times as much\n", $2 / 1e6, $3 / 1e6, $1
    ratio[NR] = $1
}
END { exit !(NR == 3 && ratio[2] <= 1.1) }'
