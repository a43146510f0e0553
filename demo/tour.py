"""
`make demo`: start a server with demo keys, call every dialect with real pictures, print the answers, leave it running.

IPSE_PORT chooses the port (8000); a sample shop, where you can try liveness before your own camera, takes the next one.
DEMO_EXIT=1 stops after the answers. The data folder is a fresh temporary one that is removed at the end; the sample
portraits were fetched and hash-checked like the weights.
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
from typing import Any, NoReturn

import httpx2
from demo import calls, cards, live_calls
from rich.console import Console
from rich.markup import escape

IPSE = str(Path(sys.executable).with_name("ipse"))
PORT = int(os.environ.get("IPSE_PORT", "8000"))
ADDRESS = f"http://127.0.0.1:{PORT}"
SHOP = f"http://127.0.0.1:{PORT + 1}"
WAIT_S = 60
DIALECTS = ("faceid", "iapp", "linkface", "tencent", "native")
SCORE_AT_1E_3 = 0.6
"""Source: the vendor page's table of scores and error rates."""

console = Console(highlight=False)


def environment(folder: str) -> dict[str, str]:
    """The caller's environment with a data folder of the demo's own, and of Ipse's settings only where weights rest."""
    kept = {n: value for n, value in os.environ.items() if not n.startswith("IPSE_") or n == "IPSE_WEIGHTS_DIR"}
    embedders = f"{SHOP},{SHOP.replace('127.0.0.1', 'localhost')}"
    return {**kept, "IPSE_DATA_DIR": folder, "IPSE_CAPTURE_EMBED_ORIGINS": embedders}


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


