#!/usr/bin/env bash
# Is hidden expression guessed in cells that were not trained on, of data sets that were? bench/masked.sh DATA OUT [OPTIONS OF PRETRAIN]
#
# DATA is the folder with pretrain/, cancer/, celltype/ and genes/. Eight sources without their labels go into a corpus, OUT/corpus, every one equally
# often into a model, OUT/model, and OUT/validated tells of the cells that training kept to validate with: that of "masked expression on cells not
# trained on" in docs/experiments.md (1 h 32 min on one busy core with AVX2). What is there already is not made again, and a training that was cut off goes on.
set -euo pipefail
data="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
shift 2
celllm="${CELLLM:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm}"
options=("$@")
[ $# -gt 0 ] || options=(--preset tiny --batch 256 --steps 320 --balance source --memory 4g --seed 1 --validate-every 80)
MORE_SOURCES="  - {path: $data/cancer/scmix_celseq2_3cl.h5ad, disease: cancer, tissue: lung}
  - {path: $data/cancer/scmix_dropseq_3cl.h5ad, disease: cancer, tissue: lung}
  - {path: $data/celltype/pollen64_scde.h5ad, disease: unknown, tissue: mixed}" bash "$(dirname "${BASH_SOURCE[0]}")/trunk.sh" "$data" "$out" "${options[@]}"
"$celllm" evaluate expression "$out/model" "$out/corpus" --out "$out/validated" --force
