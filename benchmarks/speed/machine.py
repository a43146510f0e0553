"""The machine a figure was measured on, in words."""

import importlib.metadata
import os
import platform
from pathlib import Path

SHOWN = ("openvino", "onnxruntime", "opencv-python-headless", "pillow", "numpy", "uvicorn")


def processor() -> str:
    """The processor's name, and which wide instructions it has."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    name = next((line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")), "?")
    wide = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if f" {flag} " in f"{text} "]
    return f"{name} ({', '.join(wide) or platform.machine()})"


def describe() -> str:
    """One line: processor, cores, Python and the libraries that do the work."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in SHOWN)
    return f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}."
