"""Pre-training in PyTorch, for experiments that are too long for a CPU: the same views, network, objectives and schedule.

    pretrain_torch.py CORPUS MODEL OUT [--steps N] [--batch N] [--seed N] [--masked W] [--disease W] [--contrastive W] ...

CORPUS and MODEL are folders of `celllm corpus build` and `celllm pretrain`. The gene embeddings begin as MODEL's (make it with
`--steps 1`), all other weights are drawn anew from the seed; `--keep` takes those of MODEL too. OUT becomes a model folder that every
command of celllm reads. Written by itself from docs/method.md, so it is a second opinion on the objectives as well: with `--steps 0 --keep` it
prints the losses of a model on the cells that are kept to validate with, which stand beside those in the model's metrics.jsonl.
Random numbers are not those of celllm, so a run agrees with one of its runs in distribution only. Batches stay undivided: the memory has to hold them.
"""

import argparse
import json
import math
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

TILE = 64
LAYER = "performer.net.layers.{}.{}."


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def kept_for_validation(cells):
    """Which cells of a corpus are never trained on: one in twenty, by number."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        key = mix(np.uint64(0x73706C6974) + golden)
        word = mix(key + golden * (np.arange(cells, dtype=np.uint64) + np.uint64(1)))
    return (word >> np.uint64(40)).astype(np.float64) * 2.0**-24 < 1 / 20


class Corpus:
    """Values, genes and depth of all cells, on the device."""

    def __init__(self, folder, device):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        values, genes, lengths, totals, disease, counted = [], [], [], [], [], []
        for shard in manifest["shards"]:
            tensors = load_file(folder / "shards" / shard["file"])
            counts = "count" in tensors
            value = tensors["count" if counts else "value"].astype(np.float32)
            if counts:
                value[tensors["large_at"]] = tensors["large_count"]
            values.append(value)
            genes.append(tensors["gene"].astype(np.int64))
            lengths.append(np.diff(tensors["indptr"]))
            totals.append(tensors["total"])
            disease.append(tensors["disease"])
            counted.append(np.full(len(tensors["total"]), counts))
        self.lengths = np.concatenate(lengths)
        self.values = torch.tensor(np.concatenate(values), device=device)
        self.genes = torch.tensor(np.concatenate(genes), device=device)
        self.starts = torch.tensor(np.cumsum(self.lengths) - self.lengths, device=device)
        self.totals = torch.tensor(np.concatenate(totals), device=device, dtype=torch.float32)
        self.disease = torch.tensor(np.concatenate(disease).astype(np.int64), device=device)
        self.counted = torch.tensor(np.concatenate(counted), device=device)
        self.validation = kept_for_validation(len(self.lengths))


def ranks(segment, random):
    """The place of each entry within its segment, segments ascending, in a random order."""
    order = torch.argsort(segment + random)
    ordered = segment[order]
    first = torch.searchsorted(ordered, torch.arange(int(segment[-1]) + 1, device=segment.device, dtype=segment.dtype))
    place = torch.arange(len(segment), device=segment.device) - first[ordered.long()]
    result = torch.empty_like(place)
    result[order] = place
    return result


class Views:
    """Two views of each cell of a batch, in tiles: what the network reads."""

    def __init__(self, corpus, cells, settings, network, random, device):
        tokens, views = network["tokens"], 2 * len(cells)
        both = np.concatenate([cells, cells])
        expressed = corpus.lengths[both]
        wanted = np.clip(expressed - np.floor(settings.hide * expressed + 0.5), np.minimum(expressed, 1), network["maxLength"] - 1)
        cell = torch.tensor(both, device=device)
        number = torch.repeat_interleave(torch.tensor(expressed, device=device), output_size=int(expressed.sum()))
        before = torch.tensor(np.cumsum(expressed) - expressed, device=device)
        at = torch.arange(len(number), device=device) - before[number] + corpus.starts[cell][number]
        rank = ranks(number.double(), torch.rand(len(number), device=device, generator=random, dtype=torch.float64))
        shown = rank < torch.tensor(wanted, device=device)[number]
        at, number = at[shown], number[shown]
        share = settings.thin ** torch.rand(views, device=device, generator=random)
        share = torch.where(corpus.counted[cell], share, torch.ones_like(share))
        value, total = corpus.values[at], (corpus.totals[cell] * share)[number]
        counted = corpus.counted[cell][number]
        molecules = torch.binomial(torch.where(counted, value, 0).round(), share[number], generator=random)
        value = torch.where(counted, molecules, torch.expm1(value * math.log(2)))
        seen = value > 0
        at, number = at[seen], number[seen]
        bins = torch.log1p(value[seen] / total[seen] * 10_000).clamp(max=tokens - 3).floor().long()
        lengths = torch.bincount(number, minlength=views)
        # Masks.
        guessed = torch.where(lengths > 0, (settings.mask * lengths + 0.5).floor().clamp(min=1 if settings.mask else 0), 0)
        rank = ranks(number.double(), torch.rand(len(number), device=device, generator=random, dtype=torch.float64))
        masked = rank < guessed[number]
        replaced = masked & (torch.rand(len(number), device=device, generator=random) < 0.9)
        # Tiles: CLS first, then the genes; no tile holds rows of two views.
        tiles = (lengths + TILE) // TILE
        first = tiles.cumsum(0) - tiles
        place = torch.arange(len(number), device=device) - (lengths.cumsum(0) - lengths)[number] + 1 + first[number] * TILE
        count = int(tiles.sum())
        self.views = views
        self.cls = first * TILE
        self.owner = torch.repeat_interleave(tiles, output_size=count)
        self.tokens = torch.full((count * TILE,), tokens - 1, device=device)
        self.genes = torch.full((count * TILE,), network["genes"] + 1, device=device)
        self.valid = torch.zeros(count * TILE, dtype=torch.bool, device=device)
        self.tokens[self.cls], self.genes[self.cls], self.valid[self.cls] = tokens - 2, network["genes"], True
        self.tokens[place] = torch.where(replaced, tokens - 1, bins)
        self.genes[place] = corpus.genes[at]
        self.valid[place] = True
        self.masked, self.expected = place[masked], bins[masked]
        self.disease = corpus.disease[cell]


def attend(q, k, v, directions, views):
    """FAVOR+ within each cell; q, k, v are [tiles, TILE, heads, width], float32."""
    scale = directions.shape[1] ** -0.25
    q, k, v = (x.transpose(1, 2) for x in (q * scale, k * scale, v))
    along_q, along_k = (torch.matmul(x, directions.t()).float() for x in (q, k))
    valid = views.valid.view(-1, 1, TILE, 1)
    highest = along_k.masked_fill(~valid, -1e30).amax(dim=(1, 2, 3))
    # One number a cell that cancels but for the floor; its gradient is left out.
    most = torch.full((views.views,), -1e30, device=q.device).scatter_reduce(0, views.owner, highest.detach(), "amax")
    most = most[views.owner].view(-1, 1, 1, 1)
    queries = (along_q - 0.5 * (q * q).sum(-1, keepdim=True) - along_q.amax(-1, keepdim=True).detach()).exp() + 1e-4
    keys = ((along_k - 0.5 * (k * k).sum(-1, keepdim=True) - most).exp() + 1e-4) * valid
    ones = torch.ones_like(v[..., :1])
    sums = torch.matmul(keys.transpose(2, 3), torch.cat([v, ones], -1)).float()
    cells = torch.zeros((views.views, *sums.shape[1:]), device=q.device).index_add(0, views.owner, sums)
    out = torch.matmul(queries, cells[views.owner]).float()
    return (out[..., :-1] / out[..., -1:]).transpose(1, 2)


class Network(torch.nn.Module):
    """The encoder and its heads, with celllm's names for the weights."""

    def __init__(self, config, weights, keep, generator):
        super().__init__()
        self.config = config
        self.weights = torch.nn.ParameterDict()
        dim, inner, hidden = config["dim"], config["heads"] * config["headDim"], config["feedForward"] * config["dim"]
        features = config["features"] or int(config["headDim"] * math.log(config["headDim"]))
        shapes = {"token_emb.weight": (config["tokens"], dim), "pos_emb.emb.weight": (config["genes"] + 2, dim)}
        for layer in range(config["depth"]):
            a, f = LAYER.format(layer, 0), LAYER.format(layer, 1)
            shapes |= {a + "norm.weight": (dim,), a + "norm.bias": (dim,)}
            shapes |= {a + "fn.fast_attention.projection_matrix": (features, config["headDim"])}
            shapes |= {a + f"fn.to_{x}.weight": (inner, dim) for x in "qkv"}
            shapes |= {a + "fn.to_out.weight": (dim, inner), a + "fn.to_out.bias": (dim,)}
            shapes |= {f + "norm.weight": (dim,), f + "norm.bias": (dim,)}
            shapes |= {f + "fn.fn.w1.weight": (hidden, dim), f + "fn.fn.w1.bias": (hidden,)}
            shapes |= {f + "fn.fn.w2.weight": (dim, hidden), f + "fn.fn.w2.bias": (dim,)}
        shapes |= {"norm.weight": (dim,), "norm.bias": (dim,), "to_out.weight": (config["tokens"], dim)}
        shapes |= {"to_out.bias": (config["tokens"],), "disease_head.weight": (1, dim), "disease_head.bias": (1,)}
        for name, shape in shapes.items():
            value = weights[name] if keep else self.drawn(name, shape, weights, generator)
            value = torch.as_tensor(np.asarray(value, dtype=np.float32)).view(shape)
            self.weights[name.replace(".", "/")] = torch.nn.Parameter(value, requires_grad="projection_matrix" not in name)

    def drawn(self, name, shape, weights, generator):
        config = self.config
        if name == "pos_emb.emb.weight":
            # The components that the table holds, and random numbers beyond them; CLS is ones, padding zeros.
            table = 0.05 * torch.randn(shape, generator=generator)
            known = min(shape[1], weights[name].shape[1])
            table[:, :known] = torch.tensor(weights[name])[:, :known]
            table[-2], table[-1] = 1, 0
            return table
        if name == "token_emb.weight":
            return 0.05 * torch.randn(shape, generator=generator)
        if "projection_matrix" in name:
            blocks = [torch.linalg.qr(torch.randn(shape[1], shape[1], generator=generator))[0].t() for _ in range(-(-shape[0] // shape[1]))]
            return torch.cat(blocks)[: shape[0]] * torch.randn(shape, generator=generator).norm(dim=1, keepdim=True)
        if "norm." in name:
            return torch.full(shape, 1.0 if name.endswith("weight") else 0.0)
        inputs = shape[1] if len(shape) == 2 else config["dim"]
        if name.endswith("w2.bias"):
            inputs = config["feedForward"] * config["dim"]
        elif name.endswith("fn.to_out.bias"):
            inputs = config["heads"] * config["headDim"]
        return (2 * torch.rand(shape, generator=generator) - 1) / math.sqrt(inputs)

    def weight(self, name):
        return self.weights[name.replace(".", "/")]

    def norm(self, x, name):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], self.weight(name + ".weight"), self.weight(name + ".bias"), 1e-5)

    def forward(self, views):
        """[rows, dim] the encodings of all rows."""
        functional, config = torch.nn.functional, self.config
        x = self.weight("token_emb.weight")[views.tokens] + self.weight("pos_emb.emb.weight")[views.genes]
        for layer in range(config["depth"]):
            a, f = LAYER.format(layer, 0), LAYER.format(layer, 1)
            normed = self.norm(x, a + "norm")
            q, k, v = (
                functional.linear(normed, self.weight(a + f"fn.to_{name}.weight")).float().view(-1, TILE, config["heads"], config["headDim"])
                for name in "qkv"
            )
            attended = attend(q, k, v, self.weight(a + "fn.fast_attention.projection_matrix"), views).reshape(x.shape[0], -1)
            x = x + functional.linear(attended, self.weight(a + "fn.to_out.weight"), self.weight(a + "fn.to_out.bias")).float()
            normed = self.norm(x, f + "norm")
            hidden = functional.gelu(functional.linear(normed, self.weight(f + "fn.fn.w1.weight"), self.weight(f + "fn.fn.w1.bias")))
            x = x + functional.linear(hidden, self.weight(f + "fn.fn.w2.weight"), self.weight(f + "fn.fn.w2.bias")).float()
        return self.norm(x, "norm")


def losses(network, encode, views, settings, context):
    """The objectives and what goes with them, by name."""
    functional = torch.nn.functional
    with context():
        encoded = encode(views)
    encoded = encoded.float()
    cls = encoded[views.cls]
    logits = functional.linear(encoded[views.masked], network.weight("to_out.weight"), network.weight("to_out.bias"))
    margin = functional.linear(cls, network.weight("disease_head.weight"), network.weight("disease_head.bias")).squeeze(1)
    known = views.disease > 0
    sign = torch.where(views.disease == 2, 1.0, -1.0)
    unit = functional.normalize(cls, dim=1)
    cells = views.views // 2
    scores = unit[:cells] @ unit[cells:].t() / settings.temperature
    labels = torch.arange(cells, device=scores.device)
    return {
        "masked": functional.cross_entropy(logits, views.expected),
        "disease": -(functional.logsigmoid(margin * sign) * known).sum() / known.sum().clamp(min=1),
        "contrastive": (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.t(), labels)) / 2,
        "masked_accuracy": (logits.argmax(1) == views.expected).float().mean(),
        "disease_accuracy": ((margin * sign > 0) & known).sum() / known.sum().clamp(min=1),
        "retrieved": (scores.argmax(1) == labels).float().mean(),
        "positions": views.valid.sum(),
    }


