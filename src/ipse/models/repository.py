"""
A folder from which others serve our networks: Triton, OpenVINO Model Server and MLServer read it as it is.

Triton reads `NAME/config.pbtxt`, OpenVINO Model Server `config.json`, MLServer `NAME/model-settings.json`; all of them
`NAME/1/model.onnx`, which is the file that Ipse itself would open.
"""

import json
import shutil
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Final

from ipse.models.integrity import placed
from ipse.models.manifest import FixedSides, InputContract, Output, Strips, Weight
from ipse.models.open_inference import served_name
from ipse.models.prepare import prepare

_RUNTIME: Final = "ipse_onnx"
"""The file that lets MLServer run ONNX files, of the package `ipse.models.serving`."""


def export_repository(folder: Path, weights: Iterable[Weight], weights_dir: Path) -> tuple[str, ...]:
    """
    The names of the networks that were written into a folder; what else is there stays.

    Args:
        folder: Made if it is not there.
        weights: Which networks.
        weights_dir: Where their files were fetched to.

    Raises:
        ipse.models.trouble.WeightsError: A file is not there, or is not the one that the manifest pins.
    """
    names = [_export(folder, weight, prepare(weight, weights_dir / weight.file)) for weight in weights]
    listed = [{"config": {"name": name, "base_path": name}} for name in names]
    _write_json(folder / "config.json", {"model_config_list": listed})
    _write_json(folder / "settings.json", {"parallel_workers": 0, "metrics_endpoint": None})
    return tuple(names)


def _export(folder: Path, weight: Weight, file: Path) -> str:
    """The name of one network that was written."""
    name = served_name(weight)
    place = folder / name
    with placed(place / "1" / "model.onnx", weight.opened.digest) as stream, file.open("rb") as source:
        shutil.copyfileobj(source, stream)
    (place / "config.pbtxt").write_text(_for_triton(name, weight), encoding="utf-8")
    code = resources.files("ipse.models.serving").joinpath(f"{_RUNTIME}.py").read_text(encoding="utf-8")
    (place / f"{_RUNTIME}.py").write_text(code, encoding="utf-8")
    settings = {"name": name, "implementation": f"{_RUNTIME}.OnnxNetwork", "parameters": {"version": "1"}}
    _write_json(place / "model-settings.json", settings)
    return name


def _for_triton(name: str, weight: Weight) -> str:
    """Triton's configuration of a network; its `parameters` state the digest of the file."""
    outputs = ",\n".join(_port(output.name, _out(weight.input, output)) for output in weight.outputs)
    return (
        f'name: "{name}"\nplatform: "onnxruntime_onnx"\nmax_batch_size: 0\n'
        f"input [\n{_port(weight.input.name, _in(weight.input))}\n]\noutput [\n{outputs}\n]\n"
        f'parameters [\n  {{ key: "sha256" value: {{ string_value: "{weight.opened.digest}" }} }}\n]\n'
    )


def _port(name: str, sides: tuple[int, ...]) -> str:
    """One input or output in Triton's words."""
    return f'  {{ name: "{name}" data_type: TYPE_FP32 dims: [ {", ".join(map(str, sides))} ] }}'


def _in(contract: InputContract) -> tuple[int, ...]:
    """The shape of what goes in; -1 where a side is free."""
    sides = contract.sides_px
    height = sides.height if isinstance(sides, FixedSides | Strips) else -1
    width = sides.width if isinstance(sides, FixedSides) else -1
    channels = 1 if contract.colour == "grey" else 3
    wide = (channels, height, width) if contract.layout == "NCHW" else (height, width, channels)
    return contract.batch, *wide


def _out(contract: InputContract, output: Output) -> tuple[int, ...]:
    """The shape of what comes out; -1 where it follows from free sides."""
    sides = contract.sides_px
    if isinstance(sides, FixedSides):
        return output.shape(contract.batch, sides.height, sides.width)
    # Where two sizes give two lengths, the length is free.
    one, other = output.shape(contract.batch, 960, 960), output.shape(contract.batch, 1920, 1920)
    return tuple(a if a == b else -1 for a, b in zip(one, other, strict=True))


def _write_json(path: Path, value: object) -> None:
    """Write a JSON file for people to read."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