@contextlib.contextmanager
def shop(key: str) -> Iterator[None]:
    """The sample integrator beside the server, as somebody else's program; it is stopped on leaving."""
    program = Path(__file__).parents[1] / "examples" / "integrator" / "app.py"
    variables = {**os.environ, "CAPTURE_SERVER": ADDRESS, "CAPTURE_KEY": key, "PORT": str(PORT + 1)}
    process = subprocess.Popen([sys.executable, str(program)], env=variables, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
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


class Caller:
    """A client of the running server, with a key for every dialect; it prints what it asks and what it is told."""

    def __init__(self, folder: str) -> None:
        self.keys = {
            name: say("keys", "create", "--dialect", name, "--name", "demo", folder=folder) for name in DIALECTS
        }

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to a request, without a word."""
        with httpx2.Client(timeout=WAIT_S) as client:
            return client.send(request)

    def ask(self, title: str, request: httpx2.Request) -> dict[str, Any]:
        """The JSON answer to a request; anything but 200 ends the demo."""
        console.print(f"[dim]{request.method} {request.url.path}[/]  {title}")
        answer = self.send(request)
        console.print(f"[bold]{answer.status_code}[/] {escape(answer.text.strip())}", soft_wrap=True)
        if answer.status_code != httpx2.codes.OK:
            raise SystemExit(f"{title}: status {answer.status_code}")
        body: dict[str, Any] = answer.json()
        return body


def judge(title: str, *, right: bool) -> None:
    """Say that the answer is what these pictures show, or leave with an error."""
    if not right:
        raise SystemExit(f"{title}: that is not what the pictures show")
    console.print(f"[green]✓[/] {title}\n")


def ask_megvii(caller: Caller, samples: dict[str, bytes]) -> None:
    """Two pictures of one person, two people, and a face by its token."""
    console.rule("Megvii FaceID")
    key = caller.keys["faceid"]
    for probe, reference, same in (("obama", "obama2", True), ("biden", "obama", False)):
        request = calls.faceid_verify(ADDRESS, key, samples[probe], samples[reference])
        result = caller.ask(f"{probe} against {reference}", request)["result_ref1"]
        confidence, marks = result["confidence"], result["thresholds"]
        right = confidence >= marks["1e-4"] if same else confidence < marks["1e-3"]
        words = "above the 1e-4 threshold: the same person" if same else "below the 1e-3 threshold: different people"
        judge(f"confidence {confidence} is {words}", right=right)
    found = caller.ask("which faces are there?", calls.faceid_detect(ADDRESS, key, samples["obama"]))["faces"]
    token = found[0]["token"]
    answer = caller.ask("that face by its token", calls.faceid_verify_token(ADDRESS, key, token, samples["obama2"]))
    result = answer["result_ref1"]
    judge(f"confidence {result['confidence']}", right=result["confidence"] >= result["thresholds"]["1e-4"])


def ask_iapp(caller: Caller, samples: dict[str, bytes]) -> None:
    """A card and a selfie with that card; then a stranger who holds the victim's card."""
    console.rule("iApp")
    key, own = caller.keys["iapp"], cards.card(samples["obama"])
    card, selfie = cards.photographed(own), cards.held_up(samples["obama2"], own)
    total = caller.ask("a card and its holder", calls.iapp_face_and_card(ADDRESS, key, card, selfie))["total"]
    judge(f"total {total['confidence']}: the same person", right=total["isSamePerson"] == "true")
    stolen = cards.card(samples["biden"])
    card, selfie = cards.photographed(stolen), cards.held_up(samples["obama2"], stolen)
    total = caller.ask("a stranger with that card", calls.iapp_face_and_card(ADDRESS, key, card, selfie))["total"]
    judge(f"total {total['confidence']}: another person", right=total["isSamePerson"] == "false")


def ask_linkface(caller: Caller, samples: dict[str, bytes]) -> None:
    """A photo of somebody holding up a card, sent, and then named by its id."""
    console.rule("Linkface")
    key = caller.keys["linkface"]
    photo = cards.held_up(samples["obama2"], cards.card(samples["obama"]))
    answer = caller.ask("the holder of a card", calls.linkface_handheld(ADDRESS, key, photo))
    judge(f"score {answer['verify_score']}: FMR below 1e-3", right=answer["verify_score"] > SCORE_AT_1E_3)
    again = caller.ask("the same photo by its id", calls.linkface_handheld_kept(ADDRESS, key, answer["image_id"]))
    judge("the same score", right=again["verify_score"] == answer["verify_score"])


def ask_tencent(caller: Caller, samples: dict[str, bytes]) -> None:
    """A card is applied for and polled until it was read and judged."""
    console.rule("Tencent FaceID")
    key = caller.keys["tencent"]
    card = cards.photographed(cards.thai_card(samples["obama"]))
    applied = caller.ask("apply for a Thai card", calls.tencent_apply(ADDRESS, key, card))["Response"]
    deadline = time.monotonic() + WAIT_S
    while caller.send(_result(key, applied)).json()["Response"]["Status"] == "PROCESSING":
        if time.monotonic() > deadline:
            raise SystemExit(f"the card was not read after {WAIT_S} s")
        time.sleep(0.2)
    result = caller.ask("and what became of it", _result(key, applied))["Response"]
    told = result["CardInfo"]["ThailandIDCard"] or {}
    judge(
        f"{result['Status']}: {told.get('FirstName')} {told.get('LastName')}",
        right=_digits(told.get("LicenseNumber")) == cards.THAI_NUMBER,
    )


def _result(key: dict[str, str], applied: dict[str, Any]) -> httpx2.Request:
    """The question what became of a card."""
    return calls.tencent_result(ADDRESS, key, applied["CardVerificationToken"])


def _digits(number: str | None) -> str:
    """The digits of a number as it is printed."""
    return "".join(one for one in number or "" if one.isdigit())


def ask_for_cards(caller: Caller, samples: dict[str, bytes]) -> None:
    """The same card, read at once: as iApp does, and as our own API does, with every check."""
    console.rule("Cards read at once")
    card = cards.photographed(cards.thai_card(samples["obama"]))
    front = caller.ask("a Thai card's front", calls.iapp_thai_card(ADDRESS, caller.keys["iapp"], "front", card))
    judge(f"{front['en_name']}, {front['id_number']}", right=front["id_number"] == cards.THAI_NUMBER)
    document = caller.ask("any card", calls.native_document(ADDRESS, caller.keys["native"], card))
    judge(
        f"{document['status']}: {document['nationality']} {document['card_type']}, "
        f"warnings {', '.join(document['warnings']) or 'none'}",
        right=_digits(document["fields"]["id_number"]["value"]) == cards.THAI_NUMBER,
    )


def ask_ourselves(caller: Caller, samples: dict[str, bytes]) -> None:
    """Our own API says what the score is worth."""
    console.rule("Native")
    request = calls.native_compare(ADDRESS, caller.keys["native"], samples["obama"], samples["obama2"])
    caller.ask("two pictures of one person", request)


def ask_whether_alive(caller: Caller, samples: dict[str, bytes]) -> None:
    """A signed bundle by Megvii's wire, and a picture judged by our own."""
    console.rule("Is it alive")
    key = caller.keys["faceid"]
    asked = caller.send(live_calls.faceid_session(ADDRESS, key, 0, flash=False)).json()
    pictures = {"image_best": samples["obama"], "image_env": samples["obama3"]}
    request = live_calls.faceid_verify_bundle(ADDRESS, key, asked, pictures, samples["obama2"])
    answer = caller.ask("a bundle of two pictures, signed with the session's key", request)
    told = answer["face_genuineness"]
    right = told["screen_replay_confidence"] < told["screen_replay_threshold"] and told["face_replaced"] == 0
    judge(f"no screen and one person, confidence {answer['result_ref1']['confidence']}", right=right)
    request = live_calls.native_genuineness(ADDRESS, caller.keys["native"], samples["biden"])
    judged = caller.ask("one picture, judgement by judgement", request)["judgements"]
    words = ", ".join(f"{name} {one['status'].replace('_', ' ')}" for name, one in judged.items())
    judge(words, right=judged["screen_replay"]["status"] == judged["print"]["status"] == "clear")


def console_link(folder: str) -> str:
    """An address that lets whoever opens it into the console, once."""
    return f"{ADDRESS}/console/enter?token={say('console', 'open', folder=folder)['token']}"


def leave(signum: int, frame: object) -> NoReturn:
    """End as after Ctrl-C, so that the server is drained and the data folder removed."""
    del signum, frame
    raise SystemExit(0)


def main() -> None:
    """Run the demo."""
    signal.signal(signal.SIGTERM, leave)
    with tempfile.TemporaryDirectory(prefix="ipse-demo-") as folder:
        samples = {Path(path).stem: Path(path).read_bytes() for path in json.loads(fetched(folder))["samples"]}
        with server(folder) as process:
            caller = Caller(folder)
            for ask in (
                ask_megvii,
                ask_iapp,
                ask_linkface,
                ask_tencent,
                ask_for_cards,
                ask_ourselves,
                ask_whether_alive,
            ):
                ask(caller, samples)
            if os.environ.get("DEMO_EXIT") == "1":
                return
            console.print(f"Running at [bold]{ADDRESS}[/] (health {ADDRESS}/readyz, API page {ADDRESS}/docs). Keys:")
            for name, key in caller.keys.items():
                console.print(f"  {name:9} key={key['key']}" + (f" secret={key['secret']}" if key["secret"] else ""))
            console.print(
                "A card without a server: [bold]ipse document card.jpg --explain found.png[/]", soft_wrap=True
            )
            console.print("(demo keys: they end with this server). Ctrl-C stops it.", soft_wrap=True)
            console.print(f"Is it alive? With your own camera: [bold]{SHOP}[/]", soft_wrap=True)
            console.rule("Try it in a browser")
            console.print(f"The console: [bold]{console_link(folder)}[/] (lets you in once)", soft_wrap=True)
            with shop(caller.keys["native"]["key"]), contextlib.suppress(KeyboardInterrupt):
                process.wait()


def fetched(folder: str) -> str:
    """The JSON of `ipse models fetch`, which names the sample pictures; nothing is fetched twice."""
    command = [IPSE, "models", "fetch", "--json"]
    return subprocess.run(command, env=environment(folder), stdout=subprocess.PIPE, check=True, text=True).stdout


if __name__ == "__main__":
    main()
