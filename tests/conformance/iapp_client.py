"""
The vendor's own MCP tool, unmodified, in a process of its own: `python iapp_client.py ADDRESS FILE0 FILE1`.

It has no setting for the host: the copy that its transport made of the address at import is what is changed. The key
comes from `IAPP_API_KEY`, as the vendor has it. Prints what the tool answers to its model.
"""

import asyncio
import sys

import iapp_core.transport
from iapp_mcp.tools import ekyc

iapp_core.transport.API_BASE = sys.argv[1]
sys.stdout.write(asyncio.run(ekyc.iapp_face_id_card_kyc(sys.argv[2], sys.argv[3])))
