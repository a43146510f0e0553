"""The page of motion.py: rates out of measures."""

from dataclasses import dataclass
from textwrap import fill
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from shares import Share

from ipse.core.genuineness.action import DONE, NEEDED, Stance
from ipse.core.genuineness.capture import Action
from ipse.models.manifest import Manifest

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWN: Final = 3
"""Actions that a capture asks for when nobody says how many."""

SEED: Final = 3


@dataclass(frozen=True)
class Measured:
    """
    What was measured of people, `n` of them, in frames of `k` kinds.

    Attributes:
        best: (n, 4) stance of the best picture: yaw, pitch, closed, opened.
        acted: (n, k, 4) likewise.
        same: (n, k) cosine between the best picture and each frame.
        others: (n, n - 1, k) likewise, with frames of all other people.
        days: (m,) likewise, with another picture of the same person, taken on another day.
        identical: (n, k) share of identical pixels with the best picture.
        skipped: How many stills were no best pictures.
        milliseconds: CPU time of the three judgements about a capture of six pictures.
    """

    best: Values
    acted: Values
    same: Values
    others: Values
    days: Values
    identical: Values
    skipped: int
    milliseconds: float


def figures(found: Measured, kinds: tuple[str, ...]) -> dict[str, Any]:
    """All figures, as they go to motion.json."""
    threshold = next(one.threshold for one in Manifest.load().judgements if one.name == "replaced")
    missed = {action: _missed(found, action) for action in Action}
    at = {kind: number for number, kind in enumerate(kinds)}
    return {
        "people": len(found.best),
        "skipped": found.skipped,
        "needed": {action.value: NEEDED[action] for action in Action},
        "actions": {action.value: _of_action(missed[action], action, at) for action in Action},
        "captures": _captures(missed, at),
        "replaced": {
            "threshold": threshold,
            "frames": {kind: _summary(found.same[:, number], threshold) for kind, number in at.items()},
            "captures": _share(_score(found.same.min(axis=1)) >= threshold),
            "days": _summary(found.days, threshold),
            "others": {kind: _missing(found.others[:, :, number], threshold) for kind, number in at.items()},
        },
        "identical": float(found.identical.max()),
        "milliseconds": found.milliseconds,
    }


def _missed(found: Measured, action: Action) -> Flags:
    """In which frames the action was not seen; (n, k)."""
    best = [Stance(*row) for row in found.best.tolist()]
    frames = [[Stance(*frame) for frame in row] for row in found.acted.tolist()]
    done = [[DONE[action](one, frame) for frame in row] for one, row in zip(best, frames, strict=True)]
    return np.array(done) < NEEDED[action]


def _of_action(missed: Flags, action: Action, at: dict[str, int]) -> dict[str, Any]:
    """How often an action is missed when it was done, and seen when it was not."""
    elsewhere = [number for kind, number in at.items() if not kind.startswith((action.value, "rest"))]
    return {
        "missed, least": _share(missed[:, at[f"{action.value}, least"]]),
        "missed": _share(missed[:, at[action.value]]),
        "still": _share(~missed[:, at["rest"]]),
        "other": _share(~missed[:, elsewhere]),
    }


def _captures(missed: dict[Action, Flags], at: dict[str, int]) -> dict[str, Any]:
    """How often three drawn actions are suspected though done, and not suspected over a still or other actions."""
    dice = np.random.default_rng(SEED)
    people = len(next(iter(missed.values())))
    told: dict[str, list[bool]] = {"least": [], "full": [], "still": [], "other": []}
    for person in range(people):
        for _ in range(20):
            asked = [list(Action)[one] for one in dice.permutation(len(Action))[:DRAWN]]
            other = [list(Action)[one] for one in dice.permutation(len(Action))[:DRAWN]]
            told["least"].append(any(missed[one][person, at[f"{one.value}, least"]] for one in asked))
            told["full"].append(any(missed[one][person, at[one.value]] for one in asked))
            told["still"].append(not any(missed[one][person, at["rest"]] for one in asked))
            if asked != other:
                pairs = zip(asked, other, strict=True)
                told["other"].append(not any(missed[one][person, at[done.value]] for one, done in pairs))
    return {name: _share(np.array(flags)) for name, flags in told.items()}


def _score(cosines: Values) -> Values:
    """The score of `replaced`."""
    return np.clip((1 - cosines) / 2, 0, 1)


def _summary(cosines: Values, threshold: float) -> dict[str, Any]:
    """How alike pictures of one person are, and how often that is too little."""
    low, middle = np.percentile(cosines, [1, 50])
    return {"middle": float(middle), "low": float(low), "suspected": _share(_score(cosines) >= threshold)}


