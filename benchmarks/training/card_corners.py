"""
Train the network that marks the card in a picture, and write it as ONNX.

A small U-Net on drawn scenes (`card_scenes.py`): 192 x 192 in, the card and its outline at 96 x 96 out. Needs torch and
onnx, which the program itself does not; 20 minutes on two cores.

    python benchmarks/training/card_corners.py --out FILE.onnx [--scenes N] [--minutes M] [--cache FILE.npz]
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "accuracy")]

from card_scenes import Bank, bank, scene  # noqa: E402 (the path comes first)

SIDE_PX, MARK_PX = 192, 96
SEED = 4_000_000
BATCH = 24
WIDTHS = (16, 32, 56, 96, 112)
CHUNK = 250


def main() -> None:
    """Make the scenes, train, write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--scenes", type=int, default=10_000)
    asked.add_argument("--minutes", type=float, default=18)
    asked.add_argument("--cache", type=Path, required=True)
    given = asked.parse_args()
    if not given.cache.exists():
        np.savez(given.cache, **_made(given.scenes))
    kept = np.load(given.cache)
    network = trained(kept["views"], kept["marks"], kept["counts"], given.minutes)
    write(network, given.out)


def view(pixels: np.ndarray) -> tuple[np.ndarray, float, tuple[int, int]]:
    """Give a picture as the network sees it: its longer side 192 px, the rest grey; the scale, the size used."""
    height, width = pixels.shape[:2]
    scale = SIDE_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    out = np.full((SIDE_PX, SIDE_PX, 3), 128, np.uint8)
    out[: size[1], : size[0]] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return out, scale, size


def _made(count: int) -> dict[str, np.ndarray]:
    """Give scenes as arrays: what the network sees, what it is to mark (uint8 0-255), which marks count."""
    starts = range(0, count, CHUNK)
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(partial(_chunk, CHUNK), starts))
    return {
        name: np.concatenate([part[number] for part in parts])
        for number, name in enumerate(("views", "marks", "counts"))
    }


