#!/usr/bin/env bash
# Does resident memory creep? bench/steady_memory.sh WORK [CELLS] [STEPS]
#
# Embeds CELLS simulated cells (100,000) and trains `tiny` for STEPS steps of 128 of them (1,000), reads the resident memory of
# the process five times a second, and fits a line through what comes after the first fifth. Fails when the line of the training
# rises by 1 MB or more per 100 steps, or that of the embedding by 1 MB or more per 100 batches of 256 cells.
set -euo pipefail
work="$1"
cells="${2:-100000}"
steps="${3:-1000}"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"
mkdir -p "$work"

# Runs a command and writes "share of the run, resident MB" to a file.
watch() {
    local file="$1"
    shift
    "$@" > "$file.log" 2>&1 &
    local process=$!
    : > "$file"
    while kill -0 "$process" 2> /dev/null; do
        awk -v at="$(date +%s.%N)" '/^VmRSS/ { printf "%s %.3f\n", at, $2 / 1000 }' "/proc/$process/status" >> "$file" 2> /dev/null || true
        sleep 0.2
    done
    wait "$process" || { tail -3 "$file.log" >&2; exit 1; }
}

# The rise in MB per 100 of $3 units, by least squares behind the first fifth of the time: line FILE WHAT UNITS
line() {
    awk -v what="$2" -v units="$3" '
    { at[NR] = $1; mb[NR] = $2 }
    END {
        whole = at[NR] - at[1]
        for (i = 1; i <= NR; i++) {
            x = (at[i] - at[1]) / whole * units / 100
            if (x < 0.2 * units / 100) continue
            n++; sx += x; sy += mb[i]; sxx += x * x; sxy += x * mb[i]
            if (mb[i] > most) most = mb[i]
            if (!least || mb[i] < least) least = mb[i]
        }
        slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
        printf "%s: %+.2f MB per 100 (mean %.0f MB, from %.0f to %.0f, %d readings)\n", what, slope, sy / n, least, most, n
        exit !(n > 20 && slope < 1)
    }' "$1"
}

[ -e "$work/cells.h5ad" ] || "$celllm" simulate --cells "$cells" --out "$work/cells.h5ad" > /dev/null
[ -e "$work/corpus" ] || "$celllm" corpus build "$work/cells.h5ad" --out "$work/corpus" > /dev/null
watch "$work/training" "$celllm" pretrain "$work/corpus" --preset tiny --batch 128 --memory 4g --steps "$steps" \
    --checkpoint-every "$steps" --seed 1 --out "$work/model" --force
watch "$work/embedding" "$celllm" embed "$work/model" "$work/cells.h5ad" --out "$work/embedded.h5ad" --force
failed=0
line "$work/training" "training, $steps steps" "$steps" || failed=1
line "$work/embedding" "embedding, $cells cells in batches of 256" "$((cells / 256))" || failed=1
exit "$failed"
