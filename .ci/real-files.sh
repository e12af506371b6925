#!/usr/bin/env bash
# Takes real files the whole way: .ci/real-files.sh DATA WORK
set -euo pipefail
data="$1" work="$2"
celllm="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/celllm"

run() {
    printf '\n$ celllm %s\n' "$*"
    "$celllm" "$@"
}

# Every dialect is read, or refused with one line and exit code 2; a fault of ours (exit code 1) is a failure.
read_files=0 refused_files=0
while IFS= read -r file; do
    folder="$(dirname "$file")"
    case "$(basename "$file")" in
        matrix.mtx | matrix.mtx.gz) file="$folder" ;; # a 10x folder is one source
        *) [ ! -e "$folder/matrix.mtx" ] && [ ! -e "$folder/matrix.mtx.gz" ] || continue ;;
    esac
    code=0
    "$celllm" inspect "$file" > "$work/inspect.out" 2> "$work/inspect.err" || code="$?"
    case "$code" in
        0) read_files=$((read_files + 1)) ;;
        2)
            refused_files=$((refused_files + 1))
            grep '^celllm: error: ' "$work/inspect.err" ||
                { echo "inspect refused $file without saying why"; cat "$work/inspect.err"; exit 1; }
            ;;
        *)
            echo "inspect $file left exit code $code"
            cat "$work/inspect.err"
            exit 1
            ;;
    esac
done < <(find "$data/formats" -type f | sort)
echo "inspect: $read_files read, $refused_files refused with one line"

run corpus build "$data/pretrain" --out "$work/corpus" --json "$work/corpus.json"
run corpus verify "$work/corpus"
run corpus show "$work/corpus"
run corpus show "$work/corpus" --cell 0,100
run report "$work/corpus" --out "$work/corpus.html"
run pretrain "$work/corpus" --out "$work/model" --preset tiny --batch 512 --memory 4g --steps 6 --threads 1
run embed "$work/model" "$data/celltype/pbmc3k.h5ad" --out "$work/embedded.h5ad" --threads 1
run annotate fit "$work/model" "$data/celltype/pbmc3k.h5ad" --label cell_type --out "$work/annotator" --threads 1
run annotate predict "$work/annotator" "$data/celltype/pbmc3k.h5ad" --out "$work/labels.csv" --threads 1
head -n 1 "$work/labels.csv" | grep -qx 'cell,label,probability'
run report "$work/annotator" --cells "$work/embedded.h5ad" --colour cell_type --out "$work/report.html"
test -s "$work/report.html"
