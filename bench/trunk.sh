#!/usr/bin/env bash
# Makes a model for experiments from the reference data, in one command: bench/trunk.sh DATA OUT [OPTIONS OF PRETRAIN]
#
# DATA is the folder with pretrain/ and genes/. The five sources go into a corpus, OUT/corpus, and a model is trained on it, OUT/model (without options
# `small`, 700 steps of 256 cells, seed 1, that of "what a longer pre-training is worth" in docs/experiments.md; 28 minutes on two cores with
# bfloat16, more without; that of "real cells with the default settings" is --preset tiny --batch 512 --steps 300 --memory 4g --seed 1).
# MORE_SOURCES may hold more lines of the list of sources. What is there already is not made again, and a training that was cut off goes on.
set -euo pipefail
data="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
shift 2
celllm="${CELLLM:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm}"
options=("$@")
[ $# -gt 0 ] || options=(--preset small --batch 256 --steps 700 --memory 6g --seed 1)
cat > "$out/sources.yaml" << END
sources:
  - {path: $data/pretrain/pbmc_pisces1000.h5ad, disease: normal, tissue: blood}
  - {path: $data/pretrain/kang_ifnb_harmony_dedup.h5ad, disease: normal, tissue: blood}
  - {path: $data/pretrain/a549_xenograft_cp007.h5ad, disease: cancer, tissue: lung}
  - {path: $data/pretrain/glioblastoma_10x_LT182.h5ad, disease: cancer, tissue: brain}
  - {path: $data/pretrain/oligodendroglioma_MGH53_MGH54.h5ad, disease: cancer, tissue: brain}
${MORE_SOURCES:-}
END
[ -e "$out/corpus" ] || "$celllm" corpus build "$out/sources.yaml" --hgnc "$data/genes/hgnc_complete_set.txt.gz" --out "$out/corpus"
[ -e "$out/model/model.safetensors" ] || "$celllm" pretrain "$out/corpus" --out "$out/model" --resume "${options[@]}"
