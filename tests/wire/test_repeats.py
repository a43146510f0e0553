"""Repeated requests and the ledger: billed once, whatever happens in between."""

from typing import TYPE_CHECKING

from tests.wire.world import CALL

if TYPE_CHECKING:
    from tests.wire.world import World

COMPARE = {"call": "compare", "send_headers": {"idempotency-key": "k-1"}}


def lines(world: "World") -> set[tuple[object, ...]]:
    """What the ledger says, each line once: the store takes an id once."""
    return {
        (entry.id, entry.operation, entry.outcome, entry.status, entry.billed)
        for entry in (receipt.entry for receipt in world.callers.ledger)
    }


def test_a_repetition_adds_nothing(world: "World") -> None:
    """The line that a repetition writes is the first call's own, which the ledger has already."""
    for _ in range(2):
        world.send(COMPARE, "native")
    assert {(CALL, "compare", "ok", 200, 1)} == lines(world)


def test_a_repetition_writes_the_line_that_is_missing(world: "World") -> None:
    """A server that died between keeping the answer and the ledger left no line; the repetition writes it."""
    world.send(COMPARE, "native")
    world.callers.ledger.clear()
    world.send(COMPARE, "native")
    assert {(CALL, "compare", "ok", 200, 1)} == lines(world)


def test_a_refusal_is_repeated_unbilled(world: "World") -> None:
    """A problem that is given again is billed as the first time: not."""
    refused = {**COMPARE, "set": {"probe": "<picture nobody>"}}
    for _ in range(2):
        world.send(refused, "native")
    assert {(CALL, "compare", "face_missing", 422, 0)} == lines(world)


def test_a_fault_gives_the_reservation_back(world: "World") -> None:
    """After a fault of ours nothing is reserved: the caller may try again under the same key."""
    world.send({**COMPARE, "set": {"probe": "<picture fault>"}}, "native")
    assert {} == world.idempotency.kept


def test_a_caller_who_may_no_more_gets_no_answer_again(world: "World") -> None:
    """Key and rate are asked before an answer is given again; quota, credit and room are not taken for it."""
    world.send(COMPARE, "native")
    world.compute.free = 0
    assert "true" == world.send(COMPARE, "native").headers["idempotency-replayed"]
    world.callers.records["native", "good"] = world.callers.records["native", "disabled"]
    assert 403 == world.send(COMPARE, "native").status_code


def test_a_decision_is_noted_once(world: "World") -> None:
    """Only the first call bears what was decided; a repetition decides nothing."""
    for _ in range(2):
        world.send(COMPARE, "native")
    assert [True, False] == [receipt.decision is not None for receipt in world.callers.ledger]
