"""Reads a file of H5adWriter value by value: check_written.py FILE."""

import sys
import warnings

import anndata
import numpy as np
import pandas as pd
import scipy.sparse as sparse

warnings.filterwarnings("ignore")
data = anndata.read_h5ad(sys.argv[1])
cells, genes = 1000, 50
at = np.add.outer(np.arange(cells), np.arange(genes))
assert sparse.issparse(data.X) and data.X.format == "csr" and data.X.dtype == np.float32
assert np.array_equal(np.asarray(data.X.todense()), np.where(at % 3 == 0, at + 1, 0))
assert list(data.obs_names) == [f"zelle-ü {i}" for i in range(cells)]
assert list(data.var_names) == [f"gene {i}" for i in range(genes)]
assert list(data.obs.columns) == ["texts", "gaps", "whole", "broken", "codes", "truths", "maybe"]
assert data.var["chosen"].dtype == bool and list(data.var["chosen"][:2]) == [False, True]
rows = np.arange(cells)


def same(column, expected):
    read = [None if pd.isna(value) else value for value in data.obs[column]]
    assert read == expected, (column, read[:8], expected[:8])


same("texts", [f"text {i}" for i in rows])
same("gaps", [None if i % 4 == 3 else f"gap {i % 2}" for i in rows])
same("codes", [None if i % 4 == 0 else "abc"[i % 4 - 1] for i in rows])
same("truths", [bool(i % 2) for i in rows])
same("maybe", [None if i % 4 == 3 else str(bool(i % 2)) for i in rows])
assert data.obs["whole"].dtype == np.int64 and np.array_equal(data.obs["whole"], rows * 1000)
assert np.array_equal(data.obs["broken"], np.where(rows % 4 == 3, np.nan, rows / 8), equal_nan=True)
assert np.array_equal(data.obsm["X_one"], rows[:, None].astype(np.float32))
assert data.uns["origin"] == "interop ✓"
print(f"anndata {anndata.__version__}: the new file is right in every value")
