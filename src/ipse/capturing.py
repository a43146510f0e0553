"""
The captures, put together: what stands behind `/v1/captures`, the capture page's two calls, and what tells results.

Nothing here knows HTTP.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from ipse.engine import Engine
from ipse.infra.settings import Settings
from ipse.infra.telemetry import SystemClock
from ipse.protocols import capture, native
from ipse.protocols.messages import Dialect
from ipse.protocols.native.captures import webhook_body
from ipse.service.capture_states import CaptureStates
from ipse.service.captures import AskForCapture, CompareCapture, OpenCapture
from ipse.service.evidence import Recorder
from ipse.service.judges import Judges
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.page_calls import GiveSession, TakeResult, take_nothing
from ipse.service.page_tokens import PageTokens
from ipse.service.ports import Attacks, Jobs, Once, Vault, Webhooks, WebhookSecrets
from ipse.service.vouching import Vouching
from ipse.service.webhooks import Announcer, Announcing

DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Ports:
    """
    What captures rest on.

    Attributes:
        vault: Keeps them.
        once: Says who was first.
        jobs: Where it waits that somebody is told.
        attacks: Numbers under which attacks were seen.
        secrets: What webhooks are signed with.
        webhooks: Carries what is told.
    """

    vault: Vault
    once: Once
    jobs: Jobs
    attacks: Attacks
    secrets: WebhookSecrets
    webhooks: Webhooks


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
            announcing=Announcing(ports.jobs),
            attacks=ports.attacks,
            clock=clock,
            attacked_s=settings.liveness_attack_days * DAY_S,
        )
    )
    give_session = GiveSession(tokens, sessions, states, clock)
    return capture.dialect(capture.UseCases(give_session, take_result, tokens, recorder.capture))


def announcer(ports: Ports) -> Announcer:
    """Who tells results."""
    clock = SystemClock()
    return Announcer(CaptureStates(ports.vault, clock), ports.webhooks, ports.secrets, webhook_body, clock)


def page_tokens(vault: Vault) -> PageTokens:
    """What the capture page works with, of every dialect."""
    return PageTokens(vault, SystemClock(), secrets.token_bytes)
