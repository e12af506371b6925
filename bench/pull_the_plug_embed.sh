#!/usr/bin/env bash
# Does an embedding that is killed again and again end in the same bytes? bench/pull_the_plug_embed.sh WORK [KILLS] [CELLS]
#
# Embeds CELLS simulated cells (30,000) with `tiny` without a break, then again while it is killed (-9) at KILLS (20) random moments and
# resumed, and compares the two files byte by byte. A moment may lie anywhere: in the start, a piece, the writing of the file. SEED
# decides the moments, LONGEST (8) is the longest time in seconds until a kill.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/random_kills.sh"
work="$1"
kills="${2:-20}"
cells="${3:-30000}"
longest="${LONGEST:-8}"
RANDOM="${SEED:-1}"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"
mkdir -p "$work"
if [ ! -e "$work/model" ]; then
    "$celllm" simulate --cells 600 --genes 100 --depth 6000 --out "$work/few.h5ad" --force > /dev/null 2>&1
    rm -rf "$work/corpus"
    "$celllm" corpus build "$work/few.h5ad" --min-genes 1 --min-counts 1 --out "$work/corpus" > /dev/null 2>&1
    "$celllm" pretrain "$work/corpus" --preset tiny --batch 64 --steps 20 --memory 2g --out "$work/model" > /dev/null 2>&1
fi
"$celllm" simulate --cells "$cells" --genes 100 --depth 6000 --seed 2 --out "$work/cells.h5ad" --force > /dev/null 2>&1
# In a process that is the command itself, so that a kill meets it.
embed() {
    exec "$celllm" embed "$work/model" "$work/cells.h5ad" --memory 2g "$@"
}
rm -rf "$work"/cut.h5ad "$work"/.cut.h5ad.*
(embed --out "$work/whole.h5ad" --force) > "$work/whole.log" 2>&1

finished=0
went_on=0
# Counts the runs that found finished cells, and takes an output that is whole.
look() {
    ! grep -q "^going on" "$work/cut.log" || went_on=$((went_on + 1))
    [ -e "$work/cut.h5ad" ] || return 0
    cmp "$work/whole.h5ad" "$work/cut.h5ad"
    finished=$((finished + 1))
    rm -rf "$work/cut.h5ad" "$work"/.cut.h5ad.*
}
for ((i = 0; i < kills; i++)); do
    killed_at_random "$longest" "$work/cut.log" embed --out "$work/cut.h5ad" --resume
    look
done
(embed --out "$work/cut.h5ad" --resume) > "$work/cut.log" 2>&1 || { tail -3 "$work/cut.log"; exit 1; }
look
[ -z "$(find "$work" -maxdepth 1 -name '.cut.h5ad.*')" ] || { echo "something was left behind"; exit 1; }
echo "killed $done_kills times, went on $went_on times, finished $finished times: the same bytes each time"
