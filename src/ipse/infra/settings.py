"""
The settings: one frozen value, read once where the program is put together and handed out as plain arguments.

This is the only file that looks at the environment.
"""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ipse.infra.settings_console import ConsoleSettings
from ipse.infra.settings_engine import EngineSettings
from ipse.infra.settings_keeping import KeepingSettings
from ipse.infra.settings_vendors import VendorSettings
from ipse.infra.settings_watching import WatchingSettings
from ipse.infra.trouble import SetupError

PREFIX: Final = "IPSE_"

CONFIG_VARIABLE: Final = "IPSE_CONFIG"
"""Names the TOML file; it is no setting itself."""

OBSOLETE: Final[Mapping[str, str]] = MappingProxyType({})
"""Names that once were settings, with what to write instead. A name found here is refused with its hint."""

DATABASES: Final = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})
"""What a database address may begin with."""


_HOW_HOSTS: Final = "write host=dialect, separated by commas; a host is a name without scheme, port and path"


class SettingsError(SetupError):
    """The settings are not usable; the message is one or more sentences for the person who wrote them."""


class Settings(  # pyright: ignore[reportIncompatibleVariableOverride]  # Pydantic merges what the parts configure.
    EngineSettings, VendorSettings, KeepingSettings, ConsoleSettings, WatchingSettings, BaseSettings
):
    """Everything that can be set: the variable `IPSE_NAME` wins over `name` in the TOML file, that over the default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("ipse", appauthor=False)))
    """Where Ipse keeps what is yours: the database, the master key, your own curves. Made on first use, mode 0700."""

    weights_dir: Path = Field(default_factory=lambda: Path.home() / ".cache" / "ipse" / "weights")
    """Where networks and sample portraits rest; never in `data_dir`: they can be fetched again, your data cannot."""

    database_url: str = Field(default="", repr=False)
    """The database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`. Empty: `data_dir/ipse.sqlite`."""

    master_key: SecretStr | None = None
    """32 bytes in base64 or hexadecimal that encrypt what is kept; `NEW,OLD` while it changes. Absent: `master.key`."""

    curve_dir: Path | None = None
    """Where `ipse calibrate` puts your own curves, which win over the shipped ones. Absent: `data_dir/curves`."""

    host: str = "127.0.0.1"
    """The address that `ipse serve` listens on. `0.0.0.0` serves the whole network."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The port that `ipse serve` listens on; 0 takes a free one and says which."""

    max_in_flight: int = Field(default=32, ge=1, le=10_000)
    """How many requests may be computed or wait for the CPU at once; the next is told at once that all are taken."""

    hosts: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)
    """Host names that speak one dialect whatever the path: `one.test=faceid,two.test=native`. Else the path decides."""

    body_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    """Seconds in which a request's whole body must have arrived."""

    evidence_days: int = Field(default=30, ge=0, le=3650)
    """Days for which the numbers behind a decision are kept, encrypted, for signed records; 0 keeps none."""

    allow_research_weights: bool = False
    """Load weights whose licence forbids commercial use. Nothing that is on by default needs it."""

    people_number_format: str = "mainland"
    """Numbers `ipse people import` takes: `mainland`, one of python-stdnum's (`stdnum:th.pin`), `re:EXPRESSION`."""

    people_authority_url: str = ""
    """Where an authority elsewhere is asked about people, see docs/authority.md. Empty: our own registry is asked."""

    people_authority_token: SecretStr | None = None
    """Sent to the authority as a bearer token."""

    people_authority_timeout_s: float = Field(default=3.0, gt=0, le=60)
    """Seconds that one look-up at the authority may take, all attempts together."""

    people_authority_pause_s: float = Field(default=30.0, ge=0, le=3600)
    """Seconds for which the authority is left alone after five failures in a row."""

    people_authority_ca: Path | None = None
    """PEM file of whoever signed the authority's certificate. Absent: those that the system trusts."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least severe log line that is written."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """How log lines look. `auto`: for people on a terminal, JSON everywhere else."""

    download_allow: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Private networks to fetch pictures from when callers name them: `10.1.0.0/16,fd00::/8`. Public ones are open."""

    cards: Literal["first", "start", "off"] = "first"
    """When the networks that read cards are opened: with the `first` card (which then takes some seconds longer), at
    the `start`, or not at all (`off`). They take some 700 MB."""

    liveness: Literal["first", "start", "off"] = "first"
    """When the networks that judge whether a capture is genuine are opened: with the `first` one, at the `start`, or
    not at all (`off`), which leaves every call that needs them not open."""

    capture_result_s: float = Field(default=3600.0, ge=60, le=86_400)
    """How long what came of a capture can be asked for and compared, from the end of its session. No picture is kept;
    the template of the best frame is, sealed."""

    webhook_allow: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Private networks that webhooks may be on: `10.1.0.0/16,fd00::/8`. Public ones are open, with encryption."""

    capture_embed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    """Origins that may show the capture page in a frame, separated by commas: `https://shop.test`. Empty: our own."""

    drain_delay_s: float = Field(default=0.0, ge=0, le=300)
    """Seconds for which a server that was told to stop still takes connections, while `/readyz` answers 503: as long as
    your load balancer takes to notice."""

    jobs_in_server: bool = True
    """Whether `ipse serve` does the work that is put off; else somebody runs `ipse worker` beside it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The sources, strongest first: arguments, variables, the TOML file."""
        del dotenv_settings, file_secret_settings
        config = _variables().get(CONFIG_VARIABLE)
        if not config:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config)

    @field_validator("people_authority_url")
    @classmethod
    def _is_web(cls, address: str) -> str:
        """Refuse an address that is not of the web, without repeating it."""
        kind, _, rest = address.partition("://")
        if address and (kind not in {"http", "https"} or not rest):
            message = "write https://HOST/PATH"
            raise ValueError(message)
        return address

    @field_validator("inference_urls")
    @classmethod
    def _are_servers(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no address of a server, without repeating it."""
        if not all(re.fullmatch(r"https?://[^\s?#@]+", url) for url in urls):
            message = "write http://HOST:PORT or https://HOST, separated by commas"
            raise ValueError(message)
        return urls

    @field_validator("people_authority_token", "inference_token")
    @classmethod
    def _fits_a_header(cls, token: SecretStr | None) -> SecretStr | None:
        """Refuse what no header can carry, without repeating it."""
        if token is not None and not (token.get_secret_value().isascii() and token.get_secret_value().isprintable()):
            message = "a token is printable ASCII"
            raise ValueError(message)
        return token

    @field_validator("data_dir", "weights_dir", "curve_dir", "people_authority_ca", "inference_ca")
    @classmethod
    def _expand(cls, place: Path | None) -> Path | None:
        """Read `~` as the home folder, in the TOML file too."""
        return None if place is None else place.expanduser()

    @field_validator("hosts", mode="before")
    @classmethod
    def _read_hosts(cls, given: object) -> object:
        """Read `host=dialect` pairs, or JSON, from a variable; a table in the TOML file is taken as it is."""
        if not isinstance(given, str):
            return given
        if given.lstrip().startswith("{"):
            try:
                return json.loads(given)
            except ValueError:
                raise ValueError(_HOW_HOSTS) from None
        pairs = (pair.partition("=") for pair in given.split(",") if pair.strip())
        return {host.strip(): dialect.strip() for host, _, dialect in pairs}

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, hosts: Mapping[str, str]) -> Mapping[str, str]:
        """Refuse what no Host header would ever match, and a host without a dialect."""
        if any(not host or set(host) & set(" /@") or host.count(":") == 1 or not hosts[host] for host in hosts):
            raise ValueError(_HOW_HOSTS)
        return hosts

    @field_validator("tencent_regions", "capture_embed_origins", "inference_urls", mode="before")
    @classmethod
    def _read_words(cls, given: object) -> object:
        """Read words, separated by commas in a variable, an array in the TOML file."""
        return tuple(word.strip() for word in given.split(",") if word.strip()) if isinstance(given, str) else given

    @field_validator("capture_embed_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no origin, so that nothing else slips into a header."""
        if not all(re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", one) for one in origins):
            message = "write https://HOST or https://HOST:PORT, separated by commas"
            raise ValueError(message)
        return origins

    @field_validator("download_allow", "webhook_allow", mode="before")
    @classmethod
    def _read_networks(cls, given: object) -> object:
        """Read networks, separated by commas in a variable, an array in the TOML file."""
        words = given.split(",") if isinstance(given, str) else given
        if not isinstance(words, list | tuple):
            return given
        try:
            return tuple(ip_network(str(word).strip()) for word in words if str(word).strip())
        except ValueError:
            message = "write networks with their prefix, 10.1.0.0/16 or fd00::/8, separated by commas"
            raise ValueError(message) from None

    @field_validator("database_url")
    @classmethod
    def _is_served(cls, address: str) -> str:
        """Refuse an address that names no database which outlives the process, without repeating it."""
        kind, _, rest = address.partition("://")
        name = rest.partition("?")[0].partition("/")[2]
        if address and (kind not in DATABASES or name in {"", ":memory:"}):
            message = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
            raise ValueError(message)
        return address

    @model_validator(mode="after")
    def _places_are_apart(self) -> Self:
        """Refuse weights inside the data folder."""
        if self.weights_dir.resolve().is_relative_to(self.data_dir.resolve()):
            message = "weights_dir lies inside data_dir: put the weights elsewhere, they are no data of yours"
            raise ValueError(message)
        return self

    @property
    def database(self) -> str:
        """The database address with its default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'ipse.sqlite'}"

    @property
    def blobs(self) -> str:
        """The address of the object store with its default filled in."""
        return self.blob_store or (self.data_dir.resolve() / "blobs").as_uri()

    @property
    def blobs_may_be_apart(self) -> bool:
        """Whether others may share the database and not the blobs: a folder is one machine's, unless it is mounted."""
        return self.database.startswith("postgresql") and self.blobs.startswith("file:")

    @property
    def curves(self) -> Path:
        """The folder of the user's own curves, with its default filled in."""
        return self.curve_dir or self.data_dir / "curves"


def read_settings(**arguments: object) -> Settings:
    """
    The settings of this process.

    Args:
        **arguments: Values from the command line, by setting; they win over variables and file. `None` means not given.

    Raises:
        SettingsError: A name is unknown or a value is not allowed; the message says which, and never repeats a value.
    """
    _refuse_unknown(name.removeprefix(PREFIX).lower() for name in _variables() if _is_ours(name))
    _refuse_unknown(_names_in_file(_variables().get(CONFIG_VARIABLE)))
    given = {name: value for name, value in arguments.items() if value is not None}
    _refuse_unknown(given)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # Pydantic checks the kinds.
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(one) for one in error.errors())) from None


