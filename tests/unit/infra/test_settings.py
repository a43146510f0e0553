"""Settings: where they come from, what is refused, and the page that describes them."""

import os
from ipaddress import ip_network
from pathlib import Path

import pytest

from ipse.infra.settings import Settings, SettingsError, read_settings
from ipse.infra.settings_page import describe_settings

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine reaches these tests."""
    for name in list(os.environ):  # noqa: TID251 - to take them away
        if name.startswith("IPSE_"):
            monkeypatch.delenv(name)


def test_an_argument_wins_over_a_variable_over_the_file_over_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The strongest source decides, for each setting on its own."""
    config = tmp_path / "ipse.toml"
    config.write_text('host = "file"\nport = 1\nprofile = "fast"\n')
    monkeypatch.setenv("IPSE_CONFIG", str(config))
    monkeypatch.setenv("IPSE_HOST", "variable")
    settings = read_settings(port=2, host=None)
    assert ("variable", 2, "fast", "auto") == (settings.host, settings.port, settings.profile, settings.precision)


def test_an_unknown_variable_stops_the_start_and_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is never ignored."""
    monkeypatch.setenv("IPSE_WEIGHT_DIR", "somewhere")
    with pytest.raises(SettingsError, match=r"no setting weight_dir \(IPSE_WEIGHT_DIR\)\. The nearest is weights_dir"):
        read_settings()


def test_a_name_that_is_near_none_gets_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hint that is a guess would mislead."""
    monkeypatch.setenv("IPSE_XYZZY", "1")
    with pytest.raises(SettingsError, match=r"no setting xyzzy \(IPSE_XYZZY\)\.$"):
        read_settings()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """`IPSE_DATA_DIR=` does not mean the folder that one happens to stand in."""
    monkeypatch.delenv(f"IPSE_{name.upper()}", raising=False)
    without = read_settings()
    monkeypatch.setenv(f"IPSE_{name.upper()}", "")
    assert without == read_settings()


def test_an_unknown_name_in_the_file_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A misspelt name in the file is never ignored either."""
    config = tmp_path / "ipse.toml"
    config.write_text("prot = 1\n")
    monkeypatch.setenv("IPSE_CONFIG", str(config))
    with pytest.raises(SettingsError, match=r"no setting prot .* nearest is port"):
        read_settings()


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), ("port = [", "is no TOML"), ("port = 'x'\n", "setting port")]
)
def test_a_file_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, words: str
) -> None:
    """A missing file, bad TOML and a bad value each say what is wrong."""
    config = tmp_path / "ipse.toml"
    if content is not None:
        config.write_text(content)
    monkeypatch.setenv("IPSE_CONFIG", str(config))
    with pytest.raises(SettingsError, match=words):
        read_settings()


def test_weights_may_not_lie_in_the_data_folder(tmp_path: Path) -> None:
    """Weights inside `data_dir` are refused, behind a link too."""
    (tmp_path / "link").symlink_to(tmp_path / "data")
    with pytest.raises(SettingsError, match="weights_dir lies inside data_dir"):
        read_settings(data_dir=tmp_path / "data", weights_dir=tmp_path / "link" / "weights")


@pytest.mark.parametrize(
    "address",
    ["mysql://user:hunter2@host/ipse", "postgresql://user:hunter2@host", "sqlite://", "sqlite:///:memory:", "hunter2"],
)
def test_an_address_that_is_not_served_is_refused_and_not_repeated(address: str) -> None:
    """Other databases, and addresses without a name, are refused in a sentence that holds nothing of the address."""
    with pytest.raises(SettingsError, match="write sqlite:///FILE or postgresql://") as refused:
        read_settings(database_url=address)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:hunter2@host/ipse", "postgresql+psycopg:///ipse?host=/run/postgresql", "sqlite:///ipse.sqlite"],
)
def test_both_databases_are_served_and_the_address_is_never_printed(address: str) -> None:
    """An address is taken as it is, and is no part of what the settings look like when they are printed."""
    settings = read_settings(database_url=address)
    assert address == settings.database
    assert address not in repr(settings)


def test_a_refused_master_key_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an error nor the printed settings hold a secret."""
    monkeypatch.setenv("IPSE_MASTER_KEY", "hunter2")
    monkeypatch.setenv("IPSE_PORT", "hunter2")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    monkeypatch.setenv("IPSE_PORT", "1")
    assert "hunter2" not in str(refused.value) + repr(read_settings())


