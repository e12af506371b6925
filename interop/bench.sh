#!/usr/bin/env bash
# `corpus build` beside the same work with anndata, on the same file: interop/bench.sh [FILE [RUNS]]. Without FILE, on
# 20,000 simulated cells of 5,000 genes. Runs of both alternate, so that a busy machine slows both.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/environments.sh"
[ -n "$new_python" ] || { echo "interop: the benchmark needs Python 3.12 or newer"; exit 1; }
work="$(mktemp -d)"
trap "rm -rf \"$work\"" EXIT
file="${1:-}"
runs="${2:-3}"
if [ -z "$file" ]; then
    file="$work/simulated.h5ad"
    run_java simulate "$file" 20000 5000
fi
"$new_python" - "$file" > "$work/genes.tsv" << 'PYTHON'
import sys, anndata
print("gene", *anndata.read_h5ad(sys.argv[1], backed="r").var_names, sep="\n")
PYTHON
mvn -B -q -o -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package > "$work/build.log" 2>&1 ||
    mvn -B -q -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package
for _ in $(seq "$runs"); do
    # Three builds in one process: the first one is that of a cold JVM.
    "$java" -Xmx1g -XX:-UsePerfData -Dorg.bytedeco.javacpp.logger=slf4j \
        -cp "$root/bench/target/classes:$class_path" org.celllm.bench.CorpusBuildBenchmark \
        "$file" "$work/genes.tsv" "$work" 3
    "$new_python" "$interop/bench_corpus.py" "$file" "$work/genes.tsv" "$work" 1
    rm -rf "$work"/corpus-python-*
done
