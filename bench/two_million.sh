#!/usr/bin/env bash
# A corpus at scale from start to end: bench/two_million.sh FOLDER [CELLS [SOURCES [CACHE]]]
#
# Simulates CELLS cells (default 2,000,000, about 1,560 expressed genes each) in SOURCES files (40) in FOLDER, builds a corpus of them, verifies
# it, looks for cells that are there twice, reads from it for training and trains 100 steps of `tiny`. After each: seconds by the clock, seconds of processor time,
# highest resident memory (getrusage of the whole process), and what it left on the disk. Needs 25 GB of disk for two million and GNU time.
#
# Reading runs in a memory group of CACHE (default 3g) of its own, which the page cache counts to, so that the corpus does not fit in it; where such
# a group cannot be made (it needs root and cgroups) that is said, and the page cache is what the machine has. What is there already is not
# made again.
set -euo pipefail
mkdir -p "$1"
folder="$(realpath "$1")"
cells="${2:-2000000}"
sources="${3:-40}"
cache="${4:-3g}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source-path=SCRIPTDIR
source bench/memory_group.sh
celllm="${CELLLM:-$PWD/celllm}"
"$celllm" --version > /dev/null
if [ ! -e bench/target/classpath ]; then
    mvn -B -q install -DskipTests
    mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
fi
measured() { # NAME WHAT-IT-WRITES COMMAND…
    local name="$1" written="$2" status=0
    shift 2
    /usr/bin/time -f '%e %U %S %M' -o "$folder/time" "$@" > "$folder/$name.log" 2>&1 || status=$?
    awk -v name="$name" -v cells="$cells" -v disk="$(du -sm "$written" 2> /dev/null | cut -f1)" '{
        printf "%-10s %7.0f s, %7.0f cells/s, processor %6.0f s, resident %5.0f MiB, on disk %s MB\n", name, $1, cells / $1, $2 + $3, $4 / 1024, disk
    }' <(tail -1 "$folder/time")
    [ "$status" = 0 ] || { echo "$name failed with $status: $(tail -1 "$folder/$name.log")"; exit 1; }
}
[ -e "$folder/cells" ] || measured simulate "$folder/cells" "$celllm" simulate --cells "$cells" --sources "$sources" --genes 6000 --out "$folder/cells"
[ -e "$folder/corpus" ] || measured build "$folder/corpus" "$celllm" corpus build "$folder/cells" --disease-column disease --label-column cell_type --out "$folder/corpus"
tail -1 "$folder/build.log"
measured verify "$folder/corpus" "$celllm" corpus verify "$folder/corpus"
measured duplicates "$folder/corpus" "$celllm" corpus verify --duplicates "$folder/corpus"
export OMP_NUM_THREADS=1 MALLOC_ARENA_MAX=2
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
for threads in 1 2; do
    echo "reading, $threads threads, $(memory_group_says "$cache")"
    forget_pages "$folder/corpus"
    in_memory_group "$cache" "$java" -Xmx1g -cp "bench/target/classes:$(cat bench/target/classpath)" \
        org.celllm.bench.EpochBenchmark "$folder/corpus" 256 60 "$threads" | grep -v compiling
done
in_memory_group "$cache" "$java" -Xmx1g -cp "bench/target/classes:$(cat bench/target/classpath)" \
    org.celllm.bench.MixingBenchmark "$folder/corpus" 256 200 | grep entropy
measured train "$folder/model" "$celllm" pretrain "$folder/corpus" --preset tiny --batch 256 --steps 100 --validate-every 0 --memory 4g --out "$folder/model" --force
python3 - "$folder/model/metrics.jsonl" << 'PYTHON'
import json, sys
steps = [json.loads(line) for line in open(sys.argv[1]) if "waited_seconds" in line]
whole, waited = (sum(step[key] for step in steps) for key in ("seconds", "waited_seconds"))
print(f"train: {len(steps)} steps, {whole:.1f} s, waited for data {100 * waited / whole:.2f}%")
PYTHON
