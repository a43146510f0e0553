"""What pip is told is what Ipse uses."""

import pytest

from ipse.models.pip_settings import PipSettings, default_index, parse_listing, pip_settings


def lines(*parts: str) -> str:
    """A listing of these lines."""
    return "\n".join(parts)


def test_nothing_said_means_pypi() -> None:
    """An empty configuration is pip's default index."""
    assert PipSettings(index_urls=(default_index(),)) == parse_listing("")


def test_variables_win_over_files_and_install_over_global() -> None:
    """The strongest section that has an option decides it."""
    listing = lines(
        ":env:.index-url='https://variable.example/simple'",
        "global.index-url='https://global.example/simple'",
        "global.timeout='7'",
        "install.timeout='9'",
        "list.timeout='1'",
    )
    assert PipSettings(index_urls=("https://variable.example/simple",), timeout_s=9.0) == parse_listing(listing)


def test_lists_are_split_and_proxies_completed() -> None:
    """Options with several values are words apart or lines apart; a proxy without a scheme is an HTTP proxy."""
    listing = lines(
        r"global.extra-index-url='\nhttps://one.example/simple\nhttps://two.example/simple'",
        "global.find-links='/wheels https://page.example/'",
        "global.trusted-host='one.example two.example:8443'",
        "global.proxy='user:word@proxy.example:3128'",
        "global.cert='/authorities.pem'",
        "global.client-cert='/me.pem'",
    )
    expected = PipSettings(
        index_urls=(default_index(), "https://one.example/simple", "https://two.example/simple"),
        find_links=("/wheels", "https://page.example/"),
        trusted_hosts=("one.example", "two.example:8443"),
        cert="/authorities.pem",
        client_cert="/me.pem",
        proxy="http://user:word@proxy.example:3128",
    )
    assert expected == parse_listing(listing)


def test_no_index_leaves_find_links_alone() -> None:
    """With `no-index` only find-links are left."""
    listing = "global.no-index='true'\nglobal.find-links='/wheels'"
    assert PipSettings(index_urls=(), find_links=("/wheels",)) == parse_listing(listing)


def test_the_real_pip_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `PIP_INDEX_URL` of this process is what `pip_settings` gives."""
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://extra.example/simple")
    assert ("https://index.example/simple", "https://extra.example/simple") == pip_settings().index_urls
