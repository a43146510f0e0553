"""Whatever becomes of a signed form on its way, the answer is one of the vendor's."""

import re
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ipse.protocols.faceid.errors import ERRORS
from tests.wire.builders import faceid
from tests.wire.forms import BOUNDARY, multipart
from tests.wire.liveness import fields
from tests.wire.scenes import pictures
from tests.wire.world import World

DECLARED = re.compile("|".join(re.escape(row.words).replace(r"\{field\}", "[a-z_0-9]+") for row in ERRORS.values()))
"""Every message of the table."""

CASES: tuple[dict[str, Any], ...] = (
    {"bundle": {"pictures": {"image_env": "anna", "image_action1": "anna"}}},
    {"bundle": {"session": "acting", "pictures": dict.fromkeys((f"image_action{n}" for n in (1, 2, 3)), "anna")}},
    {"flash": {}},
)
KYC = {"comparison_type": "1", "idcard_name": "阿不都·买买提", "idcard_number": "110101199001010023", "api_key": "kyc"}


@cache
def form(case: int, *, kyc: bool) -> tuple[tuple[str, bytes], ...]:
    """A good form."""
    sent = {**faceid.GOOD, "image_ref1": pictures()["anna"], **(KYC if kyc else {}), **fields(CASES[case], pictures())}
    return tuple((name, text.encode() if isinstance(text, str) else text) for name, text in sent.items())


@st.composite
def mutated(draw: st.DrawFn) -> list[tuple[str, str | bytes]]:
    """A good form of which a few fields are lost, doubled, cut, filled with others' content, or changed in a byte."""
    sent = list(form(draw(st.integers(0, 2)), kyc=draw(st.booleans())))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(sent) - 1))
        name, content = sent[at]
        place = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.sampled_from(("lose", "double", "cut", "exchange", "flip", "fill"))):
            case "lose" if len(sent) > 1:
                sent.pop(at)
            case "double":
                sent.append((name, content[::-1]))
            case "cut":
                sent[at] = (name, content[:place])
            case "exchange":
                sent[at] = (name, draw(st.sampled_from(sent))[1])
            case "flip" if content:
                sent[at] = (
                    name,
                    content[:place] + bytes([content[place] ^ draw(st.integers(1, 255))]) + content[place + 1 :],
                )
            case _:
                sent[at] = (name, draw(st.binary(max_size=40)))
    return list(sent)


@given(mutated())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_form_gets_a_declared_answer(sent: list[tuple[str, str | bytes]]) -> None:
    """A success that says all it must, or a message of the table; never a fault of ours, and no seat stays taken."""
    world = World()
    kind, body = multipart(sent, "curl")
    client = TestClient(world.app())
    answer = client.post(faceid.PATH, content=body, headers={"content-type": kind})
    assert BOUNDARY in kind
    assert 4 == world.compute.free
    if answer.status_code == 200:
        assert {"time_used", "request_id"} < answer.json().keys()
        return
    assert answer.status_code in {400, 403}
    assert DECLARED.fullmatch(answer.json()["error_message"])
