"""
A tenth of a folder of faces made worse, the same way on every machine.

Five kinds of damage that phone pictures really suffer, each with a random severity from mild to hopeless:

* `blur`: Gaussian, defocus (disc) or motion, 1.5 to 9 pixels on a 250-pixel picture;
* `dark`: brightness divided by 3 to 40, sometimes with sensor noise, rounded to 8 bits as a camera would;
* `small`: shrunk 3 to 12 times, and in half of the cases blown up again to the old size;
* `covered`: a block (flat, noisy, or torn from another part of the picture) over 15 to 70 % of the face's area;
* `jpeg`: quality 2 to 20.

Run it by itself to write a degraded copy of a folder with a list of what was done to which picture:

    python benchmarks/accuracy/degrade.py --folders FACES --out DIR --seed 1
"""

import argparse
import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Generator = np.random.Generator

SHARE = 0.1
"""Share of the pictures that are degraded: the tenth that issue 2 asks for."""

FACE_SHARE = 0.44
"""
Side of the square that the face fills in a picture of Labeled Faces in the Wild, as a share of the picture's side; the
face lies in the picture's middle. Measured: the median box of the detector is 93 by 127 of 250 pixels.
"""


def opened(data: bytes) -> Pixels:
    """Give the pixels of a picture file, RGB."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("These bytes are no picture.")
    return np.ascontiguousarray(pixels[:, :, ::-1], np.uint8)


def blur(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture out of focus or shaken."""
    sigma = float(np.exp(rng.uniform(np.log(1.5), np.log(9.0)))) * max(pixels.shape[:2]) / 250
    way = rng.integers(3)
    if way == 0:
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)
    side = 2 * int(np.ceil(2 * sigma)) + 1
    kernel = np.zeros((side, side), np.float32)
    centre = side // 2
    if way == 1:
        cv2.circle(kernel, (centre, centre), centre, 1.0, -1)
    else:
        angle = rng.uniform(0, np.pi)
        reach = np.array([np.cos(angle), np.sin(angle)]) * centre
        start, stop = np.round(centre - reach).astype(int), np.round(centre + reach).astype(int)
        cv2.line(kernel, (int(start[0]), int(start[1])), (int(stop[0]), int(stop[1])), 1.0, 1)
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), np.uint8)


def dark(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture with too little light, with or without the noise of a camera that tried to help."""
    divisor = float(np.exp(rng.uniform(np.log(3.0), np.log(40.0))))
    noise = rng.normal(0, rng.choice([0.0, 1.0, 3.0]), pixels.shape)
    return np.clip(np.round(pixels / divisor + noise), 0, 255).astype(np.uint8)


def small(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture taken from too far away, as it is or blown up again."""
    divisor = float(np.exp(rng.uniform(np.log(3.0), np.log(12.0))))
    height, width = pixels.shape[:2]
    size = (max(8, round(width / divisor)), max(8, round(height / divisor)))
    shrunk = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        return np.asarray(shrunk, np.uint8)
    method = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST]))
    return np.asarray(cv2.resize(shrunk, (width, height), interpolation=method), np.uint8)


