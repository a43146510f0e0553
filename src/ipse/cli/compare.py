"""`ipse compare`: are the people on two pictures the same, and how often would strangers look that alike?"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from ipse.cli.screen import bar, console, likeness, said_rate
from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.reasons import Reason, Refusal
from ipse.core.scoring.calibration import Curve
from ipse.core.scoring.verdict import DEFAULT_FMR, decide
from ipse.core.vocabulary import SUGGESTED_QUALITY, Subject
from ipse.infra.settings import read_settings

SAME, DIFFERENT, UNTOLD = 0, 1, 2
SHOWN_RATES: Final = ("1e-3", "1e-4", "1e-5", "1e-6")

FILE_UNREADABLE: Final = "file_unreadable"
"""The word for a file whose bytes cannot be had; all other words are those of `Reason`."""

Look: TypeAlias = Examination | Refusal | OSError
"""What was found in a picture, why it is refused, or why its file cannot be read."""


def regular(path: Path) -> Path:
    """The path, if a file rests there: a pipe or a device could be read once, or for ever."""
    if not path.is_file():
        raise typer.BadParameter(f"{path} is no regular file")
    return path


@dataclass(frozen=True, slots=True)
class Compared:
    """Two pictures looked at: what was found in each, what is known of their likeness, and whether it is one person."""

    looks: tuple[Look, Look]
    similarity: float | None
    rate: float | None
    same: bool | None


Picture = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=False, callback=regular, help="A file.", show_default=False),
]
"""Missing files, folders, pipes and devices are wrong usage; a file that may not be read is refused like a picture."""


def compare(
    a: Picture,
    b: Picture,
    *,
    fmr: Annotated[float, typer.Option(min=1e-9, max=1.0, help="How often strangers may pass.")] = DEFAULT_FMR,
    subject: Annotated[Subject, typer.Option(help="Which of several faces.")] = Subject.LARGEST,
    profile: Annotated[str | None, typer.Option(help="fast or balanced. \\[default: the setting]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Compare the people on two pictures. Ends with 0 same, 1 different, 2 could not tell."""
    settings = read_settings(profile=profile)
    from ipse.verifier import Verifier  # noqa: PLC0415  # Wrong usage is told before half a second of imports.

    verifier = Verifier(**({} if profile is None else {"profile": settings.profile}))
    with ThreadPoolExecutor(2) as pool:
        wish = Wish(subject=subject)
        looks = list(pool.map(lambda path: _look(verifier, path, wish), (a, b)))
    compared = _judged((looks[0], looks[1]), verifier.curve, fmr)
    if as_json:
        print(json.dumps(_answer(compared, verifier, fmr), indent=2))  # noqa: T201  # The answer is what stdout is for.
    else:
        _show(compared, verifier.curve, (a, b), fmr)
    raise typer.Exit({True: SAME, False: DIFFERENT, None: UNTOLD}[compared.same])


def _look(verifier: Any, path: Path, wish: Wish) -> Look:
    """What is found in a picture, or why it cannot be read."""
    try:
        found: Examination = verifier.examine(path, wish)
    except (Refusal, OSError) as obstacle:
        return obstacle
    return found


def _judged(looks: tuple[Look, Look], curve: Curve, fmr: float) -> Compared:
    """Two looks with their likeness, and whether it is one person."""
    templates = [look.template for look in looks if isinstance(look, Examination) and look.template is not None]
    if len(templates) < len(looks):
        return Compared(looks, None, None, None)
    alike = similarity(templates[0], templates[1])
    rate = curve.false_match_rate(alike)
    return Compared(looks, alike, rate, decide(rate, fmr))


def _obstacle(look: Look) -> str | None:
    """What keeps a picture from being compared, in one word."""
    if isinstance(look, OSError):
        return FILE_UNREADABLE
    if isinstance(look, Refusal):
        return look.reason.value
    return Reason.FACE_MISSING.value if look.template is None else None


def _thresholds(curve: Curve) -> dict[str, float]:
    """The similarity at each published rate."""
    return {rate: round(curve.similarity_at(float(rate)), 6) for rate in SHOWN_RATES}