def _variables() -> Mapping[str, str]:
    """The environment of this process."""
    return os.environ  # noqa: TID251  # This is the one place that may.


def _is_ours(variable: str) -> bool:
    """Whether an environment variable claims to be a setting."""
    return variable.upper().startswith(PREFIX) and variable.upper() != CONFIG_VARIABLE


def _names_in_file(config: str | None) -> Iterable[str]:
    """The top-level names in the TOML file, or nothing without one."""
    if not config:
        return ()
    try:
        return tomllib.loads(Path(config).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{CONFIG_VARIABLE}: the file {config} cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{CONFIG_VARIABLE}: the file {config} is no TOML ({error}).") from None


def _refuse_unknown(names: Iterable[str]) -> None:
    """Raise with the nearest known name for the first name that is no setting."""
    for name in names:
        if name in Settings.model_fields:
            continue
        if name in OBSOLETE:
            raise SettingsError(f"The setting {name} is gone: {OBSOLETE[name]}")
        near = difflib.get_close_matches(name, Settings.model_fields, n=1)
        hint = f" The nearest is {near[0]}." if near else ""
        raise SettingsError(f"There is no setting {name} ({PREFIX}{name.upper()}).{hint}")


def _sentence(error: Mapping[str, object]) -> str:
    """One validation error for people, without the value that was refused."""
    place = error["loc"]
    name = ".".join(str(part) for part in place) if isinstance(place, tuple) else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"The setting {name} ({PREFIX}{name.upper()}) is refused: {message}." if name else f"{message}."
