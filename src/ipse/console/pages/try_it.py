"""Try it: three big choices, every operation behind them, and what the server really answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from ipse.console.page import ROOT, Answer, Asked, Page, Refused, Route, Sent, Shown, Visitor
from ipse.console.rendering import templates
from ipse.console.trying.attempt import Attempt, Caller
from ipse.console.trying.call import Picture
from ipse.console.trying.catalogue import BIG
from ipse.console.trying.snippets import LANGUAGES, snippets
from ipse.console.trying.trial import Given, Slot, Trial
from ipse.console.words import Words
from ipse.service.desk.roles import Right
from ipse.service.ports.audit import AuditTrail
from ipse.service.ports.trying import Samples

NAME: Final = "try"

LONGEST_SHOWN: Final = 160
"""Longest text of an answer that is shown whole: longer ones are pictures in base64, or templates."""

PART: Final = "x-part"
"""The header with which our script asks for the result alone, without the page around it."""

MAGIC: Final = {b"\x89PNG": "png", b"GIF8": "gif", b"BM": "bmp", b"RIFF": "webp"}
"""How files of these kinds begin; whatever else is sent is called a JPEG."""


@dataclass(frozen=True, slots=True)
class Bench:
    """
    What trying needs.

    Attributes:
        trials: Everything that can be tried, by name.
        caller: Sends calls to our own dialects.
        samples: Pictures to try with.
        trail: Where it is written down who tried what.
    """

    trials: Mapping[str, Trial]
    caller: Caller
    samples: Samples
    trail: AuditTrail


def page(bench: Bench) -> Page:
    """Give the page."""

    async def first(asked: Asked) -> Answer:
        return Shown("try.html", {"big": [bench.trials[name] for name in BIG], **_frame(bench, asked.known)})

    async def one(asked: Asked) -> Answer:
        trial = _trial(bench, asked)
        if trial is None:
            return Refused(HTTPStatus.NOT_FOUND, "no_page")
        return Shown("try_one.html", {"trial": trial, "attempt": None, **_frame(bench, asked.known)})

    async def tried(asked: Asked) -> Answer:
        trial = _trial(bench, asked)
        if trial is None:
            return Refused(HTTPStatus.NOT_FOUND, "no_page")
        given, chosen = await _given(bench, trial, asked)
        if given is None:
            facts = {**_frame(bench, asked.known), "trial": trial, "attempt": None, "missing": True}
            return Shown("try_one.html", facts, HTTPStatus.UNPROCESSABLE_ENTITY)
        attempt = await bench.caller.attempt(trial, given)
        await bench.trail.note(asked.known.user, "try", operation=trial.name, status=attempt.last.status)
        facts = {**_frame(bench, asked.known), "trial": trial, "chosen": chosen, **_told(attempt, asked)}
        if asked.request.head.header(PART) is None:
            return Shown("try_one.html", facts)
        text = templates().get_template("try_result.html").render(**facts, t=Words(asked.language))
        return Sent(text.encode(), "text/html; charset=utf-8")

    async def sample(asked: Asked) -> Answer:
        name = asked.words["sample"]
        small = asked.query("small") == "1"
        content = await (bench.samples.thumbnail(name) if small else bench.samples.picture(name))
        return Refused(HTTPStatus.NOT_FOUND, "no_page") if content is None else Sent(content, "image/jpeg")

    return Page(
        NAME,
        (
            Route("GET", "/try", first, Right.TRY),
            Route("GET", "/try/sample/{sample}", sample, Right.TRY),
            Route("GET", "/try/{operation}", one, Right.TRY),
            Route("POST", "/try/{operation}", tried, Right.TRY),
        ),
        Right.TRY,
    )


def _trial(bench: Bench, asked: Asked) -> Trial | None:
    """Give the operation that the path names, if this visitor may try it."""
    trial = bench.trials.get(asked.words["operation"])
    return trial if trial is not None and all(asked.known.may(right) for right in trial.rights) else None


def _frame(bench: Bench, visitor: Visitor) -> dict[str, object]:
    """Give what every page of these is filled with."""
    there = set(bench.samples.names())
    groups: dict[str, list[Trial]] = {}
    for trial in bench.trials.values():
        if all(visitor.may(right) for right in trial.rights):
            groups.setdefault(trial.dialect, []).append(trial)
    return {
        "groups": groups,
        "sample": f"{ROOT}/try/sample",
        "offered": lambda slot: [name for name in slot.samples if name in there],
        "missing": False,
        "chosen": {},
    }


async def _given(bench: Bench, trial: Trial, asked: Asked) -> tuple[Given | None, dict[str, str]]:
    """Give what was given, and which samples; `None` where a picture is missing that must be there."""
    pictures: dict[str, Picture] = {}
    chosen: dict[str, str] = {}
    for slot in trial.slots:
        content = asked.upload(slot.name)
        name = asked.text(f"sample_{slot.name}")
        if content is None and name in slot.samples:
            content = await bench.samples.picture(name)
            chosen[slot.name] = name
        if content is not None:
            pictures[slot.name] = Picture(f"{_filename(slot)}.{_suffix(content)}", content)
        elif slot.required:
            return None, chosen
    words = {wish.name: asked.text(wish.name)[:200] for wish in trial.wishes}
    return Given(pictures, words), chosen


def _filename(slot: Slot) -> str:
    """Give what a picture is called in the source text: the field's name says most."""
    return "reference" if slot.name in {"references", "image_ref1"} else slot.name


def _suffix(content: bytes) -> str:
    """Give the suffix of a picture's file."""
    return next((suffix for magic, suffix in MAGIC.items() if content.startswith(magic)), "jpg")


def _told(attempt: Attempt, asked: Asked) -> dict[str, object]:
    """Give an attempt as the template shows it."""
    base = _base(asked)
    return {
        "attempt": attempt,
        "finding": attempt.finding,
        "replies": [{"reply": reply, "body": _body(reply.body)} for reply in attempt.replies],
        "code": [snippets(call, base) for call in attempt.calls],
        "languages_of_code": LANGUAGES,
    }


def _base(asked: Asked) -> str:
    """Give the server's address as the browser knows it: of a form that was sent it says so itself."""
    head = asked.request.head
    origin = head.header("origin") or ""
    return origin if origin.startswith("http") else f"http://{head.header('host') or 'localhost'}"


def _body(body: bytes) -> str:
    """Give an answer's body to read: indented, and long texts cut."""
    try:
        return json.dumps(_short(json.loads(body)), indent=2, ensure_ascii=False)
    except ValueError:
        return body[:LONGEST_SHOWN].decode("utf-8", "replace")


def _short(value: Any) -> Any:
    """Give JSON values with long texts cut; how long they were stands behind them."""
    match value:
        case str() if len(value) > LONGEST_SHOWN:
            return f"{value[:48]}… ({len(value):,})"
        case dict():
            return {name: _short(one) for name, one in value.items()}
        case list():
            return [_short(one) for one in value]
        case _:
            return value
