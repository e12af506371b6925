#!/usr/bin/env bash
# What anndata, old and new, makes of our files; see README.md beside this.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/environments.sh"
work="$(mktemp -d)"
trap "rm -rf \"$work\"" EXIT
mkdir "$work/before" "$work/after"

[ -z "$old_python" ] || "$old_python" "$interop/make_files.py" "$work/before" old
[ -z "$new_python" ] || "$new_python" "$interop/make_files.py" "$work/before" new
run_java simulate "$work/before/simulated.h5ad" 300 500
files=("$work"/before/*.h5ad)
data="$root/../shared/data"
if [ -d "$data" ]; then
    while IFS= read -r file; do files+=("$file"); done < <(find "$data" -name '*.h5ad' | sort)
else
    echo "interop: no ../shared/data; only files made here are compared"
fi
number=0
for file in "${files[@]}"; do
    number=$((number + 1))
    printf '%s\t%s\n' "$file" "$work/after/$number-$(basename "$file")"
done > "$work/pairs"
run_java append "$work/pairs" | tee "$work/appended"
if grep -q "^refused: $work/before" "$work/appended"; then
    echo "interop: a file that anndata wrote just now was refused"
    exit 1
fi
run_java write "$work/written.h5ad"
run_java corpus "$work/corpus" "$work/before/simulated.h5ad"

# A change of one value must be noticed, or the comparison proves nothing.
first="$(head -n 1 "$work/pairs" | cut -f 2)"
cp "$first" "$work/changed.h5ad"
"${new_python:-$old_python}" - "$work/changed.h5ad" << 'PYTHON'
import sys, h5py
with h5py.File(sys.argv[1], "r+") as file:
    values = file["X/data"] if "data" in file["X"] else file["X"]
    values[0] = values[0] + 1
PYTHON
printf '%s\t%s\n' "$(head -n 1 "$work/pairs" | cut -f 1)" "$work/changed.h5ad" > "$work/changed"

for python in "$old_python" "$new_python"; do
    [ -n "$python" ] || continue
    "$python" "$interop/compare.py" "$work/pairs"
    "$python" "$interop/check_written.py" "$work/written.h5ad"
    if "$python" "$interop/compare.py" "$work/changed" > "$work/changed.out"; then
        echo "interop: the comparison did not notice a changed value"
        exit 1
    fi
done
[ -z "$new_python" ] || "$new_python" "$interop/check_corpus.py" "$work/corpus" "$work/before/simulated.h5ad"
echo "interop: ${#files[@]} files were added to and compared"
