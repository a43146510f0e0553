"""The engine room: seats, refusals at once, and work that outlives its caller."""

import asyncio
import threading

import pytest

from ipse.core.reasons import Reason, Refusal
from ipse.infra.compute import BoundedCompute


def test_the_next_one_is_refused_at_once_and_let_in_when_a_seat_is_free() -> None:
    """With two seats taken the third is told so without waiting; afterwards there is room again."""
    compute = BoundedCompute(1, 2)

    async def call() -> list[int]:
        counts = []
        async with compute.admit(), compute.admit():
            counts.append(compute.in_flight)
            with pytest.raises(Refusal) as refused:
                async with asyncio.timeout(0), compute.admit():
                    pass
            assert Reason.BUSY is refused.value.reason
        counts.append(compute.in_flight)
        async with compute.admit() as seat:
            counts.append(await seat.run(lambda: 7))
        return counts

    assert [2, 0, 7] == asyncio.run(call())
    compute.close()


def test_work_runs_off_the_event_loop_on_as_many_threads_as_given() -> None:
    """Two pieces of one seat's work run side by side, on two threads that are not the loop's."""
    compute = BoundedCompute(2, 1)
    both = threading.Barrier(2, timeout=30)

    def work() -> str:
        both.wait()
        return threading.current_thread().name

    async def call() -> list[str]:
        async with compute.admit() as seat:
            return list(await asyncio.gather(seat.run(work), seat.run(work)))

    names = asyncio.run(call())
    assert 2 == len(set(names))
    assert all(name.startswith("compute") for name in names)
    compute.close()


def test_what_the_work_raises_comes_through_and_frees_the_seat() -> None:
    """A refusal inside is a refusal outside."""
    compute = BoundedCompute(1, 1)

    def work() -> None:
        raise Refusal(Reason.FACE_MISSING, "probe")

    async def call() -> None:
        async with compute.admit() as seat:
            await seat.run(work)

    with pytest.raises(Refusal) as refused:
        asyncio.run(call())
    assert (Reason.FACE_MISSING, 0) == (refused.value.reason, compute.in_flight)
    compute.close()


def test_a_seat_stays_taken_while_its_work_still_runs() -> None:
    """A caller who goes away frees no seat before what was begun for them has ended; what only waited is dropped."""
    compute = BoundedCompute(1, 1)
    began, end = threading.Event(), threading.Event()
    ran: list[str] = []

    def work() -> None:
        began.set()
        assert end.wait(30)
        ran.append("first")

    async def one() -> None:
        async with compute.admit() as seat:
            await asyncio.gather(seat.run(work), seat.run(lambda: ran.append("second")))

    async def call() -> list[int]:
        task = asyncio.create_task(one())
        await asyncio.to_thread(began.wait, 30)
        task.cancel()
        await asyncio.wait([task])
        counts = [compute.in_flight]
        end.set()
        await asyncio.to_thread(compute.close)
        return [*counts, compute.in_flight]

    assert [1, 0] == asyncio.run(call())
    assert ["first"] == ran


def test_a_closed_engine_room_is_busy() -> None:
    """While the server goes down, work is refused as it is when full."""
    compute = BoundedCompute(1, 1)

    async def call() -> None:
        async with compute.admit() as seat:
            compute.close()
            await seat.run(lambda: None)

    with pytest.raises(Refusal, match="busy"):
        asyncio.run(call())
    assert 0 == compute.in_flight
