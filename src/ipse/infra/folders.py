"""The folders that hold what is its owner's only."""

from pathlib import Path

from ipse.infra.trouble import using


def make_data_dir(data_dir: Path) -> Path:
    """
    The data folder or one inside it; what is missing on the way is made for its owner only.

    Source: 0700 for every folder made is what the XDG Base Directory Specification 0.8 asks for.

    Raises:
        SetupError: It cannot be made.
    """
    with using(data_dir):
        for folder in reversed((data_dir, *data_dir.parents)):
            folder.mkdir(mode=0o700, exist_ok=True)
    return data_dir