def _answer(compared: Compared, verifier: Any, fmr: float) -> dict[str, Any]:
    """The answer for programs."""
    curve: Curve = verifier.curve
    answer: dict[str, Any] = {
        "similarity": compared.similarity,
        "false_match_rate": compared.rate,
        "false_match_rate_interval": None if compared.similarity is None else curve.interval(compared.similarity),
        "extrapolated": None if compared.rate is None else curve.is_extrapolated(compared.rate),
        "same_person": compared.same,
        "at_most": fmr,
        "thresholds": _thresholds(curve),
        "pictures": {name: _facts(look) for name, look in zip("ab", compared.looks, strict=True)},
        "models": _models(verifier),
        "curve": {"dataset": curve.provenance.dataset, "population": curve.provenance.population},
    }
    obstacles = {name: word for name, look in zip("ab", compared.looks, strict=True) if (word := _obstacle(look))}
    if obstacles:
        answer["picture"], answer["reason"] = next(iter(obstacles.items()))
    return answer


def _facts(look: Look) -> dict[str, Any]:
    """What is known about one picture, for programs."""
    if not isinstance(look, Examination):
        return {"refused": _obstacle(look)}
    boxes = [[round(edge, 1) for edge in (f.box.x1, f.box.y1, f.box.x2, f.box.y2)] for f in _faces(look)]
    quality = None if look.quality is None else round(look.quality.unified, 1)
    return {
        "width": look.width_px,
        "height": look.height_px,
        "faces": boxes,
        "subject": look.subject,
        "quality": quality,
    }


def _faces(look: Examination) -> list[Any]:
    """The faces that were found."""
    return [finding.face for finding in look.faces]


def _models(verifier: Any) -> dict[str, str]:
    """What computed the answer."""
    recipe, facts = verifier.engine.examiner.recipe, verifier.engine.facts
    return {
        "detector": recipe.detector,
        "embedder": recipe.embedder,
        "profile": recipe.profile,
        "precision": recipe.precision,
        "runtime": f"{facts.runtime} {facts.version}",
    }


def _show(compared: Compared, curve: Curve, paths: tuple[Path, Path], fmr: float) -> None:
    """The answer for people."""
    screen = console()
    for path, look in zip(paths, compared.looks, strict=True):
        screen.print(f"[dim]{path.name}:[/] {_in_words(look)}")
    if compared.similarity is None or compared.rate is None:
        screen.print("[bold yellow]Could not tell.[/]")
        return
    colour, words = ("green", "Same person") if compared.same else ("red", "Different people")
    screen.print(f"\n[bold {colour}]{words}[/] at a false match rate of at most {fmr:g}")
    screen.print(bar(compared.similarity, {float(rate): at for rate, at in _thresholds(curve).items()}))
    tail = " (extrapolated: rarer than the data behind the curve could show)"
    screen.print(
        f"similarity {compared.similarity:.4f} · strangers look at least that alike "
        f"[bold]{said_rate(compared.rate)}[/]{tail if curve.is_extrapolated(compared.rate) else ''}"
    )
    screen.print(likeness(curve, SHOWN_RATES))
    screen.print(f"[dim]Fitted on {curve.provenance.population}. Your people may differ: ipse calibrate[/]")


def _in_words(look: Look) -> str:
    """What was found in a picture, in words."""
    if isinstance(look, OSError):
        return f"[yellow]cannot be read ({look.strerror or look})[/]"
    if isinstance(look, Refusal):
        return f"[yellow]cannot be read ({look.reason.value})[/]"
    if not look.faces:
        return "[yellow]no face found[/]"
    count = f"{len(look.faces)} faces, one taken" if len(look.faces) > 1 else "one face"
    if look.quality is None:
        return count
    low = look.quality.unified < SUGGESTED_QUALITY
    note = " [yellow](low: the answer may be wrong)[/]" if low else ""
    return f"{count}, quality {look.quality.unified:.0f} of 100{note}"
