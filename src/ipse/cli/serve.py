"""`ipse serve`: the server."""

from pathlib import Path
from typing import Annotated

import typer

from ipse.infra.leaving import stop_quietly
from ipse.infra.settings import SettingsError, read_settings


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="The address to listen on. \\[default: the setting host]")] = None,
    port: Annotated[
        int | None, typer.Option(help="The port; 0 takes a free one. \\[default: the setting port]")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key, PEM.")] = None,
) -> None:
    """Answer the vendors' calls until stopped."""
    settings = read_settings(host=host, port=port)
    if (tls_cert is None) != (tls_key is None):
        raise typer.BadParameter("--tls-cert and --tls-key belong together")
    stop_quietly()
    from ipse import server  # noqa: PLC0415  # Wrong settings are told before half a second of imports.
    from ipse.engine import missing_weights  # noqa: PLC0415  # Likewise.

    missing = missing_weights(settings)
    if missing:
        raise SettingsError(
            f"{settings.weights_dir} has no {' and no '.join(missing)}. Fetch the networks first: ipse models fetch"
        )
    tls = None if tls_cert is None or tls_key is None else server.Tls(tls_cert, tls_key)
    raise typer.Exit(server.serve(settings, server.listen(settings.host, settings.port), tls))
