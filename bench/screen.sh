#!/usr/bin/env bash
# Trains a model for every line of SETTINGS and scores all embeddings: bench/screen.sh CORPUS SETTINGS OUT FILE:LABEL,FILE:LABEL,…
#
# A line is a name and options of `celllm pretrain`; lines that begin with # are left out. Two models are trained at once, each by one
# thread; what is in OUT already is not trained again, and a run that was cut off goes on. Scores go to OUT/scores.tsv: model, file, method,
# macro-F1 of five folds, macro-F1 of five labelled cells a class. SEEDS="1 2 3" trains every setting with each of these seeds; with more
# than one, a model's name ends in .s and its seed.
set -euo pipefail
corpus="$(realpath "$1")"
settings="$(realpath "$2")"
files="$4"
mkdir -p "$3"
out="$(realpath "$3")"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export celllm="${CELLLM:-$root/celllm}" corpus out
train() {
    local seed name options
    read -r seed name options <<< "$1"
    [ -e "$out/$name/model.safetensors" ] && return
    # shellcheck disable=SC2086
    $celllm pretrain "$corpus" --out "$out/$name" --resume --threads 1 --memory 4g --seed "$seed" --validate-every 0 $options > "$out/$name.log" 2>&1 ||
        echo "$name failed: $(tail -1 "$out/$name.log")"
}
export -f train
lines() {
    for seed in ${SEEDS:-1}; do
        suffix=
        [ "${SEEDS:-1}" = "$seed" ] || suffix=".s$seed"
        grep -v '^ *\(#\|$\)' "$settings" | while read -r name options; do echo "$seed $name$suffix $options"; done
    done
}
lines | tr '\n' '\0' | xargs -0 -P 2 -I{} bash -c 'train "$1"' - {}
names="$(lines | awk -v out="$out" '{ print out "/" $2 }')"
cd "$root"
[ -e bench/target/classes/org/celllm/bench/EmbeddingScores.class ] || mvn -B -q -pl bench -am -DskipTests install
[ -e bench/target/classpath ] || mvn -B -q -pl bench dependency:build-classpath -Dmdep.outputFile=target/classpath
# shellcheck disable=SC2086
OMP_NUM_THREADS=1 java -Xmx2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
    -cp "bench/target/classes:$(cat bench/target/classpath)" org.celllm.bench.EmbeddingScores "$files" $names > "$out/scores.tsv"
