"""The master key: made once, owner only, and what it seals."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.infra.folders import make_data_dir
from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.master_key_file import load_master_key
from ipse.infra.trouble import SetupError

KEY = bytes(range(32))


def test_a_new_folder_gets_one_key_for_its_owner_only(tmp_path: Path) -> None:
    """Twenty starts at the same moment agree on one file of mode 0600, and leave nothing else behind."""
    folder = tmp_path / "fresh"
    with ThreadPoolExecutor(20) as pool:
        hashes = set(pool.map(lambda _: load_master_key(None, folder).keyed_hash("test", "x"), range(20)))
    assert 1 == len(hashes)
    assert ["master.key"] == [file.name for file in folder.iterdir()]
    assert 0o600 == (folder / "master.key").stat().st_mode & 0o777
    assert 0o700 == folder.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "spelt", [KEY.hex(), base64.b64encode(KEY).decode(), base64.urlsafe_b64encode(KEY).decode().rstrip("=")]
)
def test_a_given_key_is_read_in_three_spellings_and_no_file_is_made(tmp_path: Path, spelt: str) -> None:
    """Hexadecimal, base64 and URL-safe base64 are the same key."""
    assert MasterKey(KEY).keyed_hash("a", "b") == load_master_key(spelt, tmp_path).keyed_hash("a", "b")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("spelt", ["c2hvcnQ=", "00" * 31, "no key at all!", "é" * 44])
def test_a_text_that_is_no_key_is_refused_and_not_repeated(tmp_path: Path, spelt: str) -> None:
    """A wrong length or spelling is an error that says what is wanted."""
    with pytest.raises(MasterKeyError, match="32") as refused:
        load_master_key(spelt, tmp_path)
    assert spelt not in str(refused.value)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """The file's mode is checked at every start."""
    load_master_key(None, tmp_path)
    (tmp_path / "master.key").chmod(0o640)
    with pytest.raises(MasterKeyError, match="chmod 600"):
        load_master_key(None, tmp_path)


@given(st.binary(max_size=64), st.text(max_size=8))
def test_what_is_sealed_opens_again(plain: bytes, about: str) -> None:
    """Sealing loses nothing and never gives the same bytes twice."""
    key = MasterKey(KEY)
    assert plain == key.open(key.seal(plain, about), about)
    assert key.seal(plain, about) != key.seal(plain, about)


@given(st.integers(min_value=0, max_value=33), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_never_opens(place: int, change: int) -> None:
    """Every byte of a sealed secret is guarded."""
    sealed = bytearray(MasterKey(KEY).seal(b"secret", "key"))
    sealed[place] ^= change
    with pytest.raises(MasterKeyError):
        MasterKey(KEY).open(bytes(sealed), "key")


def test_what_is_sealed_opens_for_nothing_else() -> None:
    """A secret moved to another row, or read under another key, does not open."""
    sealed = MasterKey(KEY).seal(b"secret", "one")
    with pytest.raises(MasterKeyError):
        MasterKey(KEY).open(sealed, "two")
    with pytest.raises(MasterKeyError):
        MasterKey(bytes(32)).open(sealed, "one")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the data folder should be is a sentence with the path, not a traceback."""
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "ipse"):
        with pytest.raises(SetupError, match=f"Cannot use {tmp_path / 'file'}"):
            load_master_key(None, folder)


def test_all_folders_on_the_way_are_the_owners_only(tmp_path: Path) -> None:
    """What is missing above the folder is made with mode 0700 too; what is there stays as it is."""
    tmp_path.chmod(0o755)
    folder = make_data_dir(tmp_path / "ipse" / "curves")
    assert [0o700, 0o700, 0o755] == [one.stat().st_mode & 0o777 for one in (folder, folder.parent, tmp_path)]
