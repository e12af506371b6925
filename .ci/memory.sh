#!/usr/bin/env bash
# Resident memory stays under --memory, whatever the batch: .ci/memory.sh WORK
#
# Two steps on the same simulated cells: batches of 256 and 4,096 with 4 GiB, which graphs that wait for the second pass may fill,
# and with 1 GiB, which they do fill. The check fails when a run holds more than its budget and 5%, when in 1 GiB the large batch holds
# more than 1.1 times what the small one does, or when in 4 GiB it does not use the room to run fewer chunks twice.
set -euo pipefail
work="$1"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"

"$celllm" simulate --cells 5000 --out "$work/memory.h5ad" > /dev/null
"$celllm" corpus build "$work/memory.h5ad" --out "$work/memory-corpus" > /dev/null
run() {
    "$celllm" pretrain "$work/memory-corpus" --preset tiny --memory "$2" --batch "$1" --steps 2 --seed 1 \
        --out "$work/memory-$1-$2" > /dev/null
    local peak rerun chunks
    peak="$(sed -n 's/.*"peak_resident_bytes" : \([0-9]*\).*/\1/p' "$work/memory-$1-$2/provenance.json")"
    chunks="$(sed -n 's/.*"kind":"train","step":2,.*"chunks":\([0-9]*\),.*/\1/p' "$work/memory-$1-$2/metrics.jsonl")"
    rerun="$(sed -n 's/.*"kind":"train","step":2,.*"rerun":\([0-9]*\),.*/\1/p' "$work/memory-$1-$2/metrics.jsonl")"
    echo "$1 $2 $peak $chunks $rerun"
}
{
    run 256 4g
    run 4096 4g
    run 256 1g
    run 4096 1g
} | awk '
{
    budget = $2 * 1024 * 1024 * 1024
    printf "batch %d in %s: %.0f MB at most (%.2f of the budget), %d of %d chunks run twice\n", $1, $2, $3 / 1e6, $3 / budget, $5, $4
    if ($3 > 1.05 * budget) failed = 1
    twice[$1 " " $2] = $5 / $4
    peak[$1 " " $2] = $3
}
END { exit failed || NR != 4 || peak["4096 1g"] > 1.1 * peak["256 1g"] || !(twice["4096 4g"] < twice["4096 1g"]) }'
