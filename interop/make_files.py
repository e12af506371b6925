"""Writes files with everything this version of anndata knows, and files of older dialects: make_files.py FOLDER TAG."""

import os
import sys
import warnings

import anndata
import h5py
import numpy as np
import pandas as pd
import scipy.sparse as sparse

warnings.filterwarnings("ignore")
folder, tag = sys.argv[1:]
rng = np.random.default_rng(1)


def name(stem):
    return os.path.join(folder, f"{tag}-{stem}.h5ad")


def everything(matrix):
    cells, genes = matrix.shape
    obs = pd.DataFrame(
        {
            "type": pd.Categorical(rng.choice(["B", "T", "NK-Zelle ß"], cells)),
            "grade": pd.Categorical(rng.choice(["low", "high"], cells), categories=["low", "high"], ordered=True),
            "score": rng.normal(size=cells).astype(np.float32),
            "count": rng.integers(0, 99, cells),
            "kept": rng.random(cells) > 0.5,
            "note": [f"note {i}" for i in range(cells)],
        },
        index=[f"cell {i}" for i in range(cells)],
    )
    obs["gap"] = obs["type"].where(obs["score"] > 0)
    obs["maybe"] = pd.array([None if i % 5 == 0 else i for i in range(cells)], dtype="Int64")
    obs["perhaps"] = pd.array([None if i % 5 == 0 else i % 2 == 0 for i in range(cells)], dtype="boolean")
    data = anndata.AnnData(
        matrix.astype(np.float32),
        obs=obs,
        var=pd.DataFrame({"length": rng.integers(100, 999, genes)}, index=[f"gene{i}" for i in range(genes)]),
    )
    data.raw = data.copy()
    data.layers["counts"] = matrix.copy()
    data.layers["dense"] = np.asarray(matrix.todense())
    data.obsm["X_pca"] = rng.normal(size=(cells, 5))
    data.obsm["table"] = pd.DataFrame({"x": rng.normal(size=cells)}, index=data.obs_names)
    data.obsm["sparse"] = sparse.random(cells, 7, 0.3, format="csr", random_state=1)
    data.varm["loadings"] = rng.normal(size=(genes, 5))
    data.obsp["near"] = sparse.random(cells, cells, 0.05, format="csr", random_state=2)
    data.uns["settings"] = {"depth": 3, "name": "näme", "list": np.arange(4), "deeper": {"flag": True}}
    data.uns["type_colors"] = np.array(["#ff0000", "#00ff00", "#0000ff"], dtype=object)
    return data


counts = sparse.random(60, 40, 0.3, format="csr", random_state=3, data_rvs=lambda n: rng.integers(1, 50, n))
data = everything(counts)
data.write_h5ad(name("csr"))
data.write_h5ad(name("gzip"), compression="gzip")
data.write_h5ad(name("lzf"), compression="lzf")
csc = data.copy()
csc.X = sparse.csc_matrix(csc.X)
csc.write_h5ad(name("csc"))
dense = data.copy()
dense.X = np.asarray(dense.X.todense())
dense.write_h5ad(name("dense"))
plain = anndata.AnnData(counts.astype(np.float32))
plain.write_h5ad(name("plain"))
again = data.copy()
again.obsm["X_celllm"] = rng.normal(size=(60, 3))
again.obs["celllm_label"] = pd.Categorical(["before"] * 60)
again.write_h5ad(name("again"))

with h5py.File(name("plain"), "r") as source, h5py.File(name("without-obsm"), "w") as target:
    for key in source:
        if key != "obsm":
            source.copy(key, target)
    target.attrs.update(source.attrs)

# Before 0.7: compound tables, categories in uns.
with h5py.File(name("compound"), "w") as file:
    dtype = [("index", "S8"), ("type", "i1"), ("score", "<f4"), ("depth", "<i8")]
    table = np.zeros(60, dtype)
    table["index"] = [f"cell{i}".encode() for i in range(60)]
    table["type"] = rng.integers(-1, 2, 60)
    table["score"] = rng.normal(size=60)
    table["depth"] = np.arange(60)
    file.create_dataset("obs", data=table, chunks=(20,), compression="gzip")
    genes = np.zeros(40, [("index", "S8")])
    genes["index"] = [f"gene{i}".encode() for i in range(40)]
    file["var"] = genes
    matrices = np.zeros(60, [("X_pca", "<f4", (5,)), ("X_umap", "<f8", (2,))])
    matrices["X_pca"] = rng.normal(size=(60, 5))
    matrices["X_umap"] = rng.normal(size=(60, 2))
    file["obsm"] = matrices
    file["X"] = np.asarray(counts.todense(), np.float32)
    file["uns/type_categories"] = np.array([b"B", b"T"])
with h5py.File(name("compound"), "r") as source, h5py.File(name("compound-bare"), "w") as target:
    for key in ("X", "obs", "var"):
        source.copy(key, target)
