"""Real pictures are read; what is absent is said to be absent."""

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from ipse.core.documents.turn import quarters_by_text
from ipse.core.text.reader import Reader
from ipse.core.vocabulary import Pixels
from ipse.engine import EngineError, card_scripts, open_reader
from ipse.infra.settings import read_settings

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def reader(weights: Path) -> Reader:
    """The reader with all of its data."""
    return open_reader(read_settings().model_copy(update={"weights_dir": weights}), warm=False)


def picture(file: Path) -> Pixels:
    """A picture as RGB."""
    read = cv2.imread(str(file))
    assert read is not None
    return np.asarray(read[:, :, ::-1], np.uint8)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("hkid/hkid_sample.jpg", ["香港永久性居民身份證", "李智能", "2621 2535 5174", "01-01-1968", "C668668(E)"]),
        ("japan/driver_license_template.png", ["氏名", "令和01年05月07日", "012345678900", "公安委員会"]),
        ("latin/1.jpg", ["DRIVER LICENSE", "2570 24TH STREET", "ANYTOWN, CA 95818", "EXP 08/31/2014"]),
    ],
)
def test_printed_lines_are_read(shared: Path, reader: Reader, file: str, said: list[str]) -> None:
    """Chinese, Japanese and Latin, as they are printed on specimens; a blank between words may be lost."""
    lines = reader.lines(picture(shared / "cards" / file))
    texts = " ".join(line.text.replace(" ", "") for line in lines)
    assert [] == [one for one in said if one.replace(" ", "") not in texts]
    for line in lines:
        assert len(line.text) == len(line.at) == len(line.confidences) == len(line.alternatives) > 0
        assert list(line.at) == sorted(line.at)


def test_thai_is_read(shared: Path, reader: Reader) -> None:
    """Labels of a mock Thai card, and a date whose month the recogniser leaves out."""
    card = picture(shared / "cards" / "thai-mock" / "card1.jpg")
    lines = reader.lines(card)
    thai = reader.thai_lines(card, lines)
    texts = " ".join(line.text for line in thai)
    for said in ("บัตรประจำตัวประชาชน", "เลขประจำตัวประชาชน", "เกิดวันที่", "ศาสนา", "Date of Birth"):
        assert said in texts
    assert [line.corners_px.tolist() for line in lines] == [line.corners_px.tolist() for line in thai]


def test_zones_are_read(shared: Path, reader: Reader) -> None:
    """Both lines of ICAO's own example."""
    page = picture(shared / "cards" / "mrz" / "ICAO_Example.png")
    lines = [line for line in reader.lines(page) if line.text.count("<") > 3]  # A zone's filler.
    read = [line.text.replace(" ", "") for line in reader.zone_lines(page, lines)]
    assert ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"] == read


def test_a_card_upside_down_is_read_less_surely(shared: Path, reader: Reader) -> None:
    """That is how the way up is decided."""
    card = picture(shared / "cards" / "latin" / "1.jpg")
    upright, over = (reader.lines(one) for one in (card, np.ascontiguousarray(card[::-1, ::-1])))
    assert (0, 2) == (quarters_by_text(upright, over), quarters_by_text(over, upright))


def test_what_is_absent_is_said(weights: Path, tmp_path: Path, shared: Path) -> None:
    """Without the data for Thai and zones the reader opens, says so, and gives such lines as they were."""
    for file in weights.glob("PP-OCR*"):
        shutil.copy(file, tmp_path)
    settings = read_settings().model_copy(update={"weights_dir": tmp_path})
    reader = open_reader(settings, warm=False)
    assert (False, False) == (reader.reads_thai, reader.reads_zones)
    assert {"thai": False, "mrz": False} == card_scripts(settings)
    assert {"ppocr-find", "ppocr-read"} == set(reader.digests)
    card = picture(shared / "cards" / "thai-mock" / "card1.jpg")[:200]
    lines = reader.lines(card)
    assert lines == reader.thai_lines(card, lines) == reader.zone_lines(card, lines)


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "PP-OCRv6_rec_small.onnx").unlink(), "ipse models fetch"),
        (lambda folder: (folder / "Thai.traineddata").write_bytes(b"no traineddata"), "SHA-256"),
    ],
)
def test_a_damaged_folder_is_an_error(weights: Path, tmp_path: Path, spoil: Spoil, words: str) -> None:
    """A network that is missing, and data that are not what the manifest pins, stop the start."""
    for name in ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx", "Thai.traineddata"):
        shutil.copy(weights / name, tmp_path)
    spoil(tmp_path)
    with pytest.raises(EngineError, match=words):
        open_reader(read_settings().model_copy(update={"weights_dir": tmp_path}), warm=False)
