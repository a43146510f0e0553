"""A process whose very first pictures come on several threads at once."""

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
from concurrent.futures import ThreadPoolExecutor
import ipse
verifier = ipse.Verifier()
picture = open(sys.argv[1], "rb").read()
with ThreadPoolExecutor(8) as pool:
    print(len({verifier.template(picture).vector.tobytes() for _ in pool.map(verifier.template, [picture] * 8)}))
"""


def test_first_pictures_may_come_on_several_threads(weights: Path, samples: Path) -> None:
    """Eight threads that meet a cold engine get eight equal templates, and none waits for ever."""
    assert weights.is_dir()
    command = [sys.executable, "-c", CODE, str(samples / "obama.jpg")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "1\n"
