#!/usr/bin/env bash
# Does the objective of normal against cancer help with cells of a source that was never seen? bench/leave_one_out.sh CORPUS OUT [SEEDS]
#
# For every source of CORPUS: a corpus without it, a model with all objectives and one without normal/cancer (120 steps of 128, `tiny`), and what a
# logistic regression on their embeddings of the other cells says of the source left out, beside the baselines. Two models are
# trained at once, each by one thread; what is in OUT already is not made again. Scores go to OUT/transfer.tsv.
set -euo pipefail
corpus="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export celllm="${CELLLM:-$root/celllm}" corpus out
mapfile -t sources < <(python3 -c 'import json, sys; print(*(s["name"] for s in json.load(open(sys.argv[1]))["sources"]), sep="\n")' "$corpus/manifest.json")
train() { # SEED SOURCE NAME OPTIONS
    local seed="$1" source="$2" model="$out/$2.$3.s$1"
    shift 3
    [ -e "$model/model.safetensors" ] && return
    "$celllm" pretrain "$out/without-$source" --out "$model" --resume --threads 1 --memory 4g --steps 120 --batch 128 --seed "$seed" \
        --validate-every 0 "$@" > "$model.log" 2>&1 || echo "$model failed: $(tail -1 "$model.log")"
}
export -f train
jobs=()
models=()
for seed in ${3:-1}; do
    for source in "${sources[@]}"; do
        if [ ! -e "$out/without-$source" ]; then
            cp -r "$corpus" "$out/copy"
            "$celllm" corpus remove "$out/copy" "$source" > /dev/null
            mv "$out/copy" "$out/without-$source"
        fi
        jobs+=("$seed $source with" "$seed $source without --disease-weight 0")
        models+=("with$seed:$source=$out/$source.with.s$seed" "without$seed:$source=$out/$source.without.s$seed")
    done
done
# shellcheck disable=SC2016
printf '%s\0' "${jobs[@]}" | xargs -0 -P 2 -I{} bash -c 'train $1' - {}
cd "$root"
[ -e bench/target/classpath ] || mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
OMP_NUM_THREADS=1 java -Xmx3g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
    -cp "bench/target/classes:$(cat bench/target/classpath)" org.celllm.bench.DiseaseTransfer "$corpus" "${models[@]}" > "$out/transfer.tsv"
