"""What may be set about being watched; a part of `ipse.infra.settings.Settings`, which reads and checks it."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class WatchingSettings(BaseModel):
    """What one may choose about who is told how Ipse does."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    otlp_endpoint: str = Field(default="", pattern=r"^(https?://[^\s?#@]+)?$")
    """An OpenTelemetry collector that traces are sent to, OTLP over HTTP: `http://127.0.0.1:4318`. Empty: no traces."""

    otlp_headers: SecretStr | None = None
    """Headers for the collector, such as a token: `name=value`, separated by commas."""

    otlp_share: float = Field(default=1.0, ge=0, le=1)
    """Which share of the requests is traced; a caller's own `traceparent` decides for its requests."""

    worker_metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """The port at which `ipse worker` shows its metrics, on the address `host`; 0 takes a free one and says which.
    Empty: nowhere. A server shows its own at `/metrics`."""
