#!/usr/bin/env bash
# The encoder beside the same one in Python, on the same lengths: interop/bench_encoder.sh [FILE.h5ad]. With FILE, also on the
# lengths of its cells. Each figure of Python's is followed by ours, so that a busy machine slows both.
#
# Python is PyTorch of the same version with performer-pytorch at its best settings: bfloat16 by autocast where the processor
# multiplies such numbers and float32 elsewhere, as ours; cells sorted by length and padded to the longest of their batch, the best of several batch sizes, all cores in each product, freed memory kept. `published` is
# the published way: 32-bit floats, one cell at a time, padded to 6,000.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/environments.sh"
torch_python="$(environment torch 3.10 3.13)"
[ -n "$torch_python" ] || { echo "interop: the benchmark needs a Python from 3.10 to 3.13"; exit 1; }
work="$(mktemp -d)"
trap "rm -rf \"$work\"" EXIT
cores="$(nproc)"
precision=float32
if grep -qE ' (avx512_bf16|amx_bf16)' /proc/cpuinfo; then precision=bfloat16; fi

mvn -B -q -o -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package > "$work/build.log" 2>&1 ||
    mvn -B -q -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package
in_java() {
    OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive MALLOC_ARENA_MAX=2 "$java" -Xmx1g -XX:+UseSerialGC -XX:-UsePerfData \
        -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
        -Dorg.bytedeco.javacpp.nopointergc=true -Dorg.bytedeco.javacpp.logger=slf4j \
        -cp "$root/bench/target/classes:$class_path" "$@" 2> "$work/java.err" || { cat "$work/java.err" >&2; exit 1; }
}
in_python() {
    # Some systems set these for an OpenBLAS that PyTorch does not use. glibc is told to keep freed memory: where graphs wait, giving
    # it back and asking for it again costs Python most of a step.
    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE -u OMP_NUM_THREADS \
        MALLOC_TRIM_THRESHOLD_=100000000000 MALLOC_MMAP_THRESHOLD_=4294967296 \
        "$torch_python" "$interop/bench_encoder.py" "$@" --threads "$cores" --precision "$precision"
}
compare() { # PRESET LENGTHS WHAT…
    local preset="$1" lengths="$2" what
    shift 2
    for what in "$@"; do
        in_python "$what" "$preset" "$lengths"
    done
    in_java org.celllm.bench.EncoderBenchmark "$preset" all "@$lengths" "$precision" 1 "$cores" | grep -E "peak|workers"
}

printf '600\n%.0s' 1 2 > "$work/two"
printf '600\n%.0s' {1..16} > "$work/equal"
printf '170\n%.0s' {1..256} > "$work/step"
for ((i = 0; i < 512; i++)); do echo $((100 + i * 7919 % 141)); done > "$work/views"
printf '\n== the published way: 600 genes padded to 6,000\n'
in_python published published "$work/two"
printf '\n== published, 16 cells of 600 genes\n'
compare published "$work/equal" forward both
if [ -n "${1:-}" ]; then
    in_java org.celllm.bench.CellLengths "$1" 24 > "$work/real"
    printf '\n== published, lengths of 24 cells of %s\n' "$(basename "$1")"
    compare published "$work/real" forward
fi
for preset in small tiny; do
    printf '\n== %s, 512 views of 100 to 240 genes\n' "$preset"
    compare "$preset" "$work/views" forward both
    printf '\n== %s, a training step of 256 cells, two views of 170 genes each\n' "$preset"
    in_python step "$preset" "$work/step"
    in_java org.celllm.bench.StepBenchmark "$preset" 256 6g 425 425 15 0.6 "$precision" "$cores"
done
