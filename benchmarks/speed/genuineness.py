"""
What genuineness costs: CPU that a bundle of three pictures adds to a comparison, stage by stage.

`genuineness.py [ROUNDS]`, with the checkout and `benchmarks` on PYTHONPATH; writes genuineness.json and genuineness.md.
The bundle has `image_best`, `image_env` and `image_action1`; beside it stands the same request with `image_best` as
`raw_image`, in alternation: first as whole requests of Megvii's verify inside this process (real store, real networks,
no socket), then stage by stage. CPU time is that of the whole process with the runtime's own threads.
"""

import asyncio
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from demo import calls, live_calls
from inside import ADDRESS, Inside, answer, open_inside, sent
from machine import describe
from pictures import jpeg, sample_paths
from PIL import Image

from ipse.core.faces.examine import Wish
from ipse.core.genuineness.capture import Acted, Action, Capture, Shot
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.examine import JUDGES, GenuinenessExaminer
from ipse.core.genuineness.judgement import NAMES, Status, not_assessed
from ipse.core.images import Limits
from ipse.engine import Engine, open_engine, open_genuineness
from ipse.infra.settings import read_settings
from ipse.service.vouching import FRAMES_PROFILE

HERE = Path(__file__).parent
SIZES = {"640×480": (640, 480), "1280×720": (1280, 720)}
QUALITY = 90
ROUNDS = 30
WARM_UP = 3
AT_MOST_MS = 60.0
"""What a bundle of three may add. Source: the project's own aim."""

HOW = "CPU milliseconds, median of {rounds} rounds in alternation."
LOAD = "Load at the start {}, at the end {}: on a machine that others use, a second of CPU does less."


@dataclass
class CpuStages:
    """CPU milliseconds of each stage, summed."""

    ms: dict[str, float] = field(default_factory=dict)

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time what runs inside."""
        return self._timed(name)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.ms[name] = self.ms.get(name, 0.0) + 1e3 * (time.process_time() - began)


def bundle(width_px: int, height_px: int) -> dict[str, bytes]:
    """Three pictures of one person: close as the capture page wants it, wider, and turned aside a little (narrowed)."""
    path = sample_paths()["obama"]
    with Image.open(io.BytesIO(jpeg(path, width_px, height_px, 95))) as picture:
        around = picture.convert("RGB")
    inset = (round(0.15 * width_px), round(0.1 * height_px), round(0.85 * width_px), round(0.8 * height_px))
    close = around.resize((width_px, height_px), Image.Resampling.LANCZOS, box=inset)
    ground = close.resize((24, 18)).resize(close.size, Image.Resampling.BICUBIC)
    narrow = close.resize((round(0.88 * width_px), height_px), Image.Resampling.LANCZOS)
    wide = close.resize((round(0.6 * width_px), round(0.6 * height_px)), Image.Resampling.LANCZOS)
    return {
        "image_best": _on(close, close, (0, 0)),
        "image_env": _on(ground, wide, (round(0.2 * width_px), round(0.3 * height_px))),
        "image_action1": _on(ground, narrow, (round(0.06 * width_px), 0)),
    }


def _on(ground: Image.Image, picture: Image.Image, at: tuple[int, int]) -> bytes:
    """Give a picture on a ground, as a JPEG."""
    scene = ground.copy()
    scene.paste(picture, at)
    stream = io.BytesIO()
    scene.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def looked(examiner: GenuinenessExaminer, pictures: Mapping[str, bytes], stages: CpuStages) -> list[Shot]:
    """Give what every picture of a bundle shows, looked at as the service does it."""
    profiles = {"image_best": examiner.profile}
    return [
        examiner.look(name, content, Limits(), stages, template=profiles.get(name, FRAMES_PROFILE))
        for name, content in pictures.items()
    ]


def as_capture(shots: list[Shot]) -> Capture:
    """Give the three pictures as a capture."""
    best, env, acted = shots
    return Capture(best, env, (Acted(Action.TURN_LEFT, acted),), log={"camera": "Camera"})


def judge_by_judge(examiner: GenuinenessExaminer, capture: Capture) -> dict[str, float]:
    """Give the CPU milliseconds of each judgement, in their order: what two need, the first of them pays."""
    evidence = Evidence(capture, examiner.networks)
    spent: dict[str, float] = {}
    for name in NAMES:
        point = examiner.points[name]
        began = time.process_time()
        said = JUDGES[name](evidence, point) if point.assessed else not_assessed(name, "off")
        if said.status is not Status.NOT_ASSESSED:
            spent[name] = 1e3 * (time.process_time() - began)
    return spent


def measure(engine: Engine, examiner: GenuinenessExaminer, size: tuple[int, int], rounds: int) -> dict[str, Any]:
    """Give the medians of both kinds of request, whole and stage by stage."""
    pictures = bundle(*size)
    raw_stages: list[dict[str, float]] = []
    bundle_stages: list[dict[str, float]] = []
    judges: list[dict[str, float]] = []
    raw_ms: list[float] = []
    bundle_ms: list[float] = []

    def whole(work: Callable[[CpuStages], object], stages: list[dict[str, float]], totals: list[float]) -> None:
        clock, began = CpuStages(), time.process_time()
        work(clock)
        totals.append(1e3 * (time.process_time() - began))
        stages.append(clock.ms)

    def bundled(clock: CpuStages) -> None:
        examiner.judge(as_capture(looked(examiner, pictures, clock)), clock)

    for _ in range(rounds):
        whole(
            lambda clock: engine.examiner.examine(pictures["image_best"], Wish(), Limits(), clock), raw_stages, raw_ms
        )
        whole(bundled, bundle_stages, bundle_ms)
        judges.append(judge_by_judge(examiner, as_capture(looked(examiner, pictures, CpuStages()))))
    quality_ms = _medians(raw_stages).get("quality", 0.0)
    return {
        "bytes": {name: len(content) for name, content in pictures.items()},
        "raw_ms": round(statistics.median(raw_ms), 1),
        # The quality of `image_best` is judged in both kinds of request.
        "bundle_ms": round(statistics.median(bundle_ms) + quality_ms, 1),
        "raw_stages_ms": _medians(raw_stages),
        "bundle_stages_ms": {**_medians(bundle_stages), "quality": quality_ms},
        "judgements_ms": _medians(judges),
    }


def _medians(rows: list[dict[str, float]]) -> dict[str, float]:
    """Give the median of each name."""
    return {name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]}


async def requests(world: Inside, size: tuple[int, int], rounds: int) -> dict[str, float]:
    """Give the CPU milliseconds of whole requests, medians and quietest tenths, of both kinds in alternation."""
    pictures, key = bundle(*size), world.keys["faceid"]
    best = pictures["image_best"]
    status, body = await answer(world.app, sent(live_calls.faceid_session(ADDRESS, key, 0, flash=False)))
    session = json.loads(body)
    spent: dict[str, list[float]] = {"raw": [], "bundle": []}
    for number in range(rounds + WARM_UP):
        for name, request in (
            ("raw", calls.faceid_verify(ADDRESS, key, best, best)),
            ("bundle", live_calls.faceid_verify_bundle(ADDRESS, key, session, pictures, best)),
        ):
            whole = sent(request)
            began = time.process_time()
            status, body = await answer(world.app, whole)
            if status != 200:
                raise SystemExit(f"{name} was answered with {status}: {body[:300]!r}")
            if number >= WARM_UP:
                spent[name].append(1e3 * (time.process_time() - began))
    told = {f"{name}_ms": round(statistics.median(values), 1) for name, values in spent.items()}
    return told | {f"{name}_quiet_ms": round(quantiles(values, n=10)[0], 1) for name, values in spent.items()}


class Silence:
    """Takes log lines and counts, and keeps none."""

    def info(self, event: str, **facts: object) -> None:
        """Forget it."""

    def warning(self, event: str, **facts: object) -> None:
        """Forget it."""

    def error(self, event: str, **facts: object) -> None:
        """Say it: a fault is no measurement."""
        raise RuntimeError(f"{event}: {facts}")

    def answered(self, *facts: object) -> None:
        """Forget it."""

    def decided(self, *_decision: object) -> None:
        """Forget it."""


def whole_requests(rounds: int) -> dict[str, Any]:
    """Give what whole requests cost, by the size of the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        world = open_inside(Path(folder) / "data", Silence())

        async def both() -> dict[str, Any]:
            return {name: await requests(world, size, rounds) for name, size in SIZES.items()}

        measured = asyncio.run(both())
        world.close()
    return measured


