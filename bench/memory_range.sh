#!/usr/bin/env bash
# Resident memory under --memory, over batches and networks: bench/memory_range.sh FILE.h5ad
#
# FILE gives the lengths of real cells. For every line the highest resident memory of the whole process (getrusage, so planning and
# start-up count too) beside the budget; fails when one is above 1.05 of it. Needs GNU time; most of its time is the batch of 65,536: 50
# minutes on 2 cores that had other work too.
set -euo pipefail
file="$(realpath "$1")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mvn -B -q install -DskipTests
mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive MALLOC_ARENA_MAX=2
java() {
    command java -Xmx1g -XX:+UseSerialGC -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
        -Dorg.bytedeco.javacpp.nopointergc=true -cp "bench/target/classes:$(cat bench/target/classpath)" "$@"
}
java org.celllm.bench.CellLengths "$file" 500 > "$work/lengths"
export -f java
failed=0
# PRESET BATCH MEMORY SHORTEST LONGEST STEPS HIDE
run() {
    local peak line ratio
    line="$(/usr/bin/time -f '%M' -o "$work/peak" bash -c 'java org.celllm.bench.StepBenchmark "$@" bfloat16' - "$@" | tail -1)"
    peak="$(cat "$work/peak")"
    ratio="$(awk -v peak="$peak" -v budget="${3%g}" 'BEGIN { printf "%.3f", peak / budget / 1024 / 1024 }')"
    echo "$ratio of $3 ($((peak / 1024)) MiB) | ${line//"$work/lengths–-"/real}"
    awk -v ratio="$ratio" 'BEGIN { exit ratio > 1.05 }' || failed=1
}
for batch in 64 1024 16384 65536; do
    run small "$batch" 3g 64 64 2 0
done
for batch in 64 512 4096; do
    run small "$batch" 3g "$work/lengths" - 3 0.65
done
run published 64 6g "$work/lengths" - 1 0.65
run published 1 4g 6000 6000 2 0
exit "$failed"
