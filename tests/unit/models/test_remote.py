"""Networks on servers elsewhere: who is believed, who is asked, and what happens when they fail."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from ipse.core.vocabulary import Floats
from ipse.models.manifest import Manifest, Weight
from ipse.models.open_inference import answered, ask, described, digest_in_configuration, served_name
from ipse.models.prepare import prepare
from ipse.models.replicas import FAILURES, AnswerError, Replicas
from ipse.models.runtime import OpenedNetwork, RuntimeChoice, Servers
from ipse.models.session import open_network
from ipse.models.trouble import ContractError, DigestError, InferenceAwayError, RuntimeUnavailableError
from tests.played_inference import PlayedServer, answering

MANIFEST = Manifest.load()
EYES, LANDMARKS = MANIFEST.network("eyes"), MANIFEST.network("landmarks")


@pytest.fixture
def server(weights: Path) -> Iterator[PlayedServer]:
    """A server with the smallest network, stating the right digest."""
    played = PlayedServer()
    played.put(served_name(EYES), prepare(EYES, weights / EYES.file), EYES.opened.digest)
    with answering(played):
        yield played


@pytest.fixture
def twin(server: PlayedServer) -> Iterator[PlayedServer]:
    """Another server with the same."""
    with answering(PlayedServer(networks=dict(server.networks))) as played:
        yield played


def opened(weights: Path, *servers: PlayedServer, weight: Weight = EYES, precision: str = "auto") -> OpenedNetwork:
    """The network on these servers."""
    choice = RuntimeChoice("remote", precision=precision, servers=Servers(tuple(one.url for one in servers), 10.0))  # type: ignore[arg-type]  # A word of the three.
    return open_network(weight, weights / weight.file, choice)


def picture(seed: int = 0) -> Floats:
    """Some input of the smallest network."""
    return np.random.default_rng(seed).uniform(0, 1, EYES.input.shape(24, 24)).astype(np.float32)


def local(weights: Path, tensor: Floats) -> Floats:
    """What the file here makes of it."""
    return open_network(EYES, weights / EYES.file, RuntimeChoice("onnxruntime")).run(tensor)["output"]


@pytest.mark.parametrize("binary", [True, False], ids=["bytes", "numbers"])
def test_the_same_numbers_come_back(server: PlayedServer, weights: Path, *, binary: bool) -> None:
    """Tensors as bytes or as JSON numbers: bit for bit what ONNX Runtime gives here."""
    server.binary = binary
    network = opened(weights, server)
    np.testing.assert_array_equal(local(weights, picture()), network.run(picture())["output"])
    assert (served_name(EYES), "binary" if binary else "json") == server.asked[-1]
    assert ("remote", "onnxruntime_onnx", "1 of 1 servers") == (
        network.facts.runtime,
        network.facts.provider,
        network.facts.device,
    )


def test_the_name_carries_the_digest_of_the_file_that_is_opened() -> None:
    """SFace is served folded, so it is the folded file's digest that stands in its name."""
    sface = MANIFEST.weight("sface")
    assert f"ipse-sface-{sface.opened.digest[:16]}" == served_name(sface)
    assert sface.opened.digest != sface.digest


def test_another_digest_is_refused(server: PlayedServer, weights: Path) -> None:
    """A server that states the digest of another file is not used, whatever it computes."""
    server.networks[served_name(EYES)].digest = "0" * 64
    with pytest.raises(DigestError, match="SHA-256"):
        opened(weights, server)


def test_a_server_that_states_no_digest_is_judged_by_what_it_computes(server: PlayedServer, weights: Path) -> None:
    """Without a stated digest our network is taken, and another one under its name is refused."""
    server.networks[served_name(EYES)].digest = None
    assert opened(weights, server).precision == "float32"
    server.spoil = 5.0
    with pytest.raises(ContractError, match="computes something else under the name ipse-fr-eye"):
        opened(weights, server)


def test_another_graph_under_our_name_is_refused(server: PlayedServer, weights: Path) -> None:
    """A network with other inputs and outputs does not pass for ours."""
    server.put(served_name(EYES), prepare(MANIFEST.weight("sface"), weights / MANIFEST.weight("sface").file))
    with pytest.raises(ContractError, match="the graph's inputs are"):
        opened(weights, server)