def covered(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture with something in front of a part of the face in its middle."""
    height, width = pixels.shape[:2]
    face = FACE_SHARE * max(height, width)
    area, shape = rng.uniform(0.15, 0.7) * face * face, float(np.exp(rng.uniform(np.log(0.5), np.log(2.0))))
    block_w, block_h = int(np.sqrt(area * shape)), int(np.sqrt(area / shape))
    middle = np.array([width, height]) / 2 + rng.uniform(-0.35, 0.35, 2) * face
    x1, y1 = int(max(0, middle[0] - block_w / 2)), int(max(0, middle[1] - block_h / 2))
    out = pixels.copy()
    target = out[y1 : y1 + block_h, x1 : x1 + block_w]
    way = rng.integers(4)
    if way == 0:
        target[:] = rng.integers(0, 256)
    elif way == 1:
        target[:] = rng.integers(0, 256, 3)
    elif way == 2:
        target[:] = np.clip(rng.normal(rng.uniform(30, 220), 40, target.shape), 0, 255)
    else:
        target[:] = pixels[: target.shape[0], : target.shape[1]]
    return out


def jpeg(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture after a compression that was too strong."""
    quality = round(float(np.exp(rng.uniform(np.log(2.0), np.log(20.0)))))
    _, coded = cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return opened(coded.tobytes())


def bright(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture with too much light: the bright parts burn out."""
    gain = float(np.exp(rng.uniform(np.log(1.5), np.log(12.0))))
    return np.clip(np.round(pixels * gain), 0, 255).astype(np.uint8)


def uneven(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture with light from one side: the other side of the face lies in the dark."""
    width = pixels.shape[1]
    deepest = float(np.exp(rng.uniform(np.log(0.02), np.log(0.5))))
    steepness = rng.uniform(20, 200) / width * rng.choice([-1, 1])
    place = (np.arange(width) - width * rng.uniform(0.4, 0.6)) * steepness
    shade = deepest + (1 - deepest) / (1 + np.exp(-place))
    return np.asarray(np.clip(np.round(pixels * shade[None, :, None]), 0, 255), np.uint8)


def night(pixels: Pixels, rng: Generator) -> Pixels:
    """Give the picture that a hand-held phone takes in the dark: shaken, seen twice, dim and noisy."""
    out = blur(pixels, rng) if rng.random() < 0.5 else pixels
    reach = 0.06 * max(pixels.shape[:2])
    away = np.array([[1, 0, rng.uniform(-reach, reach)], [0, 1, rng.uniform(-reach, reach)]])
    ghost = cv2.warpAffine(out, away, (out.shape[1], out.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    share = rng.uniform(0.0, 0.5)
    dim = (out * (1 - share) + ghost * share) / float(np.exp(rng.uniform(np.log(1.5), np.log(12.0))))
    return np.asarray(np.clip(np.round(dim + rng.normal(0, rng.uniform(0, 4), dim.shape)), 0, 255), np.uint8)


KINDS: Mapping[str, Callable[[Pixels, Generator], Pixels]] = {
    "blur": blur,
    "dark": dark,
    "small": small,
    "covered": covered,
    "jpeg": jpeg,
}
"""The five kinds of the claim by their names; each takes RGB uint8 pixels and a seeded generator."""

MORE: Mapping[str, Callable[[Pixels, Generator], Pixels]] = {"bright": bright, "uneven": uneven, "night": night}
"""More kinds that only the fit uses, so that the score knows more of the world than the claim asks."""


def plan(count: int, seed: int, share: float = SHARE) -> dict[int, str]:
    """Give which of `count` pictures suffer, and how: as many of each kind as of any other."""
    rng = np.random.default_rng([seed, 0])
    chosen = rng.choice(count, round(count * share), replace=False)
    kinds = list(KINDS)
    return {int(index): kinds[place % len(kinds)] for place, index in enumerate(chosen)}


def degrade(pixels: Pixels, kind: str, seed: int, index: int) -> Pixels:
    """Give the picture number `index` damaged: the same seed and index always give the same damage."""
    return {**KINDS, **MORE}[kind](pixels, np.random.default_rng([seed, 1, index]))


def main() -> None:
    """Write the degraded copy of a folder and `degraded.csv` beside it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=Path, required=True, help="one folder per person")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    files = sorted(wish.folders.glob("*/*.jpg"))
    chosen = plan(len(files), wish.seed)
    wish.out.mkdir(parents=True, exist_ok=True)
    with (wish.out / "degraded.csv").open("w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["picture", "kind"])
        for index, file in enumerate(files):
            target = wish.out / file.parent.name / file.with_suffix(".png").name
            target.parent.mkdir(exist_ok=True)
            pixels = opened(file.read_bytes())
            if index in chosen:
                pixels = degrade(pixels, chosen[index], wish.seed, index)
                rows.writerow([f"{file.parent.name}/{target.name}", chosen[index]])
            cv2.imwrite(str(target), pixels[:, :, ::-1])


if __name__ == "__main__":
    main()
