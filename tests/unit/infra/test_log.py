"""Log lines: what never gets into one."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipse.infra.log import LONGEST, SENSITIVE, make_log

PRIVATE = "Zhang San 110101199003070000"


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    """The lines written, read as JSON."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("field", sorted(SENSITIVE - {"event"}))
def test_a_field_named_after_something_private_is_redacted(field: str) -> None:
    """The value of a sensitive name is not written, at the top or deeper."""
    stream = io.StringIO()
    make_log("info", "json", stream).info("call", **{field: PRIVATE}, facts={field: [PRIVATE], "n": 1})
    assert PRIVATE not in stream.getvalue()
    assert {"n": 1, field: "[redacted]"} == lines(stream)[0]["facts"]


@pytest.mark.parametrize("value", [b"\xff\xd8" + b"x" * 9, bytearray(9), object(), "x" * (LONGEST + 1), ["x" * 999]])
def test_bytes_long_texts_and_objects_are_named_and_not_written(value: object) -> None:
    """Only numbers and short words are written; of the rest, the kind or the length."""
    stream = io.StringIO()
    make_log("info", "json", stream).info("call", value=value)
    assert len(stream.getvalue()) < LONGEST
    assert "xxx" not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_message_of_a_fault_is_left_out(form: str) -> None:
    """A fault is written as its kind and places; its message may quote a caller."""
    stream = io.StringIO()
    log = make_log("info", "json" if form == "json" else "console", stream)
    try:
        int(PRIVATE)
    except ValueError:
        log.exception("fault")
    assert PRIVATE not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "test_log.py" in stream.getvalue()


@settings(max_examples=40)
@given(
    st.dictionaries(st.text(max_size=9), st.text(max_size=9) | st.binary(max_size=9) | st.lists(st.text(max_size=9)))
)
def test_any_line_is_one_line_of_json(facts: dict[str, object]) -> None:
    """Nothing that is logged breaks the log."""
    stream = io.StringIO()
    facts = {key: value for key, value in facts.items() if key not in {"event", "exc_info", "self"}}
    make_log("info", "json", stream).info("call", **facts)
    assert 1 == len(stream.getvalue().removesuffix("\n").split("\n"))
    assert "call" == lines(stream)[0]["event"]


def test_lines_below_the_level_are_not_written() -> None:
    """The level is respected."""
    stream = io.StringIO()
    make_log("warning", "json", stream).info("call")
    assert "" == stream.getvalue()
