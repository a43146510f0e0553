"""Who computes, as it was chosen and as it turned out, and what an opened network offers beside computing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from ipse.core.vocabulary import Network, Precision


@dataclass(frozen=True, slots=True)
class Servers:
    """
    Inference servers elsewhere that all have the same networks.

    Attributes:
        urls: What stands before `/v2`, one for each server.
        timeout_s: How long one server may take to answer once.
        token: Sent as a bearer token, if any.
        ca: PEM file of who signed their certificates; absent: those that the system trusts.
    """

    urls: tuple[str, ...] = ()
    timeout_s: float = 5.0
    token: str | None = field(default=None, repr=False)
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class RuntimeChoice:
    """
    Who computes, on what, how exactly, and on how many threads.

    Attributes:
        runtime: The library, or `remote`: servers elsewhere.
        device: CUDA is ONNX Runtime's only.
        precision: `"auto"` is bfloat16 where runtime and CPU have it, else float32; the network then says which.
        threads: How many pictures are computed at once, each on one thread.
        servers: Who is asked by the runtime `remote`.
    """

    runtime: Literal["openvino", "onnxruntime", "remote"] = "openvino"
    device: Literal["cpu", "cuda"] = "cpu"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    threads: int = 1
    servers: Servers = Servers()


@dataclass(frozen=True, slots=True)
class RuntimeFacts:
    """
    What really computes, as the runtime itself reports it.

    Attributes:
        runtime: The library.
        version: Its version.
        provider: Its plugin or execution provider.
        device: The processor's name where the runtime tells it.
        precision: Arithmetic in use.
        threads: How many pictures are computed at once.
    """

    runtime: str
    version: str
    provider: str
    device: str
    precision: Precision
    threads: int


class OpenedNetwork(Network, Protocol):
    """A network with what `ipse doctor` and `/readyz` tell of it."""

    @property
    def facts(self) -> RuntimeFacts:
        """What really computes."""
        ...

    @property
    def notes(self) -> Mapping[str, str]:
        """What whoever wrote the graph noted in it, such as the letters that a recogniser knows."""
        ...

    def warm_up(self, sides_px: Iterable[tuple[int, int]] = ()) -> None:
        """
        Compile and run once for each of these (height, width), so that no request pays for it.

        Without sizes, a network of one size or a few warms those; one of many sizes warms nothing.
        """
        ...
