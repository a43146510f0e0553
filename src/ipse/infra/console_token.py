"""The file that lets the very first user into the console: who can read the data folder is its owner."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from ipse.infra.folders import make_data_dir
from ipse.infra.trouble import using

_NAME: Final = "console-token"


class TokenFile:
    """The port `FirstToken`: one file in the data folder, for its owner only."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / _NAME

    def write(self, token: str) -> None:
        """
        Put the token into the file, in the place of an older one.

        Raises:
            SetupError: The file cannot be written.
        """
        self.remove()
        make_data_dir(self.path.parent)
        with using(self.path):
            opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "w", encoding="ascii") as file:
                file.write(f"{token}\n")

    def remove(self) -> None:
        """Throw the file away, if it is there and can be."""
        with suppress(OSError):
            self.path.unlink()
