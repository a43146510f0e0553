"""`ipse tls`: certificates for trying vendors' clients on this machine."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from ipse.infra.local_authority import DevCertificate, issue
from ipse.infra.settings import read_settings

app: Final = typer.Typer(no_args_is_help=True)


@app.callback()
def _together() -> None:
    """Keep `dev` a word of its own, though it is the only one."""


@app.command()
def dev(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Host names or addresses to answer for.")],
    *,
    folder: Annotated[Path | None, typer.Option(help="Where they go. \\[default: data_dir/tls]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a certificate for these names, and on first use the local authority that signs it."""
    made = issue(folder or read_settings().data_dir / "tls", names)
    if as_json:
        places = {"authority": made.authority, "certificate": made.certificate, "key": made.key}
        typer.echo(json.dumps({name: str(place) for name, place in places.items()}, ensure_ascii=False))
    else:
        typer.echo(_how_to_use(made, names))


def _how_to_use(made: DevCertificate, names: Sequence[str]) -> str:
    """What to do with it, for people."""
    authority, certificate, key = (
        shlex.quote(str(place.absolute())) for place in (made.authority, made.certificate, made.key)
    )
    hosts = " ".join(name for name in names if name[-1].isalpha())
    return f"""\
{"A new authority" if made.is_new else "The authority of before"} signed it. Serve with it:
  ipse serve --port 443 --tls-cert {certificate} --tls-key {key}
Let clients of this machine find it, in /etc/hosts:
  127.0.0.1 {hosts}
Let them trust it, whichever fits:
  curl --cacert {authority} ...
  REQUESTS_CA_BUNDLE={authority}      (Python requests)
  SSL_CERT_FILE={authority}           (OpenSSL, Ruby, httpx)
  NODE_EXTRA_CA_CERTS={authority}     (Node)
  php -d curl.cainfo={authority} ...
  keytool -importcert -noprompt -alias ipse -file {authority} -keystore trust.p12 -storepass ipse-dev
  java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=ipse-dev ...
Whoever has authority.key can pose as any site to those who trust it: for trials on this machine only."""
