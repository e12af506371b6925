"""Reads pairs of files with this anndata: all that was there is equal, what was added is right.

compare.py LIST, with lines BEFORE tab AFTER. Prints one line a problem, and leaves 1 when there was one.
"""

import os
import sys
import warnings

import anndata
import numpy as np
import pandas as pd
import scipy.sparse as sparse

warnings.filterwarnings("ignore")
ADDED = ["celllm_mapped_fraction", "celllm_rank", "celllm_label"]


def differ(a, b, place):
    """Where two values differ, or None."""
    if sparse.issparse(a):
        if not sparse.issparse(b) or a.format != b.format or a.shape != b.shape or a.dtype != b.dtype:
            return f"{place}: {type(a)} {a.shape} {a.dtype} became {type(b)}"
        for part in ("indptr", "indices", "data"):
            if not np.array_equal(getattr(a, part), getattr(b, part)):
                return f"{place}: {part} differ"
        return None
    if isinstance(a, pd.DataFrame):
        if list(a.columns) != list(b.columns):
            return f"{place}: columns {list(a.columns)} became {list(b.columns)}"
        try:
            pd.testing.assert_frame_equal(a, b, check_exact=True)
        except AssertionError as error:
            return f"{place}: {str(error).splitlines()[-1]}"
        return None
    if isinstance(a, np.ndarray) and a.dtype.names is None:
        if not isinstance(b, np.ndarray) or a.dtype != b.dtype or a.shape != b.shape:
            return f"{place}: {a.dtype} {a.shape} became {getattr(b, 'dtype', type(b))} {getattr(b, 'shape', '')}"
        same = np.array_equal(a, b, equal_nan=True) if a.dtype.kind == "f" else np.array_equal(a, b)
        return None if same else f"{place}: values differ"
    if hasattr(a, "keys"):
        if sorted(map(str, a.keys())) != sorted(map(str, b.keys())):
            return f"{place}: {sorted(map(str, a.keys()))} became {sorted(map(str, b.keys()))}"
        for key in a.keys():
            found = differ(a[key], b[key], f"{place}/{key}")
            if found:
                return found
        return None
    if isinstance(a, np.ndarray):
        if a.dtype.names != getattr(b.dtype, "names", None):
            return f"{place}: {a.dtype} became {b.dtype}"
        for field in a.dtype.names:
            found = differ(np.asarray(a[field]), np.asarray(b[field]), f"{place}/{field}")
            if found:
                return found
        return None
    if pd.api.extensions.ExtensionArray in type(a).__mro__:
        return None if type(a) is type(b) and a.equals(b) else f"{place}: values differ"
    return None if type(a) is type(b) and (a == b or a != a) else f"{place}: {a!r} became {b!r}"


def added(after):
    """What is wrong with the additions, or None."""
    cells = after.n_obs
    rows = np.arange(cells)
    expected = (rows[:, None] + np.arange(8)[None, :] / 16).astype(np.float32)
    found = differ(expected, np.asarray(after.obsm["X_celllm"]), "obsm/X_celllm")
    fractions = np.where(rows % 5 == 4, np.nan, rows / cells)
    found = found or differ(fractions, after.obs[ADDED[0]].to_numpy(), "obs/" + ADDED[0])
    found = found or differ((cells - rows).astype(np.int64), after.obs[ADDED[1]].to_numpy(), "obs/" + ADDED[1])
    labels = ["missing" if i % 7 == 6 else f"läbel {i % 3}" for i in rows]
    read = ["missing" if pd.isna(label) else label for label in after.obs[ADDED[2]]]
    return found or (None if labels == read else f"obs/{ADDED[2]}: {read[:8]}")


def read(path):
    try:
        return anndata.read_h5ad(path), None
    except Exception as error:  # any failure to read is what we look for
        return None, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def problem(before_path, after_path):
    before, why = read(before_path)
    after, why_after = read(after_path)
    if before is None:
        return ("unread", why) if after is None else None
    if after is None:
        return ("wrong", f"can no longer be read: {why_after}")
    found = added(after)
    for key in ADDED:
        for data in (before, after):
            if key in data.obs:
                del data.obs[key]
    for data in (before, after):
        if "X_celllm" in data.obsm:
            del data.obsm["X_celllm"]
    for part in ("X", "obs", "var", "layers", "obsm", "varm", "obsp", "varp", "uns"):
        found = found or differ(getattr(before, part), getattr(after, part), part)
    if (before.raw is None) != (after.raw is None):
        found = found or "raw appeared or vanished"
    if before.raw is not None:
        for part in ("X", "var", "varm"):
            found = found or differ(getattr(before.raw, part), getattr(after.raw, part), "raw/" + part)
    return ("wrong", found) if found else None


compared = unread = wrong = 0
for line in open(sys.argv[1], encoding="utf-8"):
    before, after = line.rstrip("\n").split("\t")
    if not os.path.exists(after):
        continue
    result = problem(before, after)
    if result is None:
        compared += 1
    elif result[0] == "unread":
        unread += 1
        print(f"  anndata {anndata.__version__} does not read {os.path.basename(before)}: {result[1]}")
    else:
        wrong += 1
        print(f"  {os.path.basename(after)}: {result[1]}")
print(f"anndata {anndata.__version__}: {compared} files equal, {wrong} not, {unread} that this version reads neither before nor after")
sys.exit(1 if wrong or compared == 0 else 0)