def _chunk(count: int, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give some of the scenes."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng((SEED, start))
    cards = bank(24, rng)
    rows = [_one(cards, rng) for _ in range(count)]
    views, marks, counts = (np.stack(column) for column in zip(*rows, strict=True))
    return views, marks, counts


def _one(cards: Bank, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give one scene."""
    lying = scene(cards, rng)
    seen, scale, size = view(lying.pixels)
    fine = MARK_PX * 8 / SIDE_PX * scale
    card, line = (np.zeros((MARK_PX * 8, MARK_PX * 8), np.uint8) for _ in range(2))
    for corners in lying.cards:
        points = np.rint(corners * fine).astype(np.int32)
        cv2.fillConvexPoly(card, points, 255)
        cv2.polylines(line, [points], True, 255, 16)
    marks = np.stack([cv2.resize(one, (MARK_PX, MARK_PX), interpolation=cv2.INTER_AREA) for one in (card, line)])
    counts = np.zeros((MARK_PX, MARK_PX), bool)
    counts[: -(-size[1] // 2), : -(-size[0] // 2)] = True
    return seen, marks * counts, counts


class Marker(nn.Module):
    """A U-Net of 0.5 million weights: (N, 3, 192, 192) 0-255 RGB -> (N, 2, 96, 96) share of card and of its outline."""

    def __init__(self) -> None:
        super().__init__()
        one, two, three, four, five = WIDTHS
        self.stem = nn.Sequential(_step(3, one, 2), _step(one, one))
        self.down = nn.ModuleList(
            nn.Sequential(_step(a, b, 2), _step(b, b))
            for a, b in ((one, two), (two, three), (three, four), (four, five))
        )
        self.wide = _step(five, five)
        self.up = nn.ModuleList(_step(a + b, b) for a, b in ((five, four), (four, three), (three, two), (two, one)))
        self.last = nn.Conv2d(one, 2, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Give the shares."""
        return torch.sigmoid(self.logits(pixels))

    def logits(self, pixels: Tensor) -> Tensor:
        """Give the shares' logits."""
        found = [self.stem((pixels - 128) / 64)]
        for step in self.down:
            found.append(step(found[-1]))
        out = self.wide(found.pop())
        for step in self.up:
            out = functional.interpolate(out, scale_factor=2, mode="nearest")
            out = step(torch.cat((out, found.pop()), 1))
        return self.last(out)


def _step(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Give a convolution with its norm."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def trained(views: np.ndarray, marks: np.ndarray, counts: np.ndarray, minutes: float) -> Marker:
    """Give the network after so many minutes; prints its loss on scenes that were put aside."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    network = Marker().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-3)
    aside = len(views) // 40
    began, step = time.monotonic(), 0
    while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * min(1.0, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * done)) + 1e-5
        which = rng.integers(aside, len(views), BATCH)
        seen, wanted, counted = _turned(views[which], marks[which], counts[which], rng)
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            logits = network.logits(seen.contiguous(memory_format=torch.channels_last))
        loss = _loss(logits.float(), wanted, counted)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            print(f"{(time.monotonic() - began) / 60:5.1f} min, step {step}: {float(loss):.4f}", flush=True)
    network.eval()
    with torch.no_grad():
        wanted, counted = torch.from_numpy(marks[:aside]).float() / 255, torch.from_numpy(counts[:aside])
        seen = torch.from_numpy(views[:aside]).permute(0, 3, 1, 2).float()
        shares = network(seen)
        both, either = (
            ((shares[:, 0] > 0.5) & (wanted[:, 0] > 0.5)).sum((1, 2)),
            ((shares[:, 0] > 0.5) | (wanted[:, 0] > 0.5)).sum((1, 2)),
        )
        agreed = both / either.clamp(min=1)
        print(f"aside: IoU median {agreed.median():.4f}, 10 % below {agreed.quantile(0.1):.4f}, {step} steps")
    return network


def _turned(
    views: np.ndarray, marks: np.ndarray, counts: np.ndarray, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Give a batch, each picture turned, mirrored, brighter or of other colours."""
    seen, wanted, counted = [], [], []
    for one, mark, count in zip(views, marks, counts, strict=True):
        turns, mirrored = int(rng.integers(0, 4)), rng.random() < 0.5
        moved = [np.rot90(one, turns), np.rot90(mark, turns, (1, 2)), np.rot90(count, turns)]
        if mirrored:
            moved = [moved[0][:, ::-1], moved[1][:, :, ::-1], moved[2][:, ::-1]]
        colours = moved[0].astype(np.float32)[:, :, rng.permutation(3)]
        colours = (colours - 128) * rng.uniform(0.6, 1.2) + 128 + rng.uniform(-25, 25)
        seen.append(np.clip(colours, 0, 255).transpose(2, 0, 1))
        wanted.append(moved[1])
        counted.append(moved[2])
    return (
        torch.from_numpy(np.stack(seen).astype(np.float32)),
        torch.from_numpy(np.stack(wanted).astype(np.float32) / 255),
        torch.from_numpy(np.stack(counted)),
    )


def _loss(logits: Tensor, wanted: Tensor, counted: Tensor) -> Tensor:
    """Give cross-entropy of both marks, outlines weighing more where they are, and the overlap of the card."""
    apart = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * counted[:, None]
    weight = torch.stack((1 + 2 * wanted[:, 1], 1 + 4 * wanted[:, 1]), 1)
    area = counted.sum((1, 2)).clamp(min=1)
    entropy = ((apart * weight).sum((2, 3)) / area[:, None]).mean()
    share = torch.sigmoid(logits[:, 0]) * counted
    both, sum_ = (share * wanted[:, 0]).sum((1, 2)), (share + wanted[:, 0]).sum((1, 2))
    return entropy + 0.5 * (1 - (2 * both + 20) / (sum_ + 20)).mean()


def write(network: Marker, path: Path) -> None:
    """Write the network as ONNX."""
    network.eval()
    torch.onnx.export(
        network.to(memory_format=torch.contiguous_format),
        (torch.zeros(1, 3, SIDE_PX, SIDE_PX),),
        str(path),
        input_names=["pixels"],
        output_names=["marks"],
        opset_version=17,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
