"""The work of `corpus build` in Python: bench_corpus.py FILE GENES WORK [RUNS].

Reads FILE with anndata, maps its genes to the vocabulary GENES (one name a line), keeps the totals over all genes,
filters cells, and writes the same tensors in shards of 16,384 cells with their checksums. One line of JSON a run.
"""

import hashlib
import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import anndata
import numpy as np
import scipy.sparse as sparse
from safetensors.numpy import save_file

file, genes_file, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
for run in range(runs):
    start = time.perf_counter()
    source = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    genes = [line for line in Path(genes_file).read_text(encoding="utf-8").split("\n") if line and line != "gene"]
    data = anndata.read_h5ad(file)
    matrix = sparse.csr_matrix(data.X)
    totals = np.asarray(matrix.sum(axis=1)).ravel().astype(np.float64)
    columns = data.var_names.get_indexer(genes)
    mapped = sparse.csr_matrix(matrix[:, columns[columns >= 0]])
    place = np.flatnonzero(columns >= 0)
    mapped.sort_indices()
    kept = np.flatnonzero(np.diff(mapped.indptr) >= 50)
    mapped = mapped[kept]
    out = work / f"corpus-python-{run}"
    out.mkdir(parents=True)
    for number, first in enumerate(range(0, len(kept), 16_384)):
        part = mapped[first : first + 16_384]
        rows = kept[first : first + 16_384]
        large = np.flatnonzero(part.data >= 65_535)
        tensors = {
            "indptr": part.indptr.astype(np.int64),
            "gene": place[part.indices].astype(np.uint16),
            "count": np.minimum(part.data, 65_535).astype(np.uint16),
            "large_at": large.astype(np.int64),
            "large_count": part.data[large].astype(np.int64),
            "total": totals[rows],
            "row": rows.astype(np.int64),
            "disease": np.zeros(len(rows), np.uint8),
        }
        path = out / f"shard-{number:05d}.safetensors"
        save_file(tensors, path)
        hashlib.sha256(path.read_bytes()).hexdigest()
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "tool": f"anndata {version('anndata')}",
                "what": "build",
                "cells": mapped.shape[0],
                "nonzeros": int(mapped.nnz),
                "seconds": round(seconds, 3),
                "cells_per_second": round(mapped.shape[0] / seconds),
                "nonzeros_per_second": round(mapped.nnz / seconds),
            }
        ),
        flush=True,
    )
