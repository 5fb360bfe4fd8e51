"""The same training step in PyTorch, eagerly and on one thread. Speaks as contender.ts says."""

import ctypes
import json
import math
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
RATE, BETAS, EPSILON, DECAY, CLIP = 1e-3, (0.9, 0.98), 1e-8, 0.05, 1.0


def blas():
    """The library that multiplies matrices, as it is loaded in this process."""
    if not os.path.exists("/proc/self/maps"):
        return "BLAS unknown"
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line or "mkl" in line}
    if any("openblas" in path for path in paths):
        core = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
        core.restype = ctypes.c_char_p
        return f"OpenBLAS ({core().decode()})"
    return "MKL" if torch.backends.mkl.is_available() else "reference BLAS" if paths else "BLAS of its own"


def prepare(task):
    """Returns a function that does one step and returns its loss and gradient norm."""
    config, batch = task["config"], task["batch"]
    B, T = batch["B"], batch["T"]
    D, H, V, L = config["width"], config["heads"], config["vocabulary"], config["layers"]
    d = D // H
    shapes = {"wte.weight": (V, D), "wpe.weight": (-1, D)}
    for layer in range(L):
        for name, outputs in (("attn.c_attn", 3 * D), ("attn.c_proj", D), ("mlp.c_fc", 4 * D), ("mlp.c_proj", D)):
            shapes[f"h.{layer}.{name}.weight"] = (-1, outputs)
    p = {}
    for name, values in task["weights"].items():
        name = name.replace("transformer.", "")
        p[name] = torch.tensor(values).view(shapes.get(name, (-1,))).requires_grad_()
    decays = [x for name, x in p.items() if x.dim() == 2]
    others = [x for name, x in p.items() if x.dim() == 1]
    groups = [{"params": decays, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=BETAS, eps=EPSILON, foreach=True)

    tokens = torch.tensor(batch["tokens"]).view(B, T)
    targets = torch.tensor(batch["tokens"][1:] + [0])
    counted = torch.tensor(batch["weights"])
    gists = torch.tensor(batch["gists"]).view(B, 1, 1)
    query, key = torch.arange(T).view(1, T, 1), torch.arange(T).view(1, 1, T)
    hidden = (key > query) | ((query > gists) & (key < gists))
    mask = torch.zeros(B, T, T).masked_fill(hidden, -math.inf).view(B, 1, T, T)

    def norm(x, name):
        return F.layer_norm(x, (D,), p[name + ".weight"], p[name + ".bias"], 1e-5)

    def project(x, name):
        return torch.addmm(p[name + ".bias"], x, p[name + ".weight"])

    def attend(q, k, v):
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return ((q @ k.transpose(2, 3)) * (1 / math.sqrt(d)) + mask).softmax(-1) @ v

    def loss():
        x = (F.embedding(tokens, p["wte.weight"]) + p["wpe.weight"][:T]).view(B * T, D)
        for layer in range(L):
            h = f"h.{layer}."
            qkv = project(norm(x, h + "ln_1"), h + "attn.c_attn")
            q, k, v = qkv.view(B, T, 3, H, d).permute(2, 0, 3, 1, 4)
            mixed = attend(q, k, v).transpose(1, 2).reshape(B * T, D)
            x = x + project(mixed, h + "attn.c_proj")
            inner = F.gelu(project(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
            x = x + project(inner, h + "mlp.c_proj")
        logits = norm(x, "ln_f") @ p["wte.weight"].t()
        each = F.cross_entropy(logits, targets, reduction="none")
        return (each * counted).sum() / counted.sum()

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss()
        value.backward()
        length = torch.nn.utils.clip_grad_norm_(list(p.values()), CLIP)
        optimizer.step()
        return value.item(), length.item()

    return step


def answer(value):
    print(json.dumps(value), flush=True)


step = None
for line in sys.stdin:
    ask = json.loads(line)
    if "task" in ask:
        step = prepare(ask["task"])
        value, length = step()
        answer({"loss": value, "norm": length, "about": f"PyTorch {torch.__version__}, {blas()}, one thread"})
    else:
        ms = []
        for _ in range(ask["steps"]):
            began = time.perf_counter()
            step()
            ms.append(1000 * (time.perf_counter() - began))
        answer({"ms": ms, "peakBytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss})
