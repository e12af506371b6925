#!/usr/bin/env bash
# Reading for training beside Python's loaders, from the same cells: interop/bench_loaders.sh FOLDER [CACHE [SECONDS]]
#
# FOLDER has .h5ad files (as `celllm simulate --sources N` writes them) or is empty, and then gets 400,000 cells in 8 files. Batches of 256 cells
# in random order, by a corpus of ours and by anndata (backed), scDataset, annbatch and BioNeMo's SCDL; each in a memory group of CACHE (default 2g)
# that the page cache counts to, where such groups can be made. What each needs made beforehand is timed too. Takes turns, twice.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/environments.sh"
# shellcheck source-path=SCRIPTDIR
source "$root/bench/memory_group.sh"
mkdir -p "$1"
folder="$(realpath "$1")"
cache="${2:-2g}"
seconds="${3:-30}"
python="${LOADERS_PYTHON:-$(environment loaders 3.12 3.13)}"
[ -n "$python" ] || { echo "interop: the benchmark needs Python 3.12 or 3.13"; exit 1; }
[ -n "$(ls -A "$folder")" ] || { rmdir "$folder"; "$root/celllm" simulate --cells 400000 --sources 8 --genes 6000 --out "$folder"; }
files=("$folder"/*.h5ad)
work="$(mktemp -d -p "$(dirname "$folder")")"
trap "rm -rf \"$work\"" EXIT
mvn -B -q -o -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package > "$work/build.log" 2>&1 ||
    mvn -B -q -f "$root/pom.xml" -pl bench -am -Dmaven.test.skip=true package
in_python() {
    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE "$python" "$interop/bench_loaders.py" "$@" 2> "$work/python.err" ||
        { echo "failed: $*"; tail -3 "$work/python.err"; }
}
SECONDS=0
"$root/celllm" corpus build "$folder" --disease-column disease --out "$work/corpus" > "$work/build.log"
echo "{\"what\": \"celllm, its corpus of the files\", \"seconds\": $SECONDS}"
in_python prepare annbatch "$work" "${files[@]}"
in_python prepare scdl "$work" "${files[@]}"
du -sm "$folder" "$work/corpus" "$work"/annbatch* | sed 's/\t.*\// MB: /'
du -smc "$work"/scdl-* | tail -1 | sed 's/\t.*/ MB: scdl/'
memory_group_says "$cache"
for _ in 1 2; do
    forget_pages "$work" "$folder"
    in_memory_group "$cache" "$java" -Xmx1g -cp "$root/bench/target/classes:$class_path" \
        org.celllm.bench.EpochBenchmark "$work/corpus" 256 "$seconds" 1 | grep -v compiling
    for loader in annbatch scdl scdataset anndata; do
        forget_pages "$work" "$folder"
        in_memory_group "$cache" env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE "$python" "$interop/bench_loaders.py" \
            read "$loader" "$work" "$seconds" "${files[@]}" 2> "$work/python.err" || { echo "$loader failed"; tail -3 "$work/python.err"; }
    done
done
