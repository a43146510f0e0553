"""
What expanding pictures in limited processes costs: `.venv/bin/python benchmarks/speed/decoding.py`.

The sample portraits, and one of them enlarged to 12 megapixels as a phone's; whole and reduced as for finding faces.
"""

import statistics
import time
from collections.abc import Callable

import cv2
import numpy as np

from ipse.core.images import Limits, decode
from ipse.infra.decoding import LimitedDecoding
from ipse.infra.settings import read_settings
from ipse.models.bundle import samples_folder

TIMES = 60
ENOUGH_PX = 640


def p50_ms(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The medians of two things done in turn, in milliseconds."""
    took: tuple[list[float], list[float]] = [], []
    for _ in range(TIMES):
        for work, into in zip((one, other), took, strict=True):
            began = time.perf_counter()
            work()
            into.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[0]), statistics.median(took[1])


def main() -> None:
    """Print the table."""
    samples = samples_folder(read_settings().weights_dir)
    files = {name: (samples / f"{name}.jpg").read_bytes() for name in ("obama", "biden")}
    whole = cv2.imdecode(np.frombuffer(files["biden"], np.uint8), cv2.IMREAD_COLOR)
    assert whole is not None
    files["12 megapixels"] = cv2.imencode(".jpg", cv2.resize(whole, (2976, 4032)))[1].tobytes()
    limited = LimitedDecoding(1)
    print("| picture | on a thread | in a process | more |\n|---|---:|---:|---:|")
    for name, data in files.items():
        for enough_px in (None, ENOUGH_PX):
            image = limited.decode(data, Limits(), enough_px)
            height, width = image.pixels.shape[:2]
            here, there = p50_ms(
                lambda data=data, enough=enough_px: decode(data, Limits(), enough),  # type: ignore[misc]  # Bound now.
                lambda data=data, enough=enough_px: limited.decode(data, Limits(), enough),  # type: ignore[misc]  # Bound now.
            )
            print(f"| {name}, {width} × {height} | {here:.1f} ms | {there:.1f} ms | {there - here:.1f} ms |")
    limited.close()


if __name__ == "__main__":
    main()
