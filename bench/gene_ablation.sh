#!/usr/bin/env bash
# What do gene embeddings contribute? bench/gene_ablation.sh CORPUS PPI OUT FILE:LABEL,FILE:LABEL,…
#
# For each of SEEDS (1 to 5 by default) a model from each beginning: random, random and kept, from the protein interactions of PPI kept and
# trained, and from co-expression, the default. Trained and scored by bench/screen.sh; the table, with the masked-expression loss on validation
# cells and each beginning's paired difference from random, goes to OUT/ablation.tsv. SETTINGS holds options of all models.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
celllm="${CELLLM:-$root/celllm}"
settings="${SETTINGS:---steps 120 --batch 64}"
seeds="${SEEDS:-1 2 3 4 5}"
mkdir -p "$3"
out="$(realpath "$3")"
[ -e "$out/genes" ] || "$celllm" genes embed --ppi "$2" --dim "${DIM:-64}" --out "$out/genes"
cat > "$out/settings.txt" <<END
random        --gene-embeddings random $settings
random-kept   --gene-embeddings random --freeze-genes $settings
ppi-kept      --gene-embeddings $out/genes --freeze-genes $settings
ppi           --gene-embeddings $out/genes $settings
coexpression  --gene-embeddings coexpression $settings
END
SEEDS="$seeds" "$root/bench/screen.sh" "$1" "$out/settings.txt" "$out" "$4"
python3 - "$out" "$seeds" << 'END' | tee "$out/ablation.tsv"
import json, math, sys
out, seeds = sys.argv[1], sys.argv[2].split()
T = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}  # Student's t, 97.5%, by the number of seeds
names = ["random", "random-kept", "ppi-kept", "ppi", "coexpression"]
values = {}
for name in names:
    for seed in seeds:
        model = name + (".s" + seed if len(seeds) > 1 else "")
        last = [json.loads(line) for line in open(f"{out}/{model}/metrics.jsonl") if '"kind":"validation"' in line][-1]
        values[("masked loss", name, seed)] = last["masked"]
        values[("masked right", name, seed)] = last["masked_accuracy"]
        values[("commonest bin right", name, seed)] = last["commonest_accuracy"]
for line in open(f"{out}/scores.tsv"):
    model, file, method, folds, few = line.rstrip("\n").split("\t")
    name, _, seed = model.rpartition(".s") if len(seeds) > 1 else (model, "", seeds[0])
    for what, score in (("5 folds", folds), ("5 cells a class", few)):
        values[(f"{file}, {method}, {what}", name, seed)] = float(score)
def interval(numbers):
    mean = sum(numbers) / len(numbers)
    if len(numbers) < 2:
        return f"{mean:.4f}"
    half = T[len(numbers)] * math.sqrt(sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1) / len(numbers))
    return f"{mean:.4f} [{mean - half:.4f}, {mean + half:.4f}]"
print("measure", "beginning", "mean [95%]", "ahead of random by [95%]", sep="\t")
for measure in dict.fromkeys(key[0] for key in values):
    for name in names:
        if all((measure, name, seed) in values for seed in seeds):
            row = [values[(measure, name, seed)] for seed in seeds]
            against = [values[(measure, name, seed)] - values[(measure, "random", seed)] for seed in seeds]
            print(measure, name, interval(row), "" if name == "random" else interval(against), sep="\t")
END
