"""
One of Ipse's networks in MLServer, on ONNX Runtime; it runs in MLServer's process and knows nothing of Ipse.

`ipse models export-repository` puts a copy beside each network. What it says of itself it has read: the digest is that
of the bytes it opened.
"""

import asyncio
import hashlib
import os
from pathlib import Path

# Else it tells Microsoft of its use; `ipse.models.silence` says what.
os.putenv("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
from mlserver import MLModel, types  # pyright: ignore[reportMissingImports]  # It is in MLServer's environment, not ours.
from mlserver.codecs import NumpyCodec  # pyright: ignore[reportMissingImports]  # Likewise.


class OnnxNetwork(MLModel):  # type: ignore[misc]  # Its class is unknown where MLServer is not installed.
    """A network that computes 32-bit floats, one picture on one thread."""

    async def load(self) -> bool:
        """Open the file that `model-settings.json` names."""
        folder = Path(self.settings._source).parent  # noqa: SLF001  # MLServer says nowhere else where it is.
        content = (folder / "1" / "model.onnx").read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._digest = hashlib.sha256(content).hexdigest()
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        return True

    async def metadata(self) -> types.MetadataModelResponse:
        """What goes in and comes out, who computes, and the digest of the file."""
        inputs, outputs = (
            [
                types.MetadataTensor(name=port.name, datatype="FP32", shape=[_side(side) for side in port.shape])
                for port in ports
            ]
            for ports in (self._session.get_inputs(), self._session.get_outputs())
        )
        return types.MetadataModelResponse(
            name=self.name,
            platform="onnxruntime",
            versions=["1"],
            inputs=inputs,
            outputs=outputs,
            parameters=types.Parameters(sha256=self._digest),
        )

    async def predict(self, payload: types.InferenceRequest) -> types.InferenceResponse:
        """All outputs that were asked for."""
        put = {one.name: self.decode(one, default_codec=NumpyCodec) for one in payload.inputs}
        names = [one.name for one in payload.outputs or ()] or [port.name for port in self._session.get_outputs()]
        found = await asyncio.to_thread(self._session.run, names, put)
        outputs = [NumpyCodec.encode_output(name, values) for name, values in zip(names, found, strict=True)]
        return types.InferenceResponse(model_name=self.name, outputs=outputs)


def _side(side: int | str | None) -> int:
    """A side's length; -1 where it is free."""
    return side if isinstance(side, int) else -1
