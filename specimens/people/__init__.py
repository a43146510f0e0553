"""People who do not exist: name and place lists, one TOML file a country, two lists each for the two renderings."""

import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def _lists(country: str) -> dict[str, Any]:
    """Give a country's lists."""
    return tomllib.loads((FOLDER / f"{country}.toml").read_text(encoding="utf-8"))


class Names:
    """One rendering's lists of a country, and dice to draw from them."""

    def __init__(self, country: str, rendering: str, dice: random.Random) -> None:
        self._lists = {**_lists(country).get("both", {}), **_lists(country)[rendering]}
        self._dice = dice

    def one(self, name: str) -> str:
        """Give one entry of a list."""
        return str(self._dice.choice(self._lists[name]))

    def parts(self, name: str) -> list[str]:
        """Give one entry of a list, parted at its `=` or `/` signs."""
        return [part.strip() for part in self.one(name).replace("=", "/").split("/")]


def digits(dice: random.Random, count: int) -> str:
    """Give as many random digits."""
    return "".join(dice.choice("0123456789") for _ in range(count))
