"""
Networks that servers elsewhere compute: the runtime `remote`, over the Open Inference Protocol v2.

A server is believed nothing. It is found under a name that carries the digest of the file; if it states a digest, that
must be the manifest's; and what it computes for one made-up picture must be what the file that was fetched and checked
here computes. So it is at every start, and again whenever a server comes back.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import cv2
import numpy as np

from ipse.core.vocabulary import Floats, Precision
from ipse.models.contract import check_names, check_shapes, only_sides, sides_of, smallest_sides
from ipse.models.manifest import FreeSides, Weight
from ipse.models.open_inference import (
    JSON_LENGTH,
    MOST_AROUND,
    Described,
    answered,
    ask,
    described,
    digest_in_configuration,
    most_bytes,
    served_name,
)
from ipse.models.replicas import AnswerError, Replica, Replicas
from ipse.models.runtime import OpenedNetwork, RuntimeChoice, RuntimeFacts
from ipse.models.trouble import ContractError, DigestError, RuntimeUnavailableError

FLOAT32: Final = 2e-4
"""
How far a server's numbers may be from ours, as a share of their length, to count as computed in 32 bits.

Source: measured on every network of the manifest with the picture of `_trial`, OpenVINO against ONNX Runtime: at most
1.1e-5 in float32, at least 1.9e-3 in bfloat16 (`tests/contract/test_network.py` holds the same for templates).
"""

BFLOAT16: Final = 0.3
"""The same for bfloat16 and half precision: at most 0.18 was measured. Another network's numbers are about 1 away."""

EACH: Final[Mapping[Precision, float]] = {"float32": 0.02, "bfloat16": 0.5}
"""
How far any one of several outputs may be, where the middle one says the precision: none may be another network's.

Source: measured in the same way; YuNet's scores that there is a face lie around 1e-5 where there is none, and are up to
9.8e-4 apart in float32 and 0.21 in bfloat16. Zeros instead of an output are 1 away.
"""

_CELLS: Final = 4
_TRIAL_SIDE: Final = 4
"""The made-up picture has this many spots along each side, and, where sizes are free, sides of this many units."""


def open_remote(weight: Weight, here: OpenedNetwork, choice: RuntimeChoice) -> "RemoteNetwork":
    """
    A network on servers elsewhere.

    Args:
        weight: What the manifest says of it.
        here: The same network, opened from the file that was fetched; it is not kept.
        choice: Who is asked, and how exactly they must compute.

    Raises:
        DigestError: A server has opened another file.
        ContractError: A server has something else under our network's name.
        RuntimeUnavailableError: A server computes less exactly than was asked for.
        InferenceAwayError: No server answers.
    """
    trial = _trial(weight)
    return RemoteNetwork(weight, trial, here.run(trial), dict(here.notes), choice)


