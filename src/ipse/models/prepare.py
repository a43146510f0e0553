"""The file that a runtime opens: the weight itself, or its folded form, made once and kept beside it."""

from pathlib import Path

from ipse.models.fold import digest_of_tensors, fold
from ipse.models.integrity import check, is_intact, placed
from ipse.models.manifest import FreeSides, Licensed, Weight
from ipse.models.trouble import DigestError, NotFetchedError


def prepare(weight: Licensed, path: Path) -> Path:
    """
    The path of the file to open, folded now if that has not been done yet.

    Args:
        weight: What the manifest says of it.
        path: The weight as published.

    Raises:
        DigestError: The weight, or what folding made of it, is not what the manifest pins.
        NotFetchedError: The weight is not there.
    """
    prepared = weight.prepared
    if prepared is None:
        _check(weight, path)
        return path
    target = path.with_name(prepared.file)
    if not is_intact(target, prepared.digest, prepared.bytes):
        _check(weight, path)
        is_free = isinstance(weight, Weight) and isinstance(weight.input.sides_px, FreeSides)
        network = fold(path.read_bytes(), free_sides=is_free)
        tensors = digest_of_tensors(network)
        if tensors != prepared.tensors:
            raise DigestError(f"{prepared.file} (its tensors)", prepared.tensors, tensors)
        with placed(target, prepared.digest) as stream:
            stream.write(network)
    return target


def _check(weight: Licensed, path: Path) -> None:
    """Raise unless the published file is there and is the one that the manifest pins."""
    try:
        check(path, weight.digest)
    except FileNotFoundError:
        raise NotFetchedError(
            f"the weights {weight.name} are not at {path}: `ipse models fetch` gets them, "
            "`ipse models load FILE` where there is no network"
        ) from None
    except DigestError as error:
        raise DigestError(str(path), error.expected, error.got, "; `ipse models fetch` gets it anew") from None