def rate(step, settings):
    """Warm-up, then a cosine down to a tenth."""
    warmup = round(settings.warmup * settings.steps)
    if step < warmup:
        return settings.learning_rate * (step + 1) / warmup
    progress = min(1, (step - warmup) / max(1, settings.steps - warmup))
    return settings.learning_rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * progress)))


def write(network, config, model, out, settings, log, half):
    """A model folder like MODEL's with the trained weights."""
    out.mkdir(parents=True, exist_ok=True)
    kind = np.float16 if half else np.float32
    weights = {name.replace("/", "."): w.detach().cpu().numpy().astype(kind) for name, w in network.weights.items()}
    save_file(weights, out / "model.safetensors", {"format": "celllm-model"})
    shutil.copyfile(model / "genes.tsv", out / "genes.tsv")
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (out / "provenance.json").write_text(json.dumps({"made_by": "interop/pretrain_torch.py", "settings": vars(settings), "log": log}, default=str) + "\n")


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    for name, default in {"steps": 700, "batch": 256, "seed": 1, "dim": 0, "depth": 0, "heads": 0, "validate_every": 250}.items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=default)
    for name, default in {
        "learning_rate": 1e-3, "warmup": 0.05, "weight_decay": 0.01, "hide": 0.65, "thin": 0.2, "mask": 0.15,
        "temperature": 0.1, "masked": 1.0, "disease": 1.0, "contrastive": 1.0, "seconds": 1e9,
    }.items():
        parser.add_argument("--" + name.replace("_", "-"), type=float, default=default)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--keep", action="store_true", help="begin with all weights of MODEL")
    parser.add_argument("--half", action="store_true", help="write 16-bit weights")
    parser.add_argument("--compile", action="store_true", help="compile the network first: a minute, then faster")
    parser.add_argument("--float32", action="store_true", help="no bfloat16 products")
    return parser.parse_args()


