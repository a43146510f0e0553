"""
The manifest: every weight file that Ipse may load, and every sample picture, pinned by digest, as typed frozen values.

`manifest.toml` and `samples.toml` lie beside this file; nothing else in the code names a weight.
"""

import tomllib
from importlib import resources
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from ipse.models.origin import Digest, Entry, FileName, License, Source

Count: TypeAlias = Annotated[int, Field(gt=0)]
Role: TypeAlias = Literal[
    "detect", "embed", "find-text", "read-text", "presentation", "landmarks", "eyes", "mask", "synthetic"
]
Script: TypeAlias = Literal["thai", "mrz"]
"""What Tesseract reads here: Thai letters, machine-readable zones."""

_FOLDER: Final = "ipse.models"


class FixedSides(Entry):
    """The network takes pictures of one size."""

    height: Count
    width: Count

    def allows(self, height_px: int, width_px: int) -> bool:
        """Whether the network takes a picture of this size."""
        return (height_px, width_px) == (self.height, self.width)


class FreeSides(Entry):
    """
    The network takes any sides that are multiples of a number.

    Attributes:
        multiple_of: That number.
        at_most: The longest side.
        compiled_at_most: How many sizes are kept ready at once; the one unused for longest makes room.
    """

    multiple_of: Count
    at_most: Count
    compiled_at_most: Count

    def allows(self, height_px: int, width_px: int) -> bool:
        """Whether the network takes a picture of this size."""
        return all(0 < side <= self.at_most and side % self.multiple_of == 0 for side in (height_px, width_px))


class Strips(Entry):
    """
    The network takes strips of one height and a few lengths.

    Attributes:
        height: Their height.
        widths: Their lengths, shortest first; each is kept ready.
    """

    height: Count
    widths: Annotated[tuple[Count, ...], Field(min_length=1)]

    @property
    def compiled_at_most(self) -> int:
        """How many sizes are kept ready at once."""
        return len(self.widths)

    def allows(self, height_px: int, width_px: int) -> bool:
        """Whether the network takes a strip of this size."""
        return height_px == self.height and width_px in self.widths


