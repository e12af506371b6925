#!/usr/bin/env bash
# What is it worth to go on from a model with a file's own cells, without their labels? bench/own_cells.sh MODEL OUT FILE:LABEL,FILE:LABEL,…
#
# For each file, and each of SEEDS ("1 2 3"), `celllm pretrain FILE --from MODEL` of STEPS (200) steps of BATCH (128) cells by one thread; then the embedding
# of MODEL and of each model so made is scored on that file by five folds and by five labelled cells a class, beside the baselines. HGNC may
# name an HGNC table. What is in OUT already is not trained again, and a run that was cut off goes on. Scores go to OUT/scores.tsv.
set -euo pipefail
model="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
files=()
for pair in ${3//,/ }; do files+=("$(realpath "${pair%:*}"):${pair##*:}"); done
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
celllm="${CELLLM:-$root/celllm}"
names=()
[ -z "${HGNC:-}" ] || names=(--hgnc "$(realpath "$HGNC")")
cd "$root"
[ -e bench/target/classes/org/celllm/bench/EmbeddingScores.class ] || mvn -B -q -pl bench -am -DskipTests install
[ -e bench/target/classpath ] || mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
: > "$out/scores.tsv"
for pair in "${files[@]}"; do
    file="${pair%:*}"
    name="$(basename "$file")"
    models=("$model")
    for seed in ${SEEDS:-1 2 3}; do
        own="$out/${name%.*}.s$seed"
        [ -e "$own/model.safetensors" ] || "$celllm" pretrain "$file" --from "$model" --out "$own" --resume --threads 1 --memory 4g \
            --steps "${STEPS:-200}" --batch "${BATCH:-128}" --seed "$seed" --validate-every 0 "${names[@]}" > "$own.log" 2>&1
        models+=("$own")
    done
    OMP_NUM_THREADS=1 java -Xmx2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
        -cp "bench/target/classes:$(cat bench/target/classpath)" org.celllm.bench.EmbeddingScores "$pair" "${models[@]}" >> "$out/scores.tsv"
done