class RemoteNetwork:
    """
    One network on any of several servers. Safe to call from several threads at once.

    Args:
        weight: What the manifest says of it.
        trial: A picture that every server computes before it is believed.
        expected: What must come of it.
        notes: What the file says of itself.
        choice: Who is asked, and how exactly they must compute.
    """

    def __init__(
        self,
        weight: Weight,
        trial: Floats,
        expected: Mapping[str, Floats],
        notes: Mapping[str, str],
        choice: RuntimeChoice,
    ) -> None:
        self.notes = notes
        self._weight = weight
        self._trial = trial
        self._expected = expected
        self._wanted = choice.precision
        self._path = f"/v2/models/{served_name(weight)}"
        self._found: dict[str, tuple[Precision, str]] = {}
        self._replicas = Replicas(choice.servers, self._check)
        self._replicas.open()
        precision, platform = next(iter(self._found.values()))
        self.facts = RuntimeFacts(
            runtime="remote",
            version="2 (Open Inference Protocol)",
            provider=platform,
            device=f"{len(self._found)} of {len(self._replicas.all)} servers",
            precision=precision,
            threads=choice.threads,
        )

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the weights as manifested."""
        return self._weight.digest

    @property
    def precision(self) -> Precision:
        """Arithmetic in use."""
        return self.facts.precision

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """
        The outputs by name, owned by the caller.

        Shape: as the manifest's contract says, float32.

        Raises:
            ValueError: The contract does not allow the shape or the element type.
            InferenceAwayError: No server answers as it should.
        """
        sides_of(self._weight, tensor)
        return self._replicas.call(lambda replica: self._compute(replica, tensor))

    def warm_up(self, sides_px: Iterable[tuple[int, int]] = ()) -> None:
        """Run each size once at every server that answers, so that servers compile what they compile by size."""
        for sides in sides_px or only_sides(self._weight):
            picture = np.zeros(self._weight.input.shape(*sides), np.float32)
            for _ in self._replicas.all:
                self.run(picture)

    def _compute(self, replica: Replica, tensor: Floats) -> dict[str, Floats]:
        """The outputs, as one server gives them."""
        sides = sides_of(self._weight, tensor)
        question = ask(self._weight, tensor, binary=replica.binary)
        body, headers = self._replicas.send(replica, f"{self._path}/infer", most_bytes(self._weight, sides), question)
        outputs = answered(self._weight, body, headers.get(JSON_LENGTH))
        check_shapes(self._weight, sides, {name: values.shape for name, values in outputs.items()})
        return outputs

    def _check(self, replica: Replica) -> None:
        """Raise unless a server has our network, and computes it as exactly as was asked for."""
        for path in ("/v2/health/ready", f"{self._path}/ready"):
            self._replicas.send(replica, path, MOST_AROUND)
        said = described(self._replicas.send(replica, self._path, MOST_AROUND)[0])
        check_names(self._weight, said.inputs, said.outputs)
        self._check_digest(replica, said)
        precision = self._judged(replica)
        others = {found for url, (found, _) in self._found.items() if url != replica.url}
        if self._wanted not in {"auto", precision} or others - {precision}:
            wanted = self._wanted if self._wanted != "auto" else ", ".join(others)
            raise RuntimeUnavailableError(
                f"{replica.url} computes {self._weight.name} in {precision}, {wanted} was asked for"
            )
        self._found[replica.url] = precision, said.platform

    def _check_digest(self, replica: Replica, said: Described) -> None:
        """Raise if the server states a digest that is not the manifest's; not every server states one."""
        stated = said.digest
        if stated is None:
            try:
                body, _ = self._replicas.send(replica, f"{self._path}/config", MOST_AROUND)
                stated = digest_in_configuration(body)
            except AnswerError:
                return
        if stated not in {None, self._weight.digest, self._weight.opened.digest}:
            raise DigestError(f"{self._weight.name} at {replica.url}", self._weight.opened.digest, str(stated))

    def _judged(self, replica: Replica) -> Precision:
        """How exactly the server computes, by the made-up picture; first with tensors as bytes, then as JSON."""
        replica.binary = True
        try:
            found = self._compute(replica, self._trial)
        except (AnswerError, ContractError):
            replica.binary = False
            found = self._compute(replica, self._trial)
        off = {name: _distance(found[name], expected) for name, expected in self._expected.items()}
        middle, farthest = float(np.median(list(off.values()))), max(off, key=lambda name: off[name])
        bounds: tuple[tuple[Precision, float], ...] = ("float32", FLOAT32), ("bfloat16", BFLOAT16)
        for precision, most in bounds:
            if middle <= most and all(one <= EACH[precision] for one in off.values()):
                return precision
        raise ContractError(
            f"{replica.url} computes something else under the name {served_name(self._weight)}: its numbers are "
            f"{middle:.2g} of their length away from those of the file that was fetched here, "
            f"those of {farthest} {off[farthest]:.2g}"
        )


def _trial(weight: Weight) -> Floats:
    """
    A made-up picture of a size that the network takes: coloured spots, as smooth as a face, the same each time.

    Shape: as the manifest's contract says, float32.
    """
    sides = weight.input.sides_px
    height, width = smallest_sides(weight)
    if isinstance(sides, FreeSides):
        height, width = height * _TRIAL_SIDE, width * _TRIAL_SIDE
    spots = np.random.default_rng(1).uniform(0, 255, (_CELLS, _CELLS, 3)).astype(np.float32)
    picture = cv2.resize(spots, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    scaled = (picture - np.array(weight.input.mean)) / np.array(weight.input.std)
    channels = scaled[..., :1] if weight.input.colour == "grey" else scaled
    one = channels.transpose(2, 0, 1) if weight.input.layout == "NCHW" else channels
    return np.repeat(one[None], weight.input.batch, axis=0).astype(np.float32)


def _distance(found: Floats, expected: Floats) -> float:
    """How far two tensors are apart, as a share of the second one's length."""
    return float(np.linalg.norm(found - expected) / max(float(np.linalg.norm(expected)), 1e-12))
