"""The encoder in Python, as fast as PyTorch and performer-pytorch go: one line of JSON a figure.

    bench_encoder.py WHAT PRESET LENGTHS [--threads N]

WHAT is `published` (float32, every cell padded to 6,000, one at a time), `forward` or `both` (forward and backward). LENGTHS
is a file with the number of expressed genes of each cell, one a line. For `forward` and `both`, cells are sorted by length and
padded to the longest of their batch, products run in bfloat16 by autocast, and the best of several batch sizes counts.
"""
import argparse
import contextlib
import json
import time

import torch
from performer_pytorch import Performer

PRESETS = {"tiny": (64, 2, 2, 32), "small": (128, 4, 4, 32), "published": (512, 10, 16, 64)}
GENES, TOKENS, PADDED = 19379, 8, 6000


class Encoder(torch.nn.Module):
    """Token and gene embeddings under a Performer."""

    def __init__(self, preset):
        super().__init__()
        dim, depth, heads, width = PRESETS[preset]
        self.token = torch.nn.Embedding(TOKENS, dim)
        self.gene = torch.nn.Embedding(GENES + 2, dim)
        self.performer = Performer(
            dim=dim, depth=depth, heads=heads, dim_head=width, qkv_bias=False, auto_check_redraw=False
        )
        self.norm = torch.nn.LayerNorm(dim)

    def forward(self, tokens, genes, mask):
        return self.norm(self.performer(self.token(tokens) + self.gene(genes), mask=mask))


def batches(lengths, size, to=None):
    """Random cells of these lengths, shortest first, padded to the longest of each batch, or to a stated length."""
    made = []
    ordered = sorted(lengths)
    for start in range(0, len(ordered), size):
        chosen = ordered[start : start + size]
        longest = to or max(chosen) + 1
        mask = torch.zeros(len(chosen), longest, dtype=torch.bool)
        for row, length in enumerate(chosen):
            mask[row, : length + 1] = True
        tokens = torch.randint(0, TOKENS - 2, mask.shape).masked_fill(~mask, TOKENS - 1)
        genes = torch.randint(0, GENES, mask.shape).masked_fill(~mask, GENES + 1)
        made.append((tokens, genes, mask if not bool(mask.all()) else None))
    return made


def run(model, work, backward, narrow):
    context = torch.autocast("cpu", torch.bfloat16) if narrow else contextlib.nullcontext()
    start = time.perf_counter()
    for tokens, genes, mask in work:
        if backward:
            with context:
                encoded = model(tokens, genes, mask)
            encoded.float().sum().backward()
            model.zero_grad(set_to_none=True)
        else:
            with torch.inference_mode(), context:
                model(tokens, genes, mask)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["published", "forward", "both"])
    parser.add_argument("preset", choices=sorted(PRESETS))
    parser.add_argument("lengths")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    lengths = [int(line) for line in open(arguments.lengths) if line.strip()]
    model = Encoder(arguments.preset)
    model.eval() if arguments.what != "both" else model.train()
    published = arguments.what == "published"
    best = None
    positions = sum(length + 1 for length in lengths)
    # As many cells at once as a few sizes of memory allow: the best one counts.
    for size in [1] if published else [1, 4, 16, 64, 256]:
        if size > len(lengths):
            continue
        work = batches(lengths, size, PADDED if published else None)
        seconds = min(run(model, work, arguments.what == "both", not published) for _ in range(2 if published else 3))
        figure = {
            "tool": "performer-pytorch",
            "what": arguments.what,
            "preset": arguments.preset,
            "threads": arguments.threads,
            "cells_at_once": size,
            "cells_per_second": len(lengths) / seconds,
            "positions_per_second": positions / seconds,
        }
        if best is None or figure["cells_per_second"] > best["cells_per_second"]:
            best = figure
    print(json.dumps(best))


if __name__ == "__main__":
    main()