def test_a_server_that_rounds_computes_in_bfloat16(server: PlayedServer, weights: Path) -> None:
    """Numbers a hundredth off count as bfloat16; who asked for float32 is told."""
    server.spoil = 0.03
    assert opened(weights, server).precision == "bfloat16"
    with pytest.raises(RuntimeUnavailableError, match="in bfloat16, float32 was asked for"):
        opened(weights, server, precision="float32")


@pytest.mark.parametrize("precision", ["auto", "float32"])
def test_one_wrong_output_among_many_is_refused(server: PlayedServer, weights: Path, precision: str) -> None:
    """Eleven right outputs of a network do not vouch for the twelfth."""
    yunet = MANIFEST.weight("yunet")
    server.put(served_name(yunet), prepare(yunet, weights / yunet.file), yunet.opened.digest)
    assert opened(weights, server, weight=yunet, precision=precision).precision == "float32"
    server.spoil, server.spoilt = 5.0, frozenset({"kps_32"})
    with pytest.raises(ContractError, match=r"something else under the name ipse-yunet.* those of kps_32"):
        opened(weights, server, weight=yunet, precision=precision)


def test_an_answer_that_never_ends_is_given_up() -> None:
    """The timeout is for the whole answer: a server that keeps dripping is left when it is over."""
    over = Event()

    def drip(listener: socket.socket) -> None:
        """One byte after the other until the other side has gone."""
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not over.wait(0.01):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(2) as pool:
        pool.submit(drip, listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        replicas = Replicas(Servers((url,), 0.2), lambda _: None)
        asked = pool.submit(replicas.send, replicas.all[0], "/v2", 1_000_000)
        try:
            with pytest.raises(AnswerError, match="an answer that does not end for /v2"):
                asked.result(timeout=5)
        finally:
            over.set()


def test_servers_that_round_differently_are_refused(server: PlayedServer, twin: PlayedServer, weights: Path) -> None:
    """Templates must not depend on who was asked."""
    twin.spoil = 0.03
    with pytest.raises(RuntimeUnavailableError, match="computes fr-eye in bfloat16, float32 was asked for"):
        opened(weights, server, twin)


def test_servers_are_asked_in_turn(server: PlayedServer, twin: PlayedServer, weights: Path) -> None:
    """Ten pictures, five for each."""
    network = opened(weights, server, twin)
    server.asked.clear()
    twin.asked.clear()
    for _ in range(10):
        network.run(picture())
    assert (5, 5) == (len(server.asked), len(twin.asked))


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_another_server_is_asked_when_one_fails(
    server: PlayedServer, twin: PlayedServer, weights: Path, status: int
) -> None:
    """Whatever one server answers but the numbers, the caller gets them from the other."""
    network = opened(weights, server, twin)
    server.statuses, twin.statuses = [status], []
    for seed in range(4):
        np.testing.assert_array_equal(local(weights, picture(seed)), network.run(picture(seed))["output"])
    assert server.statuses == []


def test_a_server_that_keeps_failing_rests(server: PlayedServer, twin: PlayedServer, weights: Path) -> None:
    """After three failures in a row it is left alone."""
    network = opened(weights, server, twin)
    server.asked.clear()
    server.statuses = [500] * 100
    for _ in range(20):
        network.run(picture())
    assert FAILURES == len(server.asked)


def test_a_server_that_comes_back_is_checked_again(
    server: PlayedServer, twin: PlayedServer, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its rest is over, a server that now has another file stays out."""
    monkeypatch.setattr("ipse.models.replicas.REST_S", 0.0)
    network = opened(weights, server, twin)
    server.statuses = [500] * FAILURES
    for _ in range(2 * FAILURES):
        network.run(picture())
    server.networks[served_name(EYES)].digest = "0" * 64
    server.asked.clear()
    for _ in range(4):
        network.run(picture())
    assert [] == server.asked


def test_one_that_was_away_at_the_start_joins_later(
    server: PlayedServer, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two servers is enough to open, and the other takes its share when it is there."""
    monkeypatch.setattr("ipse.models.replicas.REST_S", 0.0)
    late = PlayedServer(networks=dict(server.networks))
    with answering(late):
        pass
    network = opened(weights, server, late)
    assert network.facts.device == "1 of 2 servers"
    with answering(late):
        for _ in range(4):
            network.run(picture())
        assert late.asked


def test_nobody_answers(server: PlayedServer, weights: Path) -> None:
    """At the start it is said which server, later that none answers; nothing of the picture is in it."""
    network = opened(weights, server)
    server.statuses = [503] * 100
    with pytest.raises(InferenceAwayError, match="no inference server answers: status 503"):
        network.run(picture())
    server.ready = False
    with pytest.raises(InferenceAwayError, match=f"{server.url}: status 503 for /v2/health/ready"):
        opened(weights, server)


def test_a_server_alone_is_asked_twice(server: PlayedServer, weights: Path) -> None:
    """One failure of the only server, such as a connection that it has closed, is not the caller's."""
    network = opened(weights, server)
    server.statuses = [503]
    np.testing.assert_array_equal(local(weights, picture()), network.run(picture())["output"])


def test_no_server_is_named(weights: Path) -> None:
    """The setting that is missing is named."""
    with pytest.raises(InferenceAwayError, match="IPSE_INFERENCE_URLS"):
        opened(weights)


def test_a_device_is_chosen_on_the_server(weights: Path) -> None:
    """CUDA here and a network elsewhere contradict each other."""
    choice = RuntimeChoice("remote", "cuda", servers=Servers(("http://127.0.0.1:1",)))
    with pytest.raises(RuntimeUnavailableError, match="leave the device at cpu"):
        open_network(EYES, weights / EYES.file, choice)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"outputs": [{"name": "output"}]}',
        b'{"outputs": [{"name": "output", "datatype": "FP16", "shape": [1], "data": [1]}]}',
        b'{"outputs": [{"name": "output", "datatype": "FP32", "shape": [1, 3], "data": [1]}]}',
        b'{"outputs": [{"name": "output", "datatype": "FP32", "shape": [1], "data": ["x"]}]}',
        b'{"outputs": [{"name": "output", "datatype": "FP32", "shape": [4], "parameters": {"binary_data_size": 16}}]}',
        b"[" * 100_000,
    ],
    ids=repr,
)
def test_an_answer_that_is_none_is_refused(body: bytes) -> None:
    """Half an answer, another kind of number, another shape: one error, which repeats nothing."""
    with pytest.raises(ContractError, match="does not speak the Open Inference Protocol v2"):
        answered(EYES, body, None)