@pytest.mark.parametrize(("database", "blobs", "apart"), [
    ("", "", False), ("postgresql://a/b", "", True), ("postgresql://a/b", "file:///blobs", True),
    ("postgresql://a/b", "s3://bucket", False),
])  # fmt: skip
def test_pictures_in_a_folder_may_be_apart_where_a_database_is_shared(
    database: str, blobs: str, *, apart: bool
) -> None:
    """Another machine may ask the same PostgreSQL, and have another folder."""
    assert apart is read_settings(database_url=database or None, blob_store=blobs).blobs_may_be_apart


def test_the_home_folder_may_be_a_tilde() -> None:
    """`~` is the home folder wherever a place is named."""
    places = read_settings(data_dir="~/a", weights_dir="~/b", curve_dir="~/c")
    assert [Path.home() / one for one in "abc"] == [places.data_dir, places.weights_dir, places.curves]


def test_settings_are_frozen() -> None:
    """Nobody changes a setting while the program runs."""
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1


@pytest.mark.parametrize(
    "written", ["one.test=faceid, two.test=native", '{"one.test": "faceid", "two.test": "native"}']
)
def test_hosts_are_pairs_or_json(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """Both spellings of `IPSE_HOSTS` mean the same."""
    monkeypatch.setenv("IPSE_HOSTS", written)
    assert {"one.test": "faceid", "two.test": "native"} == dict(read_settings().hosts)


@pytest.mark.parametrize(
    "written", ["one.test", "=faceid", "one.test:443=faceid", "https://one.test=faceid", "one.test/=faceid", "{one"]
)
def test_hosts_that_could_never_be_asked_for_are_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """What no Host header can be equal to, or names no dialect, is a mistake, and the sentence says how to write it."""
    monkeypatch.setenv("IPSE_HOSTS", written)
    with pytest.raises(SettingsError, match="write host=dialect"):
        read_settings()


def test_regions_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable holds them in one line."""
    monkeypatch.setenv("IPSE_TENCENT_REGIONS", " ap-hongkong,moon ")
    assert ("ap-hongkong", "moon") == read_settings().tencent_regions


def test_networks_are_written_with_commas_or_as_an_array(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both spellings of `download_allow` mean the same."""
    expected = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    config = tmp_path / "ipse.toml"
    config.write_text('download_allow = ["10.1.0.0/16", "fd00::/8"]\n')
    monkeypatch.setenv("IPSE_CONFIG", str(config))
    assert expected == read_settings().download_allow
    monkeypatch.setenv("IPSE_DOWNLOAD_ALLOW", " 10.1.0.0/16, fd00::/8,")
    assert expected == read_settings().download_allow


@pytest.mark.parametrize("written", ["10.1.2.3/16", "somewhere", "10.0.0.0/33", "10.0.0.0-10.0.0.9"])
def test_a_network_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """A network that is not written as one is refused without repeating it."""
    monkeypatch.setenv("IPSE_DOWNLOAD_ALLOW", written)
    with pytest.raises(SettingsError, match=r"\(IPSE_DOWNLOAD_ALLOW\) is refused: write networks") as caught:
        read_settings()
    assert written not in str(caught.value)


def test_every_setting_says_what_it_does() -> None:
    """No field is without a docstring."""
    assert not [name for name, field in Settings.model_fields.items() if not field.description]


def test_the_page_is_not_stale() -> None:
    """`docs/settings.md` is what `make docs` would write now."""
    assert describe_settings() == (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