class InputContract(Entry):
    """
    What goes in: float32 of `(pixel - mean) / std`, in this layout and colour order.

    Shape: NCHW (batch, 3, H, W); NHWC (batch, H, W, 3); one channel instead of three for grey.
    """

    name: str
    layout: Literal["NCHW", "NHWC"]
    batch: Count
    colour: Literal["RGB", "BGR", "grey"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    sides_px: FixedSides | FreeSides | Strips

    def shape(self, height_px: int, width_px: int) -> tuple[int, int, int, int]:
        """The shape of the tensor for pictures of this size."""
        channels = 1 if self.colour == "grey" else 3
        if self.layout == "NCHW":
            return self.batch, channels, height_px, width_px
        return self.batch, height_px, width_px, channels

    def sides_of(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """
        Height and width in a tensor's shape.

        Raises:
            ValueError: The contract does not allow this shape.
        """
        height_px, width_px = shape[2:4] if self.layout == "NCHW" else shape[1:3]
        if shape != self.shape(height_px, width_px) or not self.sides_px.allows(height_px, width_px):
            raise ValueError(f"the network's contract does not allow the input shape {shape}")
        return height_px, width_px


class Output(Entry):
    """
    One output by name.

    Shape: (batch, values), or with a stride, as `per` says: (batch, H / stride * W / stride, values) per cell of a
    grid; (batch, W / stride, values) per column; (batch, values, H / stride, W / stride) as a map.
    """

    name: str
    values: Count
    stride_px: Count | None = None
    per: Literal["cell", "column", "map"] = "cell"

    def shape(self, batch: int, height_px: int, width_px: int) -> tuple[int, ...]:
        """The shape for pictures of this size."""
        if self.stride_px is None:
            return batch, self.values
        rows, columns = height_px // self.stride_px, width_px // self.stride_px
        match self.per:
            case "cell":
                return batch, rows * columns, self.values
            case "column":
                return batch, columns, self.values
            case "map":
                return batch, self.values, rows, columns


class Asset(Entry):
    """A pinned file, and where it can be had, best place first."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    file: FileName
    digest: Digest
    bytes: Count
    sources: Annotated[tuple[Source, ...], Field(alias="source", min_length=1)]


class Prepared(Entry):
    """
    The file that is really opened, made once from the weight by `ipse.models.fold`.

    Attributes:
        digest: Hex SHA-256 of the whole file.
        tensors: Hex SHA-256 over its weights alone, whatever wrote the file (`ipse.models.fold.digest_of_tensors`).
    """

    file: FileName
    digest: Digest
    bytes: Count
    tensors: Digest


class Licensed(Asset):
    """
    Something trained: what it is for, and what it may be used for.

    Attributes:
        optional: Ipse works without it; what it would have read is then answered as not assessed.
    """

    title: str
    role: str
    default: bool
    commercial: bool
    code_license: License
    weights_license: License
    note: str
    optional: bool = False
    prepared: Prepared | None = None

    @property
    def lack(self) -> str:
        """What becomes of Ipse without it, where it is optional."""
        return "what it reads is answered as not assessed"

    @property
    def opened(self) -> "Licensed | Prepared":
        """What a runtime opens: file, digest and size."""
        return self.prepared or self


class Weight(Licensed):
    """A network's weights: what goes in and comes out."""

    role: Role  # pyright: ignore[reportIncompatibleVariableOverride]  # Frozen: it is only read.
    input: InputContract
    outputs: Annotated[tuple[Output, ...], Field(min_length=1)]


class TrainedData(Licensed):
    """What Tesseract needs to read one script: its `.traineddata` file."""

    role: Script  # pyright: ignore[reportIncompatibleVariableOverride]  # Frozen: it is only read.


class BrowserFile(Licensed):
    """A part of the small network that runs in the browser: code, WebAssembly, a graph, its numbers."""

    role: Literal["script", "wasm", "graph", "numbers"]  # pyright: ignore[reportIncompatibleVariableOverride]  # Frozen: it is only read.

    @property
    def lack(self) -> str:
        """What becomes of Ipse without it."""
        return "the capture page cannot be shown"


class Judging(Entry):
    """
    From which score on a judgement suspects, with which networks, and where that was measured.

    Attributes:
        name: Of which judgement (`ipse.core.genuineness.judgement.JudgementName`).
        weights: The names of the networks that it needs; of several entries for one judgement the first one counts
            whose networks are all open.
        assessed: Whether it is worth anything on attacks that nobody trained on.
        threshold: Scores from here on are suspected.
        bpcer: How often a genuine capture reaches the threshold, where that was measured.
        measured: The report and the command behind both figures.
        why: Why it is not assessed: a stable word.
    """

    name: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    weights: tuple[str, ...] = ()
    assessed: bool
    threshold: Annotated[float, Field(gt=0.0, lt=1.0)]
    bpcer: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    measured: str
    why: Annotated[str, Field(pattern=r"^[a-z_]+$")] | None = None


class Picture(Asset):
    """A sample portrait and whom it shows."""

    person: str


class Manifest(Entry):
    """All weights, in the order of the file: those of networks, then Tesseract's, then what browsers run."""

    networks: Annotated[tuple[Weight, ...], Field(alias="weight")]
    scripts: Annotated[tuple[TrainedData, ...], Field(alias="traineddata")] = ()
    browser: tuple[BrowserFile, ...] = ()
    judgements: Annotated[tuple[Judging, ...], Field(alias="judgement")] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Refuse two weights of one name, and a default that not everybody may use."""
        if len({weight.name for weight in self.weights}) < len(self.weights):
            raise ValueError("two weights have the same name")
        if any(weight.default and not weight.commercial for weight in self.weights):
            raise ValueError("a weight that is on by default must allow commercial use")
        known = {weight.name for weight in self.networks}
        if any(set(one.weights) - known for one in self.judgements):
            raise ValueError("a judgement needs a weight that the manifest does not have")
        return self

    @classmethod
    def load(cls) -> "Manifest":
        """The manifest that this version of Ipse ships."""
        return cls.model_validate(_table("manifest.toml"))

    @property
    def weights(self) -> tuple[Licensed, ...]:
        """All of them."""
        return *self.networks, *self.scripts, *self.browser

    def weight(self, name: str) -> Weight:
        """
        The network's weight of that name.

        Raises:
            KeyError: The manifest has none.
        """
        for weight in self.networks:
            if weight.name == name:
                return weight
        raise KeyError(f"the manifest has no weight {name!r}")

    @property
    def defaults(self) -> tuple[Licensed, ...]:
        """The weights that are on by default."""
        return tuple(weight for weight in self.weights if weight.default)

    def network(self, role: Role) -> Weight:
        """The weight that is on by default for a role."""
        return next(weight for weight in self.networks if weight.default and weight.role == role)

    def candidates(self, role: Role, *, research: bool) -> tuple[Weight, ...]:
        """The weights that may be opened for a role, the one that is on by default first."""
        allowed = [weight for weight in self.networks if weight.role == role and (weight.default or research)]
        return tuple(sorted(allowed, key=lambda weight: not weight.default))

    def script(self, role: Script) -> TrainedData:
        """What reads a script by default."""
        return next(one for one in self.scripts if one.default and one.role == role)


class Samples(Entry):
    """The sample portraits: what they are, their licence, the archive that carries them."""

    license: License
    pictures: Annotated[tuple[Picture, ...], Field(alias="picture")]

    @classmethod
    def load(cls) -> "Samples":
        """The samples that this version of Ipse names."""
        table = _table("samples.toml")
        archive = table.pop("archive")
        folder = archive.pop("folder")
        for picture in table["picture"]:
            picture["source"] = [{**archive, "member": f"{folder}/{picture['file']}"}]
        return cls.model_validate(table)


def _table(file: str) -> dict[str, Any]:
    """A TOML file that lies beside this one."""
    return tomllib.loads(resources.files(_FOLDER).joinpath(file).read_text(encoding="utf-8"))
