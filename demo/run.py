"""
`make demo`: start a server with a demo key, verify real pictures through it, print the answers, leave it running.

IPSE_PORT chooses the port (8000). DEMO_EXIT=1 stops after the answers. The data folder is a fresh temporary one that is
removed at the end; the sample portraits were fetched and hash-checked like the weights.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import httpx2
from rich.console import Console

IPSE = str(Path(sys.executable).with_name("ipse"))
PORT = int(os.environ.get("IPSE_PORT", "8000"))
ADDRESS = f"http://127.0.0.1:{PORT}"
WAIT_S = 60
console = Console(highlight=False)


def environment(folder: str) -> dict[str, str]:
    """The caller's environment with a data folder of the demo's own, and of Ipse's settings only where weights rest."""
    kept = {n: value for n, value in os.environ.items() if not n.startswith("IPSE_") or n == "IPSE_WEIGHTS_DIR"}
    return {**kept, "IPSE_DATA_DIR": folder}


def say(*arguments: str, folder: str) -> dict[str, str]:
    """What an `ipse … --json` command answers."""
    done = subprocess.run([IPSE, *arguments, "--json"], env=environment(folder), stdout=subprocess.PIPE, check=True)
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


@contextlib.contextmanager
def server(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running, warm server; it is drained and stopped on leaving."""
    command = [IPSE, "serve", "--host", "127.0.0.1", "--port", str(PORT)]
    process = subprocess.Popen(command, env=environment(folder))
    try:
        wait_until_ready(process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    """Return when `/readyz` answers 200; leave with a sentence if the server ends or takes too long."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"ipse serve ended with status {process.returncode} (is port {PORT} free? set IPSE_PORT)")
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{ADDRESS}/readyz").status_code == httpx2.codes.OK:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server was not ready after {WAIT_S} s")


def verify(key: dict[str, str], image: Path, reference: Path) -> dict[str, object]:
    """Megvii's answer to the vendor page's raw-image call, which is printed first as curl."""
    fields = {"comparison_type": "0", "face_image_type": "raw_image", "uuid": "demo-user"}
    shown = " ".join(f'-F {name}="{value}"' for name, value in fields.items())
    console.print(
        f'[dim]curl "{ADDRESS}/faceid/v2/verify" -F api_key={key["key"]} -F api_secret={key["secret"]} {shown} '
        f"-F image_ref1=@{reference} -F image=@{image}[/]",
        soft_wrap=True,
    )
    answer = httpx2.post(
        f"{ADDRESS}/faceid/v2/verify",
        data={"api_key": key["key"], "api_secret": key["secret"], **fields},
        files={"image_ref1": reference.read_bytes(), "image": image.read_bytes()},
    )
    console.print(f"[bold]{answer.status_code}[/] {answer.text}", soft_wrap=True)
    body: dict[str, object] = answer.json()
    return body


def judge(title: str, body: dict[str, object], *, same: bool) -> None:
    """Say in words what the answer means; leave with an error if it is not what these two pictures show."""
    result = body.get("result_ref1")
    if not isinstance(result, dict):
        raise SystemExit(f"{title}: no result")
    confidence, marks = result["confidence"], result["thresholds"]
    right = confidence >= marks["1e-4"] if same else confidence < marks["1e-3"]
    words = "above the 1e-4 threshold: the same person" if same else "below the 1e-3 threshold: different people"
    if not right:
        raise SystemExit(f"{title}: confidence {confidence} is not {words}")
    console.print(f"[green]✓[/] {title}: confidence {confidence} is {words}\n")


def leave(signum: int, frame: object) -> NoReturn:
    """End as after Ctrl-C, so that the server is drained and the data folder removed."""
    del signum, frame
    raise SystemExit(0)


def main() -> None:
    """Run the demo."""
    signal.signal(signal.SIGTERM, leave)
    with tempfile.TemporaryDirectory(prefix="ipse-demo-") as folder:
        samples = {Path(path).stem: Path(path) for path in json.loads(fetched(folder))["samples"]}
        with server(folder) as process:
            key = say("keys", "create", "--dialect", "faceid", "--name", "demo", folder=folder)
            console.rule("Megvii FaceID verify, two pictures of one person")
            judge("same person", verify(key, samples["obama"], samples["obama2"]), same=True)
            console.rule("Megvii FaceID verify, two people")
            judge("different people", verify(key, samples["biden"], samples["obama"]), same=False)
            if os.environ.get("DEMO_EXIT") == "1":
                return
            console.print(f"Running at [bold]{ADDRESS}[/] (health: {ADDRESS}/readyz). api_key={key['key']}")
            console.print(f"api_secret={key['secret']} (a demo key: it ends with this server). Ctrl-C stops it.")
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()


def fetched(folder: str) -> str:
    """The JSON of `ipse models fetch`, which names the sample pictures; nothing is fetched twice."""
    command = [IPSE, "models", "fetch", "--json"]
    return subprocess.run(command, env=environment(folder), stdout=subprocess.PIPE, check=True, text=True).stdout


if __name__ == "__main__":
    main()
