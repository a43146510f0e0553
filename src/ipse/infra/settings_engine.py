"""What may be set about what computes; a part of `ipse.infra.settings.Settings`, which reads and checks them."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode


class EngineSettings(BaseModel):
    """What one may choose about who computes, and how."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    runtime: Literal["openvino", "onnxruntime", "remote"] = "openvino"
    """Who computes: OpenVINO on CPUs (twice as fast there), ONNX Runtime for CUDA and for CPUs that OpenVINO lacks, or
    inference servers elsewhere (`remote`)."""

    inference_urls: Annotated[tuple[str, ...], NoDecode] = ()
    """Servers that the runtime `remote` asks, separated by commas: `http://one.test:8000,http://two.test:8000`."""

    inference_timeout_s: float = Field(default=5.0, gt=0, le=120)
    """Seconds that one inference server may take to answer, before another one is asked."""

    inference_token: SecretStr | None = None
    """Sent to the inference servers as a bearer token."""

    inference_ca: Path | None = None
    """PEM file of whoever signed the inference servers' certificates. Absent: those that the system trusts."""

    device: Literal["cpu", "cuda"] = "cpu"
    """On what. Asking for `cuda` where there is none is an error at start, never a quiet fall back to the CPU."""

    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """Arithmetic of the networks. `auto`: bfloat16 where CPU and runtime have it, else float32; it is logged."""

    profile: Literal["fast", "balanced"] = "balanced"
    """What makes a template: `fast` looks at the face once, `balanced` at the face and its mirror image."""

    threads: int = Field(default=0, ge=0, le=1024)
    """CPU threads for pictures and networks. 0: what the CPU quota of this container or machine gives."""

    decode_in: Literal["thread", "process"] = "thread"
    """Where pictures are expanded: on a `thread` of this process, or in a limited `process` for each of them, which can
    open no file and no connection, and whose end by a hostile picture is nobody else's (Linux only; 2 ms more)."""
