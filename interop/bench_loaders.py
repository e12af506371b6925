"""Reads random batches of cells for training with one of Python's loaders.

bench_loaders.py prepare annbatch|scdl WORK FILE...   makes the loader's own form of the files in WORK
bench_loaders.py read LOADER WORK SECONDS FILE...     cells a second

LOADER is anndata (backed, random cells), scdataset (over backed anndata), annbatch or scdl. A batch is 256 cells as a CSR matrix.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp

BATCH = 256
BLOCK = 16  # consecutive cells read at once, as ours; and a window of 2,700 cells
WINDOW = 2700


def rows(length, generator):
    """All rows in random order, in batches, for ever."""
    while True:
        order = generator.permutation(length)
        for start in range(0, length - BATCH + 1, BATCH):
            yield order[start : start + BATCH]


def backed(files):
    import anndata

    return [anndata.read_h5ad(file, backed="r") for file in files]


def read_anndata(work, files):
    opened = backed(files)
    starts = np.cumsum([0] + [one.n_obs for one in opened])
    for batch in rows(starts[-1], np.random.default_rng(1)):
        batch = np.sort(batch)
        parts = []
        for i, one in enumerate(opened):
            inside = batch[(batch >= starts[i]) & (batch < starts[i + 1])] - starts[i]
            if len(inside):
                parts.append(one.X[inside])
        yield sp.vstack(parts, format="csr")


class Backed:
    """Several backed files as one collection for scDataset: rows by number, in the order asked for."""

    def __init__(self, files):
        self.opened = backed(files)
        self.starts = np.cumsum([0] + [one.n_obs for one in self.opened])

    def __len__(self):
        return int(self.starts[-1])

    def __getitem__(self, wanted):
        wanted = np.asarray(wanted)
        order = np.argsort(wanted, kind="stable")
        sorted_rows = wanted[order]
        parts = []
        for i, one in enumerate(self.opened):
            inside = sorted_rows[(sorted_rows >= self.starts[i]) & (sorted_rows < self.starts[i + 1])] - self.starts[i]
            if len(inside):
                parts.append(one.X[inside])
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return sp.vstack(parts, format="csr")[back]


def read_scdataset(work, files):
    from scdataset import BlockShuffling, scDataset

    while True:
        yield from scDataset(
            Backed(files), BlockShuffling(block_size=BLOCK), batch_size=BATCH, fetch_factor=-(-WINDOW // BATCH)
        )


def prepare_annbatch(work, files):
    import anndata
    from annbatch import DatasetCollection

    def only_counts(path):
        lazy = anndata.experimental.read_lazy(path)
        return anndata.AnnData(X=lazy.X, obs=lazy.obs.to_memory()[["cell_type"]], var=lazy.var.to_memory())

    DatasetCollection(work / "annbatch.zarr").add_adatas(files, load_adata=only_counts, dataset_size="1GB")


def read_annbatch(work, files):
    import zarr
    from annbatch import DatasetCollection, Loader

    zarr.config.set({"threading.max_workers": os.cpu_count()})
    # Its recommended use: shuffled once when written, then pieces of 512 cells in random order, 32 held at once.
    chunk, held = (int(text) for text in os.environ.get("ANNBATCH", "512 32").split())
    while True:
        loader = Loader(
            batch_size=BATCH,
            chunk_size=chunk,
            preload_nchunks=held,
            shuffle=True,
            preload_to_gpu=False,
            rng=np.random.default_rng(1),
        )
        loader.use_collection(DatasetCollection(work / "annbatch.zarr"))
        for batch in loader:
            yield batch["X"] if isinstance(batch, dict) else batch[0]


def prepare_scdl(work, files):
    from bionemo.scdl.io.single_cell_memmap_dataset import SingleCellMemMapDataset

    for i, file in enumerate(files):
        SingleCellMemMapDataset(str(work / f"scdl-{i}"), h5ad_path=file, use_X_not_raw=True).save()


def read_scdl(work, files):
    from bionemo.scdl.io.single_cell_memmap_dataset import SingleCellMemMapDataset

    opened = [SingleCellMemMapDataset(str(work / f"scdl-{i}")) for i in range(len(files))]
    starts = np.cumsum([0] + [one.number_of_rows() for one in opened])
    columns = opened[0].number_of_variables()[0]
    for batch in rows(starts[-1], np.random.default_rng(1)):
        which = np.searchsorted(starts, batch, side="right") - 1
        found = [opened[i].get_row(int(row - starts[i]))[0] for i, row in zip(which, batch)]
        offsets = np.cumsum([0] + [len(values) for values, _ in found])
        yield sp.csr_matrix(
            (np.concatenate([v for v, _ in found]), np.concatenate([c for _, c in found]), offsets),
            shape=(len(found), columns),
        )


def from_disk():
    with open("/proc/self/io") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes"))


def read(loader, work, seconds, files):
    batches = globals()["read_" + loader](work, files)
    first = next(batches)  # opening and imports are not counted
    assert first.shape[0] == BATCH and first.nnz > BATCH, first.shape
    cells, values = 0, 0
    disk, start, used = from_disk(), time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        batch = next(batches)
        cells += batch.shape[0]
        values += batch.nnz
    took, used = time.perf_counter() - start, time.process_time() - used
    print(
        json.dumps(
            {
                "what": loader,
                "cells": cells,
                "seconds": round(took, 1),
                "cells_per_second": round(cells / took),
                "cells_per_second_of_cpu": round(cells / used),
                "million_values_per_second": round(values / took / 1e6, 1),
                "megabytes_from_disk": round((from_disk() - disk) / 1e6),
            }
        )
    )


def main():
    verb, loader, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if verb == "prepare":
        start = time.perf_counter()
        globals()["prepare_" + loader](work, sys.argv[4:])
        print(json.dumps({"what": f"{loader}, its own form of the files", "seconds": round(time.perf_counter() - start, 1)}))
    else:
        read(loader, work, float(sys.argv[4]), sys.argv[5:])


if __name__ == "__main__":
    main()
