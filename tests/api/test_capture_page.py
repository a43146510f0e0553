"""The capture page on a running server: shown, framed by whom the settings name, its networks as they were pinned."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ipse.infra.settings import Settings
from ipse.models.manifest import Manifest
from ipse.server import capture_page

if TYPE_CHECKING:
    from tests.api.conftest import Server


def test_the_page_and_its_networks_are_served(server: "Server") -> None:
    """The page names the place of the networks, and each is there byte for byte."""
    with server.client() as client:
        page = client.get("/capture")
        place = re.findall(r'data-assets="(\S+)"', page.text)
        found = {one.file: client.get(f"/{place[0]}{one.file}").content for one in Manifest.load().browser}
    assert (200, "no-store") == (page.status_code, page.headers["cache-control"])
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}
    assert {one.file: one.digest for one in Manifest.load().browser} == digests


def test_without_a_token_there_is_no_session(server: "Server") -> None:
    """The page's calls are no files: they ask for the token."""
    with server.client() as client:
        assert client.get("/capture/session").status_code == 401


def test_the_settings_name_who_may_frame_the_page(tmp_path: Path) -> None:
    """Origins, and nothing but origins."""
    settings = Settings(weights_dir=tmp_path, capture_embed_origins=("https://shop.test", "http://localhost:8001"))
    assert any(name.endswith("/human.esm.js") for name in capture_page(settings).names)
    for wrong in ("shop.test", "https://shop.test/", "https://shop.test; script-src *", "*"):
        with pytest.raises(ValueError, match="HOST"):
            Settings(weights_dir=tmp_path, capture_embed_origins=(wrong,))