def main():
    settings = parsed()
    device = torch.device(settings.device)
    generator = torch.Generator().manual_seed(settings.seed)
    random = torch.Generator(device=device).manual_seed(settings.seed)
    config = json.loads((settings.model / "config.json").read_text())
    network_config = config["network"]
    for name in ("dim", "depth", "heads"):
        network_config[name] = getattr(settings, name) or network_config[name]
    corpus = Corpus(settings.corpus, device)
    network = Network(network_config, load_file(settings.model / "model.safetensors"), settings.keep, generator).to(device)
    parameters = [p for p in network.parameters() if p.requires_grad]
    encode = torch.compile(network, dynamic=True) if settings.compile else network
    groups = [
        {"params": [p for p in parameters if p.dim() > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98), eps=1e-8, fused=True)

    def context():
        return torch.autocast(device.type, torch.bfloat16, enabled=not settings.float32)

    held = np.flatnonzero(corpus.validation)
    training = np.flatnonzero(~corpus.validation)
    order = np.random.default_rng(settings.seed)
    weighted = {name: getattr(settings, name) for name in ("masked", "disease", "contrastive")}
    log = []

    def validate(step):
        same = torch.Generator(device=device).manual_seed(0)
        with torch.no_grad():
            figures = losses(network, network, Views(corpus, held, settings, network_config, same, device), settings, context)
        figures = {name: float(value) for name, value in figures.items()}
        log.append({"step": step, "seconds": round(time.perf_counter() - began, 1)} | figures)
        print(json.dumps(log[-1]), flush=True)

    began = time.perf_counter()
    step = 0
    epoch = np.empty(0, dtype=np.int64)
    while step < settings.steps and time.perf_counter() - began < settings.seconds:
        if len(epoch) < settings.batch:
            epoch = np.concatenate([epoch, order.permutation(training)])
        batch, epoch = epoch[: settings.batch], epoch[settings.batch :]
        views = Views(corpus, batch, settings, network_config, random, device)
        found = losses(network, encode, views, settings, context)
        sum(weight * found[name] for name, weight in weighted.items() if weight).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, settings)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        if step % settings.validate_every == 0:
            validate(step)
    validate(step)
    write(network, config, settings.model, settings.out, settings, log, settings.half)


if __name__ == "__main__":
    main()
