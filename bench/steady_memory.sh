#!/usr/bin/env bash
# Does resident memory creep? bench/steady_memory.sh WORK [CELLS] [STEPS]
#
# Trains `tiny` for STEPS steps (1,500) of 128 of CELLS simulated cells (100,000), and embeds them all. Every 20 steps the
# trainer gives freed memory back and notes what the process then holds (metrics.jsonl): a line is fitted through that of the
# last two thirds of the steps. The resident memory of the embedding is read five times a second, and a line fitted behind the first
# fifth of the time. Fails when the first rises by 1 MB or more per 100 steps, or the second by 1 MB or more per 100 batches of
# 1,024 cells.
set -euo pipefail
work="$1"
cells="${2:-100000}"
steps="${3:-1500}"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"
mkdir -p "$work"

# Runs a command and writes "seconds since 1970, resident MB" to a file, several times a second.
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

# The rise in MB per 100 of something, by least squares over "number MB" lines: line WHAT < LINES
line() {
    awk -v what="$1" '
    {
        x = $1 / 100; n++; sx += x; sy += $2; sxx += x * x; sxy += x * $2
        if ($2 > most) most = $2
        if (!least || $2 < least) least = $2
    }
    END {
        slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
        printf "%s: %+.2f MB per 100 (mean %.0f MB, from %.0f to %.0f, %d readings)\n", what, slope, sy / n, least, most, n
        exit !(n > 20 && slope < 1)
    }'
}

[ -e "$work/cells.h5ad" ] || "$celllm" simulate --cells "$cells" --out "$work/cells.h5ad" > /dev/null
[ -e "$work/corpus" ] || "$celllm" corpus build "$work/cells.h5ad" --out "$work/corpus" > /dev/null
"$celllm" pretrain "$work/corpus" --preset tiny --batch 128 --memory 4g --steps "$steps" --validate-every 20 \
    --checkpoint-every "$steps" --seed 1 --out "$work/model" --force > "$work/training.log" 2>&1
watch "$work/embedding" "$celllm" embed "$work/model" "$work/cells.h5ad" --out "$work/embedded.h5ad" --force
failed=0
sed -n 's/.*"validation","step":\([0-9]*\),.*"resident_bytes":\([0-9]*\).*/\1 \2/p' "$work/model/metrics.jsonl" |
    awk -v from="$((steps / 3))" '$1 >= from { print $1, $2 / 1e6 }' |
    line "training, the last two thirds of $steps steps" || failed=1
awk -v batches="$(awk -v cells="$cells" 'BEGIN { print cells / 1024 }')" '
    { at[NR] = $1; mb[NR] = $2 }
    END { for (i = 1; i <= NR; i++) if ((x = (at[i] - at[1]) / (at[NR] - at[1])) > 0.2) print x * batches, mb[i] }' \
    "$work/embedding" | line "embedding, $cells cells in batches of 1,024" || failed=1
exit "$failed"
