"""A certificate authority of this machine's own, for trying vendors' clients against it; never for the open net."""

import ipaddress
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ipse.infra.folders import make_data_dir
from ipse.infra.trouble import SetupError, using

AUTHORITY_LIFE: Final = timedelta(days=3650)
"""How long the authority is good. Source: ours: as long as mkcert's, ten years."""

CERTIFICATE_LIFE: Final = timedelta(days=397)
"""How long a certificate is good. Source: CA/Browser Forum Baseline Requirements 6.3.2: below 398 days."""

EARLIER: Final = timedelta(hours=1)
"""How far back a certificate begins, for clocks that are behind."""

Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@dataclass(frozen=True, slots=True)
class DevCertificate:
    """
    Where everything lies.

    Attributes:
        authority: What clients must trust.
        certificate: What the server shows.
        key: Its private key.
        is_new: Whether the authority was made just now.
    """

    authority: Path
    certificate: Path
    key: Path
    is_new: bool


def issue(folder: Path, names: Sequence[str]) -> DevCertificate:
    """
    A certificate for these names by the authority of the folder, which is made on first use and kept.

    Raises:
        SetupError: A name is no host name, or the folder cannot be used.
    """
    alternatives = [_alternative(name) for name in names]
    make_data_dir(folder)
    with using(folder):
        kept = _kept_authority(folder)
        authority = kept or _make_authority(folder)
        certificate, key = _sign(authority, alternatives)
        made = DevCertificate(folder / "authority.pem", folder / "server.pem", folder / "server.key", kept is None)
        _write(made.key, _key_bytes(key), 0o600)
        _write(made.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return made


def _alternative(name: str) -> x509.GeneralName:
    """A name as a certificate holds it: an address, or a host name in ASCII."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        host = name.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not host or any(letter.isspace() or letter in "/:@" for letter in host):
        raise SetupError(f"{name!r} is no host name: write it without scheme, port and path.")
    return x509.DNSName(host)


def _kept_authority(folder: Path) -> Pair | None:
    """The authority of before, unless it will end before what it would sign."""
    certificate, key = folder / "authority.pem", folder / "authority.key"
    if not (certificate.exists() and key.exists()):
        return None
    try:
        authority = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except ValueError:
        raise SetupError(f"The authority in {folder} cannot be read; delete authority.pem and authority.key.") from None
    ends_early = authority.not_valid_after_utc < datetime.now(UTC) + CERTIFICATE_LIFE
    return None if ends_early or not isinstance(private, ec.EllipticCurvePrivateKey) else (authority, private)


def _make_authority(folder: Path) -> Pair:
    """A new authority, written down."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Ipse local authority {secrets.token_hex(4)}")
    signs = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "authority.key", _key_bytes(key), 0o600)
    _write(folder / "authority.pem", certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def _sign(authority: Pair, names: Sequence[x509.GeneralName]) -> Pair:
    """A certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority[1].public_key())
    certificate = (
        _builder(_named("Ipse on this machine"), authority[0].subject, key.public_key(), CERTIFICATE_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority[1], hashes.SHA256())
    )
    return certificate, key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    """What every certificate has."""
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), now - EARLIER, now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )  # fmt: skip


def _named(common_name: str) -> x509.Name:
    """A name with nothing but a common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file whole; nobody else may read it at any moment unless the mode says so."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    draft.replace(path)
