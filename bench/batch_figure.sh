#!/usr/bin/env bash
# The figure of the README: bench/batch_figure.sh OUT.png [PRESET] [MEMORY] [GENES]
#
# Peak memory and time of a step against the batch, divided within MEMORY (3g) and undivided as far as 18 GiB go; two views of GENES (170)
# genes. Writes OUT.tsv beside it.
set -euo pipefail
out="$(realpath "$1")"
preset="${2:-small}"
memory="${3:-3g}"
genes="${4:-170}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -e bench/target/classpath ] || {
    mvn -B -q install -DskipTests
    mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
}
java() {
    OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive MALLOC_ARENA_MAX=2 command java -Xmx1g -XX:+UseSerialGC -Djava.awt.headless=true \
        -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.nopointergc=true \
        -cp "bench/target/classes:$(cat bench/target/classpath)" "$@"
}
tsv="${out%.png}.tsv"
for batch in 64 256 1024 4096; do
    java org.celllm.bench.BatchBenchmark "$preset" "$batch" "$memory" "$genes"
done > "$tsv"
for batch in 64 256 1024 2048; do
    java org.celllm.bench.BatchBenchmark "$preset" "$batch" undivided "$genes"
done >> "$tsv"
java org.celllm.bench.BatchFigure "$tsv" "$out"
