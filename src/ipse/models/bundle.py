"""
One file that carries all default weights and the samples to a machine that has no network.

The bundle is a plain tar with nothing in it but the manifest's files; the same files make the same bytes.
"""

import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from ipse.models.integrity import check, copy, placed
from ipse.models.manifest import Asset, Licensed, Manifest, Prepared, Samples
from ipse.models.prepare import prepare
from ipse.models.trouble import DigestError, NotFetchedError, WeightsError

Step = Callable[[str, int], None]
"""Told of each file and its size once it is done."""

_MODE: Final = 0o644


class BundleError(WeightsError):
    """The file is no bundle, or holds something else than this version's weights and samples."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file of a bundle: its name inside, its place outside, and what it must be."""

    name: str
    place: Path
    pinned: Asset | Prepared


def ignore(name: str, size_bytes: int) -> None:
    """Tell nobody."""
    del name, size_bytes


def bundle(file: Path, manifest: Manifest, samples: Samples, weights: Path, step: Step = ignore) -> None:
    """
    Write all default weights, their folded forms and the samples into one tar.

    Args:
        file: The tar, written whole or not at all.
        manifest: Which weights.
        samples: Which pictures; they rest in the folder `samples` among the weights.
        weights: The folder of the weights.
        step: Told of each file.

    Raises:
        NotFetchedError: One of the files is not there.
        ipse.models.trouble.DigestError: One of the files is damaged.
        BundleError: The folder for the tar is not there.
    """
    if not file.parent.is_dir():
        raise BundleError(f"there is no folder {file.parent}: make it first")
    there = [weight for weight in manifest.defaults if not weight.optional or (weights / weight.file).exists()]
    for weight in there:
        prepare(weight, weights / weight.file)
    pieces = tuple(_pieces(there, samples, weights))
    for piece in pieces:
        _check(piece)
    part = file.with_name(f".{file.name}.part")
    try:
        with tarfile.open(part, "w", format=tarfile.USTAR_FORMAT) as tar:
            for piece in pieces:
                entry = tarfile.TarInfo(piece.name)
                entry.size, entry.mode = piece.pinned.bytes, _MODE
                with piece.place.open("rb") as stream:
                    tar.addfile(entry, stream)
                step(piece.name, piece.pinned.bytes)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def load(file: Path, manifest: Manifest, samples: Samples, weights: Path, step: Step = ignore) -> tuple[Path, ...]:
    """
    Put the files of a bundle in place: all of them, each checked first, or none. Optional ones may be missing in it.

    Only names that the manifest has are looked at, so that nothing lands elsewhere.

    Raises:
        BundleError: The file is no bundle of this version's weights.
        ipse.models.trouble.DigestError: One of its files is not what the manifest pins.
    """
    pieces = {piece.name: piece for piece in _pieces(manifest.defaults, samples, weights)}
    try:
        with ExitStack() as stack, tarfile.open(file, "r:") as tar:
            entries = {entry.name: entry for entry in tar if entry.isfile()}
            for name, piece in tuple(pieces.items()):
                if isinstance(piece.pinned, Licensed) and piece.pinned.optional and name not in entries:
                    del pieces[name]
            _refuse_others(pieces, entries, file)
            for name, piece in pieces.items():
                target = stack.enter_context(placed(piece.place, piece.pinned.digest))
                got = copy(tar.extractfile(entries[name]) or BytesIO(), target, at_most=piece.pinned.bytes)
                if got != piece.pinned.digest:
                    raise DigestError(f"{name} in {file}", piece.pinned.digest, got)
                step(name, piece.pinned.bytes)
    except (tarfile.TarError, EOFError) as error:
        raise BundleError(f"{file} is no bundle that can be read ({error})") from error
    return tuple(piece.place for piece in pieces.values())


def samples_folder(weights: Path) -> Path:
    """Where the sample pictures rest: in the folder of the weights, since nothing beside it is ours."""
    return weights / "samples"


def _pieces(defaults: Iterable[Licensed], samples: Samples, weights: Path) -> Iterator[_Piece]:
    """The files of a bundle, in order."""
    for weight in defaults:
        yield _Piece(f"weights/{weight.file}", weights / weight.file, weight)
        if weight.prepared is not None:
            yield _Piece(f"weights/{weight.prepared.file}", weights / weight.prepared.file, weight.prepared)
    for picture in samples.pictures:
        yield _Piece(f"samples/{picture.file}", samples_folder(weights) / picture.file, picture)


def _check(piece: _Piece) -> None:
    """Raise unless the file is there and whole."""
    try:
        check(piece.place, piece.pinned.digest)
    except FileNotFoundError:
        raise NotFetchedError(f"{piece.place} is not there: run `ipse models fetch` first") from None


def _refuse_others(pieces: Iterable[str], entries: Iterable[str], file: Path) -> None:
    """Raise unless the bundle has the very files that it must have."""
    if missing := sorted(set(pieces) - set(entries)):
        raise BundleError(f"{file} lacks {', '.join(missing)}: was it made by another version of Ipse?")
    if strange := sorted(set(entries) - set(pieces)):
        raise BundleError(f"{file} holds {', '.join(strange)}, which this version of Ipse does not know")
