"""
The vendor's own MCP tools, unmodified, in a process of their own: `python iapp_client.py ADDRESS FILE0 FILE1`, or
`python iapp_client.py ADDRESS front FILE` (or `back`) to have a side of a Thai card read.

They have no setting for the host: the copy that its transport made of the address at import is what is changed. The key
comes from `IAPP_API_KEY`, as the vendor has it. Prints what the tool answers to its model.
"""

import asyncio
import sys

import iapp_core.transport
from iapp_mcp.tools import ekyc

iapp_core.transport.API_BASE = sys.argv[1]
_, _, first, second = sys.argv
if first in {"front", "back"}:
    said = asyncio.run(ekyc.iapp_thai_id_card_ocr(second, first))
else:
    said = asyncio.run(ekyc.iapp_face_id_card_kyc(first, second))
sys.stdout.write(said)