def test_numbers_may_stand_in_rows() -> None:
    """The protocol lets a server nest its numbers by shape."""
    body = b'{"outputs": [{"name": "output", "datatype": "FP32", "shape": [1, 2], "data": [[0.5, 2]]}]}'
    np.testing.assert_array_equal(np.array([[0.5, 2]], np.float32), answered(EYES, body, None)["output"])


def test_a_model_of_other_numbers_is_refused() -> None:
    """Half precision at the door would round what goes in."""
    with pytest.raises(ContractError, match="32-bit floats"):
        described(b'{"inputs": [{"name": "a", "datatype": "FP16"}], "outputs": []}')
    with pytest.raises(ContractError, match="does not describe its model"):
        described(b'{"name": "x"}')


def test_a_digest_is_read_wherever_it_stands() -> None:
    """MLServer's metadata say it as a text, Triton's configuration as an object."""
    said = b'{"inputs": [], "outputs": [], "parameters": {"sha256": "AB"}}'
    assert described(said).digest == "ab"
    assert digest_in_configuration(b'{"parameters": {"sha256": {"string_value": "cd"}}}') == "cd"
    assert digest_in_configuration(b"no JSON") is None


def test_numbers_survive_json() -> None:
    """A float32 written as JSON is read back bit for bit."""
    tensor = np.random.default_rng(0).normal(size=EYES.input.shape(24, 24)).astype(np.float32)
    question = ask(EYES, tensor, binary=False)
    put = json.loads(question.body)["inputs"][0]
    np.testing.assert_array_equal(tensor, np.array(put["data"], np.float32).reshape(put["shape"]))
