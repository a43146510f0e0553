"""
Chaos: three servers and two workers on one PostgreSQL, killed and restarted one after the other while callers go on.

`chaos.py [SECONDS] [CLIENTS]`, the checkout and `benchmarks` on PYTHONPATH; ends with 1, and says why, if anything
was lost, done twice, billed wrongly, let in beyond a limit, or answered in words that no vendor declares.
"""

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

import httpx2
from demo import cards
from fleet.judging import Found, faults, found
from fleet.listener import Listener, listening
from fleet.load import Client, Pictures, Tally, keys_of, work_of
from fleet.processes import NOT_SET_UP, Fleet, Member, fleet

from ipse.infra.store.heart import LEASE_S

EVERY_S = 5.0
"""How often something is done to the fleet."""

CARD_EVERY_S = 4.0
"""How often a card is handed in: reading one takes a worker some seconds of a core."""

SETTLE_S = 240.0
"""How long the fleet may take afterwards to judge the cards that wait."""

PAUSE_S = 0.2

ENDS_WELL = (0, NOT_SET_UP, -signal.SIGTERM)
"""What a process may end with that is told to stop; the last two while it begins: no database, no handler yet."""


def blows(site: Fleet) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is done, one after the other, for ever."""
    servers, workers = cycle(site.servers), cycle(site.workers)

    def renewed(member: Member, sig: signal.Signals) -> None:
        status = member.end(sig)
        if sig is signal.SIGTERM and status not in ENDS_WELL:
            raise SystemExit(f"{member.name} ended with {status} when it was told to stop")
        member.start()

    while True:
        yield "a server killed", partial(renewed, next(servers), signal.SIGKILL)
        yield "PostgreSQL restarted", partial(site.cluster.control, "restart", "--mode=fast")
        yield "a worker killed", partial(renewed, next(workers), signal.SIGKILL)
        yield "a server told to stop", partial(renewed, next(servers), signal.SIGTERM)
        yield "PostgreSQL killed", partial(site.cluster.control, "restart", "--mode=immediate")
        yield "a worker told to stop", partial(renewed, next(workers), signal.SIGTERM)


async def strike(site: Fleet, until: float) -> Counter[str]:
    """Give how often each thing was done until the time was over."""
    done: Counter[str] = Counter()
    for word, blow in blows(site):
        if time.monotonic() + EVERY_S > until:
            return done
        await asyncio.sleep(EVERY_S)
        for one in (*site.servers, *site.workers):
            one.look_after()
        await asyncio.to_thread(blow)
        done[word] += 1
    raise AssertionError


@dataclass
class Storm:
    """
    What comes down on a fleet.

    Attributes:
        site: Which.
        pictures: What is sent.
        seconds: How long.
        clients: From how many callers at once.
        tally: What they saw.
        listener: Who is told by webhooks.
        keys: Theirs.
        done: What was done to the fleet meanwhile.
    """

    site: Fleet
    pictures: Pictures
    seconds: float
    clients: int
    tally: Tally = field(default_factory=Tally)
    listener: Listener = field(default_factory=Listener)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    async def rage(self) -> None:
        """Ask and strike until the time is over, then wait for what was accepted."""
        self.keys = await asyncio.to_thread(keys_of, self.site, self.seconds)
        callers = [Client(self.site, self.tally, random.Random(number)) for number in range(self.clients + 2)]  # noqa: S311 - no secret
        async with listening() as self.listener:
            until = time.monotonic() + self.seconds
            *mixed, applying, repeating = callers
            striking = asyncio.create_task(strike(self.site, until))
            await asyncio.gather(
                self._repeat(repeating, until), self._apply(applying, until), *(self._ask(one, until) for one in mixed)
            )
            self.done = await striking
            await asyncio.sleep(EVERY_S)
            for one in self.site.workers:
                one.look_after()
            await asyncio.gather(*(asyncio.to_thread(one.wait_until_ready) for one in self.site.servers))
            await applying.finish(self.keys["tencent"], self.listener.taken, time.monotonic() + SETTLE_S)
        for caller in callers:
            await caller.http.aclose()

    async def _ask(self, caller: Client, until: float) -> None:
        """Ask one thing after the other."""
        work = work_of(self.keys, self.pictures)
        while time.monotonic() < until:
            one = caller.chance.choices(work, [each.weight for each in work])[0]
            answer = await caller.ask(one.name, one.key, one.units, one.make)
            if answer is None or answer.status_code != httpx2.codes.OK:
                await asyncio.sleep(caller.chance.uniform(0, PAUSE_S))

    async def _repeat(self, caller: Client, until: float) -> None:
        """Ask the same thing until it is answered, again and again."""
        while time.monotonic() < until:
            await caller.repeat(self.keys["again"], self.pictures, until + SETTLE_S)

    async def _apply(self, caller: Client, until: float) -> None:
        """Hand cards in, by turns."""
        while time.monotonic() < until:
            await caller.apply(self.keys, self.pictures)
            await asyncio.sleep(CARD_EVERY_S)
            await caller.apply_natively(self.keys["native"], self.pictures, self.listener.address)
            await asyncio.sleep(CARD_EVERY_S)


def settled(site: Fleet) -> None:
    """Return when everybody has ended in good order, and what killed servers held is over."""
    for one in (*site.servers, *site.workers):
        one.look_after()
        status = one.end(signal.SIGTERM)
        if status not in ENDS_WELL:
            raise SystemExit(f"{one.name} ended with {status}")
    time.sleep(LEASE_S)


def main() -> None:
    """Load, strike, look, say."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    few = {"THREADS": "1", "MAX_IN_FLIGHT": "8", "LIVENESS": "off", "CARDS": "first", "WEBHOOK_ALLOW": "127.0.0.0/8"}
    with fleet(3, 2, with_objects=True, **few) as site:
        samples = {Path(one).stem: Path(one).read_bytes() for one in site.say("models", "fetch")["samples"]}
        drawn = cards.card(samples["obama"])
        pictures = Pictures(
            samples["obama"], samples["obama2"], cards.photographed(drawn), cards.held_up(samples["obama2"], drawn)
        )
        storm = Storm(site, pictures, seconds, clients)
        asyncio.run(storm.rage())
        settled(site)
        it = found(site)
        wrong = list(faults(storm.tally, it, storm.keys, storm.listener))
        if wrong:
            for one in (*site.servers, *site.workers):
                errors = [line for line in one.lines() if line.get("level") == "error"]
                print(one.name, *errors[-5:], sep="\n  ")
    report(storm, it, wrong)
    sys.exit(int(bool(wrong)))


def report(storm: Storm, it: Found, wrong: list[str]) -> None:
    """Say what was seen."""
    tally = storm.tally
    for (operation, verdict), count in sorted(tally.counts().items()):
        print(f"{operation:34} {verdict:6} {count}")
    print(f"{len(tally.seen)} answers, {tally.broken.total()} connections broken, {tally.turned_away} turned away")
    print(f"{len(it.lines)} lines in the ledger, {it.jobs} jobs, {it.kept} results kept, {it.blobs} pictures kept")
    print(
        f"{len(tally.repeated)} calls repeated, {len(storm.listener.taken)} webhooks in {storm.listener.heard.total()}"
    )
    print("what was done:", *(f"{word} ×{count}" for word, count in storm.done.items()), sep="\n  ")
    print(*(wrong or ["nothing was lost, done twice, or let in beyond its limit"]), sep="\n")


if __name__ == "__main__":
    main()
