"""The encoder in Python, as fast as PyTorch and performer-pytorch go: one line of JSON a figure.

    bench_encoder.py WHAT PRESET LENGTHS [--threads N] [--precision bfloat16|float32]

WHAT is `published` (float32, every cell padded to 6,000, one at a time), `forward`, `both` (forward and backward) or `step` (a
training step: two views of every cell, masked expression, normal against cancer and InfoNCE over the whole batch, the gradient's
norm clipped, AdamW). LENGTHS is a file with the number of expressed genes of each cell (of each view for `step`), one a line. Cells
are sorted by length and padded to the longest of their batch, products run in bfloat16 by autocast (or in float32, for processors
without such products), and the best of several batch sizes counts; in a `step` the pieces keep their graphs until the loss over all cells is known.
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


def products(narrow):
    return torch.autocast("cpu", torch.bfloat16) if narrow else contextlib.nullcontext()


def run(model, work, backward, narrow):
    context = products(narrow)
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


class Trainer:
    """A model with the heads and the optimiser of pre-training."""

    def __init__(self, model, preset, narrow):
        dim = PRESETS[preset][0]
        self.model = model
        self.narrow = narrow
        self.tokens = torch.nn.Linear(dim, TOKENS)
        self.disease = torch.nn.Linear(dim, 1)
        self.parameters = [p for part in (model, self.tokens, self.disease) for p in part.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(self.parameters, lr=2e-4, fused=True)

    def step(self, work, cells):
        """One step over pieces of the 2 · cells views; seconds."""
        functional = torch.nn.functional
        start = time.perf_counter()
        masked, representations = 0.0, []
        for tokens, genes, mask in work:
            hidden = torch.rand(tokens.shape) < 0.15
            if mask is not None:
                hidden &= mask
            hidden[:, 0] = False
            with products(self.narrow):
                encoded = self.model(tokens.masked_fill(hidden, TOKENS - 1), genes, mask)
            encoded = encoded.float()
            masked = masked + functional.cross_entropy(self.tokens(encoded[hidden]), tokens[hidden], reduction="sum")
            representations.append(encoded[:, 0])
        cls = torch.cat(representations)
        disease = functional.binary_cross_entropy_with_logits(self.disease(cls).squeeze(1), torch.zeros(2 * cells))
        unit = functional.normalize(cls, dim=1)
        scores = unit[:cells] @ unit[cells:].t() / 0.1
        labels = torch.arange(cells)
        contrastive = (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.t(), labels)) / 2
        (masked / 10_000 + disease + contrastive).backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["published", "forward", "both", "step"])
    parser.add_argument("preset", choices=sorted(PRESETS))
    parser.add_argument("lengths")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=["bfloat16", "float32"], default="bfloat16")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    lengths = [int(line) for line in open(arguments.lengths) if line.strip()]
    model = Encoder(arguments.preset)
    model.train() if arguments.what in ("both", "step") else model.eval()
    published = arguments.what == "published"
    narrow = arguments.precision == "bfloat16" and not published
    best = None
    positions = sum(length + 1 for length in lengths)
    trainer = Trainer(model, arguments.preset, narrow) if arguments.what == "step" else None
    if trainer:
        positions *= 2
    # As many cells at once as a few sizes of memory allow: the best one counts.
    for size in [1] if published else [1, 4, 16, 64, 256]:
        if size > len(lengths):
            continue
        if trainer and size < 16:
            continue
        work = batches(lengths * 2 if trainer else lengths, size, PADDED if published else None)
        seconds = min(
            trainer.step(work, len(lengths)) if trainer else run(model, work, arguments.what == "both", narrow)
            for _ in range(2 if published else 3)
        )
        figure = {
            "tool": "performer-pytorch",
            "what": arguments.what,
            "preset": arguments.preset,
            "precision": "bfloat16" if narrow else "float32",
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
