"""
Memory over 5,000 requests: resident size at the 1,000th and the 5,000th, which may differ by 3 %.

Usage: soak.py [REQUESTS]. Writes soak.json beside this script; ends with 1 if memory grew.
"""

import json
import sys
from pathlib import Path
from typing import Any

from machine import describe
from pictures import pairs
from servers import server

STEP = 500
CLIENTS = 4
FLAT = 0.03


def main() -> None:
    """Send the requests and watch."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    pair = pairs()["250×250"]
    sizes: dict[int, float] = {}
    with server() as running:
        for done in range(STEP, total + 1, STEP):
            seen: Any = running.load(pair, CLIENTS, STEP)
            sizes[done] = running.rss_mb()
            print(f"{done} requests: {sizes[done]:.1f} MB, {STEP / seen['seconds']:.1f}/s", flush=True)
    growth = sizes[total] / sizes[min(1000, total)] - 1
    record = {"machine": describe(), "rss_mb": sizes, "growth_from_1000": growth}
    Path(__file__).with_name("soak.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"from the 1,000th to the last: {100 * growth:+.1f} %")
    sys.exit(int(growth > FLAT))


if __name__ == "__main__":
    main()
