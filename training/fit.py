"""
Trains one network on a bank and writes it as ONNX.

    PYTHONPATH=src:. python -m training.fit BANK OUT.onnx --steps 5000 --seed 1

The last tenth of the bank is looked at only to report how learning went.
"""

import argparse
import math
from pathlib import Path
from typing import Any, Final

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator

from ipse.core.genuineness.crop import SIDE_PX
from training.network import export, network
from training.residues import residues

PAIRS: Final = 24
"""A batch is so many genuine faces and their attacks."""

RATE: Final = 3e-3
"""The highest rate of learning; it falls as a cosine."""


def bank(folder: Path) -> NDArray[np.float16]:
    """
    Give all pairs of a bank.

    Shape: (N, 2, 35, 35, 15) float16.
    """
    return np.concatenate([np.load(file) for file in sorted(folder.glob("*.npy"))])


def fit(pairs: NDArray[np.float16], steps: int, seed: int, out: Path) -> None:
    """Train and write the network; now and then too, with a word on how it does on the last tenth."""
    model = network(seed)
    held = pairs[-len(pairs) // 10 :].swapaxes(0, 1).reshape(-1, *pairs.shape[2:])
    pairs = pairs[: -len(pairs) // 10]
    rate = keras.optimizers.schedules.CosineDecay(1e-4, steps, 1e-2, warmup_target=RATE, warmup_steps=200)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-3, clipnorm=1.0)
    optimizer.build(model.trainable_variables)
    labels = tf.constant(np.tile(np.array([0.02, 0.98], np.float32), PAIRS))

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow is not in the environment that checks types.
    def step(given: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = model(tf.cast(given, tf.float32), training=True)[:, 0]
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))
        optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
        )
        return loss

    chance, losses = np.random.default_rng(seed), list[float]()
    for index in range(steps):
        batch = pairs[chance.choice(len(pairs), PAIRS, replace=False)].reshape(-1, *pairs.shape[2:])
        losses.append(float(step(batch if chance.random() < 0.5 else batch[:, :, ::-1])))
        if index % 500 == 499:
            loss = math.fsum(losses[-500:]) / 500
            print(f"{index + 1}: loss {loss:.4f}, AUC of the last tenth {area(model, held):.4f}", flush=True)
            export(model, out, out.stem)
    print(f"the file's scores differ by {disagreement(model, out):.1e} at most")


def disagreement(model: Any, file: Path) -> float:
    """Give by how much the file's scores differ from the network's at most, over random crops."""
    session, chance, worst = ReferenceEvaluator(str(file)), np.random.default_rng(1), 0.0
    for _ in range(5):
        small = chance.integers(0, 256, (24, 24, 3)).astype(np.uint8)
        seen = np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), np.uint8)
        logit = float(model(residues(seen)[None]).numpy()[0, 0])
        told: Any = session.run(None, {"input": seen.transpose(2, 0, 1)[None].astype(np.float32)})
        worst = max(worst, abs(1 / (1 + math.exp(-logit)) - float(told[0][0, 0])))
    return worst


def area(model: Any, held: NDArray[np.float16]) -> float:
    """Give the area under the curve; the first half is genuine."""
    parts = (held[at : at + 256].astype(np.float32) for at in range(0, len(held), 256))
    logits = np.concatenate([model(part).numpy()[:, 0] for part in parts])
    ranks = np.argsort(np.argsort(logits))
    half = len(held) // 2
    return float((ranks[half:].sum() - half * (half - 1) / 2) / half**2)


def main() -> None:
    """Train as the command line says."""
    words = argparse.ArgumentParser()
    words.add_argument("bank", type=Path)
    words.add_argument("out", type=Path)
    words.add_argument("--steps", type=int, default=5000)
    words.add_argument("--seed", type=int, default=1)
    told = words.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    fit(bank(told.bank), told.steps, told.seed, told.out)


if __name__ == "__main__":
    main()