def _missing(cosines: Values, threshold: float) -> dict[str, Any]:
    """How alike pictures of two people are, and how often that is enough."""
    return {"high": float(np.percentile(cosines, 99)), "passed": _share(_score(cosines) < threshold)}


def _share(flags: Flags) -> list[int]:
    """Some of several."""
    return [int(flags.sum()), int(flags.size)]


def _told(counts: list[int]) -> str:
    """A share in per cent with its interval."""
    return str(Share(*counts))


def page(told: dict[str, Any]) -> str:
    """The page."""
    return "\n".join([*_head(told), *_actions(told), *_replaced(told["replaced"]), *_injection(told), ""])


def _prose(*sentences: str) -> str:
    """Sentences as a paragraph."""
    return fill(" ".join(sentences), width=118, break_long_words=False, break_on_hyphens=False) + "\n"


def _head(told: dict[str, Any]) -> list[str]:
    """What it is about."""
    return [
        "# Actions, replaced faces, injection\n",
        _prose(
            "Motion composed from one still a person (`attacks/motion.py`): simulated, so real heads will differ.",
            f"The people are {told['people']} of the second half of `../shared/data/faces`, whose still looks straight",
            f"ahead with open eyes ({told['skipped']} more were no best picture); constants were chosen on the first",
            "half. Frames are 640×480 with drift, sway, noise and JPEG. Shares are in per cent, with the 95 % interval",
            "of Wilson.",
        ),
        "Made by `PYTHONPATH=. python benchmarks/accuracy/motion.py ../shared/data/faces --people 260`.\n",
        _prose(f"The three judgements take {told['milliseconds']:.1f} ms of CPU for a best picture and five actions."),
    ]


def _actions(told: dict[str, Any]) -> list[str]:
    """The tables of `action`."""
    captures = {name: _told(counts) for name, counts in told["captures"].items()}
    rows = [
        f"| {name} | {told['needed'][name]:g} | {_told(one['missed, least'])} | {_told(one['missed'])} "
        f"| {_told(one['still'])} | {_told(one['other'])} |"
        for name, one in told["actions"].items()
    ]
    return [
        "## action\n",
        _prose(
            "“Least” is as little as the capture page lets through: turns of 20°, a nod of 15°, eyes closed by 0.8, a",
            "mouth open by 0.55 of what is composed as fully open; clear is 28°, 22°, 1 and 1.",
        ),
        "| action | needed | missed, least | missed, clear | seen in the still | seen in another action |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        _prose(
            f"Of captures with three drawn actions, {captures['least']} that do the least are suspected (BPCER), and",
            f"{captures['full']} of clear ones; not suspected are {captures['still']} of those that show the still",
            f"each time (APCER), and {captures['other']} of those that play three drawn for another session. Draws of",
            "one person depend on each other: these intervals are too narrow.",
        ),
    ]


def _replaced(told: dict[str, Any]) -> list[str]:
    """The tables of `replaced`."""
    rows = [
        f"| {kind} | {one['middle']:.2f} | {one['low']:.2f} | {_told(one['suspected'])} "
        f"| {told['others'][kind]['high']:.2f} | {_told(told['others'][kind]['passed'])} |"
        for kind, one in told["frames"].items()
    ]
    days, cosine = told["days"], 1 - 2 * told["threshold"]
    return [
        "## replaced\n",
        _prose(
            f"Suspected from a score of {told['threshold']:g}, a cosine of {cosine:.2f}. The template of the best",
            "picture is `balanced`, those of the frames are `fast`.",
        ),
        "| frame | cosine, middle | lowest 1 % | suspected | strangers, highest 1 % | strangers not suspected |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        _prose(
            f"Of all frames together, {_told(told['captures'])} of people have one that is suspected (BPCER). Another",
            f"picture of the same person, taken on another day, is suspected in {_told(days['suspected'])}, its cosine",
            f"is {days['middle']:.2f} in the middle: no capture differs so much from itself: an upper bound.",
        ),
    ]


def _injection(told: dict[str, Any]) -> list[str]:
    """The figures of `injection`."""
    return [
        "## injection\n",
        _prose(
            f"Honest frames have at most {told['identical']:.2f} of their pixels with relief in common with the best",
            "picture; from 0.5 on they are suspected. Labels, times and names of software are rules, not measures:",
            "nobody can say how often they are wrong.",
        ).rstrip(),
    ]
