"""What the judgements share: the capture, the networks, and what several of them need computed once."""

from dataclasses import dataclass
from functools import cached_property

from ipse.core.genuineness import recapture
from ipse.core.genuineness.capture import Capture
from ipse.core.vocabulary import Network


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of the judgements; `None` where one is not here, and its judgement is then not assessed."""

    presentation: Network | None = None
    landmarks: Network | None = None
    eyes: Network | None = None
    mask: Network | None = None
    synthetic: Network | None = None


@dataclass(frozen=True)
class Evidence:
    """What a judgement looks at. What two of them need is a `cached_property` here, so that it is computed once."""

    capture: Capture
    networks: Networks

    @cached_property
    def traces(self) -> tuple[recapture.Traces, ...] | str:
        """What the pictures show of something held before the camera, or why that cannot be said."""
        return recapture.look(self.capture, self.networks.presentation)
