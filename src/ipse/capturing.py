"""
The captures, put together: what stands behind `/v1/captures`, the capture page's two calls, and what follows.

Nothing here knows HTTP.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from ipse.engine import Engine
from ipse.infra.settings import Settings
from ipse.infra.telemetry import SystemClock
from ipse.protocols import capture, native
from ipse.protocols.messages import Dialect
from ipse.protocols.native.captures import told
from ipse.protocols.native.cards import told_of_card
from ipse.service.aftermath import CaptureAftermath, CardAftermath
from ipse.service.capture_states import CaptureStates
from ipse.service.captures import AskForCapture, CompareCapture, OpenCapture
from ipse.service.evidence import Recorder
from ipse.service.judges import Judges
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.older_webhooks import pass_on
from ipse.service.page_calls import GiveSession, TakeResult, take_nothing
from ipse.service.page_tokens import PageTokens
from ipse.service.ports import Attacks, Cases, Deliveries, Job, Jobs, Once, Seat, Vault, WebhookSecrets
from ipse.service.vouching import Vouching
from ipse.service.webhooks import Announcing

DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Ports:
    """
    What captures rest on.

    Attributes:
        vault: Keeps them.
        once: Says who was first.
        jobs: Where work waits.
        deliveries: Where it waits that somebody is told.
        cases: What people look at.
        attacks: Numbers under which attacks were seen.
        secrets: What webhooks are signed with.
    """

    vault: Vault
    once: Once
    jobs: Jobs
    deliveries: Deliveries
    cases: Cases
    attacks: Attacks
    secrets: WebhookSecrets


def capture_cases(
    settings: Settings,
    engine: Engine,
    ports: Ports,
    sessions: LivenessSessions,
    judges: Judges | None,
    recorder: Recorder,
) -> native.Captures:
    """What stands behind our own operations about captures."""
    clock = SystemClock()
    states = CaptureStates(ports.vault, clock)
    return native.Captures(
        open=OpenCapture(
            sessions=sessions,
            states=states,
            tokens=page_tokens(ports.vault),
            secrets=ports.secrets,
            clock=clock,
            entropy=secrets.token_bytes,
            kept_s=settings.capture_result_s,
            is_open=judges is not None,
        ),
        ask=AskForCapture(states, clock),
        compare=CompareCapture(states, engine.examiner, recorder.yardstick, engine.examiner.recipe),
    )


def capture_dialect(
    settings: Settings, ports: Ports, sessions: LivenessSessions, judges: Judges | None, recorder: Recorder
) -> Dialect:
    """The capture page's two calls."""
    clock = SystemClock()
    tokens, states = page_tokens(ports.vault), CaptureStates(ports.vault, clock)
    take_result = (
        take_nothing
        if judges is None
        else TakeResult(
            tokens=tokens,
            states=states,
            vouching=Vouching(sessions, ports.once, judges, clock),
            once=ports.once,
            aftermath=capture_aftermath(ports),
            attacks=ports.attacks,
            clock=clock,
            attacked_s=settings.liveness_attack_days * DAY_S,
        )
    )
    give_session = GiveSession(tokens, sessions, states, clock)
    return capture.dialect(capture.UseCases(give_session, take_result, tokens, recorder.capture))


def capture_aftermath(ports: Ports) -> CaptureAftermath:
    """What follows from captures."""
    clock = SystemClock()
    return CaptureAftermath(Announcing(ports.deliveries, clock), ports.cases, told, clock)


def card_aftermath(ports: Ports) -> CardAftermath:
    """What follows from cards."""
    clock = SystemClock()
    return CardAftermath(Announcing(ports.deliveries, clock), ports.cases, told_of_card, clock)


def older_webhooks(ports: Ports) -> Callable[[Job, Seat], Awaitable[bytes]]:
    """What passes on the webhooks that a server of an older version has put off."""
    clock = SystemClock()
    return pass_on(CaptureStates(ports.vault, clock), Announcing(ports.deliveries, clock), told)


def page_tokens(vault: Vault) -> PageTokens:
    """What the capture page works with, of every dialect."""
    return PageTokens(vault, SystemClock(), secrets.token_bytes)
