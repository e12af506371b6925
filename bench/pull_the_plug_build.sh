#!/usr/bin/env bash
# Does a corpus whose building is killed again and again end in the same bytes? bench/pull_the_plug_build.sh WORK [KILLS] [CELLS] [SOURCES]
#
# Simulates SOURCES files (6) of CELLS cells in all (120,000, about 1,500 expressed genes each), builds a corpus of them without a break, then again
# while it is killed (-9) at KILLS (12) random moments and started again with --resume, and compares all files of both byte by byte. Moments
# lie anywhere: in the start, a reading, the moving of shards. SEED decides them, LONGEST (20) is the longest time in seconds until a kill. WORK/files
# may be there already: then these files are taken.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/random_kills.sh"
mkdir -p "$1"
work="$(realpath "$1")"
kills="${2:-12}"
cells="${3:-120000}"
sources="${4:-6}"
longest="${LONGEST:-20}"
RANDOM="${SEED:-1}"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"
[ -e "$work/files" ] || "$celllm" simulate --cells "$cells" --sources "$sources" --genes 6000 --out "$work/files" > "$work/simulate.log" 2>&1
# In a process that is the command itself, so that a kill meets it.
build() {
    exec "$celllm" corpus build "$work/files" --disease normal "$@"
}
rm -rf "$work/whole" "$work/cut" "$work"/.cut.*
began="$SECONDS"
(build --out "$work/whole") > "$work/whole.log" 2>&1
whole="$((SECONDS - began))"

finished=0
same() {
    diff -r "$work/whole" "$work/cut"
    finished=$((finished + 1))
    rm -rf "$work/cut"
}
began="$SECONDS"
for ((i = 0; i < kills; i++)); do
    killed_at_random "$longest" "$work/cut.log" build --out "$work/cut" --resume
    [ ! -e "$work/cut" ] || same
done
(build --out "$work/cut" --resume) > "$work/cut.log" 2>&1 || { tail -3 "$work/cut.log"; exit 1; }
same
[ -z "$(find "$work" -maxdepth 1 -name '.cut.*')" ] || { echo "something was left behind"; exit 1; }
echo "a whole build took $whole s; killed $done_kills times in $((SECONDS - began)) s, finished $finished times: the same bytes each time"
