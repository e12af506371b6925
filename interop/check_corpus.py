"""Reads a corpus with the safetensors package beside its source with anndata: check_corpus.py CORPUS SOURCE."""

import hashlib
import json
import sys
from pathlib import Path

import anndata
import numpy as np
import scipy.sparse as sparse
from safetensors.numpy import load_file

corpus, source = Path(sys.argv[1]), sys.argv[2]
manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
genes = (corpus / "genes.tsv").read_text(encoding="utf-8").split("\n")[1:-1]
data = anndata.read_h5ad(source)
expected = sparse.csr_matrix(data[:, genes].X)
totals = np.asarray(sparse.csr_matrix(data.X).sum(axis=1)).ravel()
codes = data.obs["disease"].map({"normal": 1, "cancer": 2}).to_numpy()
cells = 0
for shard in manifest["shards"]:
    path = corpus / "shards" / shard["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == shard["sha256"]
    tensors = load_file(path)
    counts = tensors["count"].astype(np.int64)
    counts[tensors["large_at"]] = tensors["large_count"]
    rows = tensors["row"]
    read = sparse.csr_matrix((counts, tensors["gene"].astype(np.int64), tensors["indptr"]), (len(rows), len(genes)))
    assert (read != expected[rows]).nnz == 0
    assert np.array_equal(tensors["total"], totals[rows])
    assert np.array_equal(tensors["disease"], codes[rows])
    cells += len(rows)
assert cells == manifest["cells"] > 0
print(f"safetensors: {cells} cells of the corpus are those of the source")