def page(figures: dict[str, Any]) -> str:
    """The figures as a page."""
    lines = [
        "# What genuineness costs",
        "",
        f"Written by `benchmarks/speed/genuineness.py`; nothing here is typed by hand. {HOW.format(**figures)}",
        "",
        f"{figures['machine']} {LOAD.format(*figures['load'])}",
        "",
        f"A bundle of three pictures adds, with `{', '.join(figures['assessed']) or 'nothing'}` assessed:",
        "",
        "| pictures, whole requests | raw_image | bundle | **added** | added in the quietest tenth | aim |",
        "|---|---|---|---|---|---|",
    ]
    sizes: dict[str, Any] = figures["sizes"]
    for name, row in figures["requests"].items():
        added, quiet = row["bundle_ms"] - row["raw_ms"], row["bundle_quiet_ms"] - row["raw_quiet_ms"]
        cells = (f"{row['raw_ms']:.1f}", f"{row['bundle_ms']:.1f}", f"**{added:.1f}**", f"{quiet:.1f}")
        lines.append(f"| {name} | {' | '.join(cells)} | ≤ {AT_MOST_MS:.0f} |")
    for name, row in sizes.items():
        stages = ("decode", "detect", "embed", "quality", "genuineness")
        lines += ["", f"## {name}", "", "| stage | raw_image | bundle | added |", "|---|---|---|---|"]
        for stage in stages:
            raw, bundled = row["raw_stages_ms"].get(stage, 0.0), row["bundle_stages_ms"].get(stage, 0.0)
            lines.append(f"| {stage} | {raw:.1f} | {bundled:.1f} | {bundled - raw:.1f} |")
        lines += ["", "| judgement | ms |", "|---|---|"]
        lines += [f"| `{one}` | {ms:.2f} |" for one, ms in row["judgements_ms"].items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    settings = read_settings()
    engine = open_engine(settings)
    engine.warm_up()
    examiner = open_genuineness(settings, engine).examiner
    before = round(os.getloadavg()[0], 1)
    sizes = {name: measure(engine, examiner, size, rounds) for name, size in SIZES.items()}
    wholes = whole_requests(rounds)
    figures: dict[str, Any] = {
        "machine": describe(),
        "rounds": rounds,
        "assessed": [name for name in NAMES if examiner.points[name].assessed],
        "load": [before, round(os.getloadavg()[0], 1)],
        "requests": wholes,
        "sizes": sizes,
    }
    (HERE / "genuineness.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (HERE / "genuineness.md").write_text(page(figures), encoding="utf-8")
    print(page(figures))


if __name__ == "__main__":
    main()
