"""
One good call of each dialect, as its vendor's page has it: used by the demo, the load generator and the wire fuzzer.

Every function gives an `httpx2.Request` that is ready to be sent to a server at `address`.
"""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2

IAPP_PATH = "/v3/store/ekyc/face-and-id-card-verification"


def faceid_verify(address: str, key: dict[str, str], image: bytes, reference: bytes) -> httpx2.Request:
    """Megvii: is the face of the image the face of the reference?"""
    fields = {"comparison_type": "0", "face_image_type": "raw_image", "uuid": "demo-user"}
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v2/verify",
        data={"api_key": key["key"], "api_secret": key["secret"], **fields},
        files={"image_ref1": ("reference.jpg", reference), "image": ("image.jpg", image)},
    )


def faceid_verify_token(address: str, key: dict[str, str], token: str, reference: bytes) -> httpx2.Request:
    """Megvii: is the face behind the token the face of the reference?"""
    fields = {"comparison_type": "0", "face_image_type": "facetoken", "uuid": "demo-user", "face_token": token}
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v2/verify",
        data={"api_key": key["key"], "api_secret": key["secret"], **fields},
        files={"image_ref1": ("reference.jpg", reference)},
    )


def faceid_verify_person(address: str, key: dict[str, str], image: bytes, name: str, id_number: str) -> httpx2.Request:
    """Megvii: is the face of the image that of this registered person?"""
    fields = {"comparison_type": "1", "face_image_type": "raw_image", "idcard_name": name, "idcard_number": id_number}
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v2/verify",
        data={"api_key": key["key"], "api_secret": key["secret"], **fields},
        files={"image": ("image.jpg", image)},
    )


def faceid_detect(address: str, key: dict[str, str], image: bytes) -> httpx2.Request:
    """Megvii: which faces are in the image, and their tokens."""
    return httpx2.Request(
        "POST",
        f"{address}/faceid/v1/detect",
        data={"api_key": key["key"], "api_secret": key["secret"]},
        files={"image": ("image.jpg", image)},
    )


def iapp_face_and_card(address: str, key: dict[str, str], card: bytes, selfie: bytes) -> httpx2.Request:
    """iApp: is the person of the selfie the person on the card?"""
    files = {"file0": ("card.jpg", card), "file1": ("selfie.jpg", selfie)}
    return httpx2.Request("POST", address + IAPP_PATH, headers={"apikey": key["key"]}, files=files)


def iapp_thai_card(address: str, key: dict[str, str], side: str, card: bytes) -> httpx2.Request:
    """iApp: what does this side of a Thai card say?"""
    path = f"{address}/v3/store/ekyc/thai-national-id-card/{side}"
    return httpx2.Request("POST", path, headers={"apikey": key["key"]}, files={"file": ("card.jpg", card)})


def linkface_handheld(address: str, key: dict[str, str], photo: bytes) -> httpx2.Request:
    """Linkface: is whoever holds the card the person on it?"""
    return httpx2.Request(
        "POST",
        f"{address}/identity/handhold_idcard_verification",
        data={"api_id": key["key"], "api_secret": key["secret"]},
        files={"file": ("photo.jpg", photo)},
    )


def linkface_upload(address: str, key: dict[str, str], photo: bytes) -> httpx2.Request:
    """Linkface: keep a photo for five days."""
    return httpx2.Request(
        "POST",
        f"{address}/resources/upload_image",
        data={"api_id": key["key"], "api_secret": key["secret"]},
        files={"file": ("photo.jpg", photo)},
    )


def linkface_handheld_kept(address: str, key: dict[str, str], image_id: str) -> httpx2.Request:
    """Linkface: the same question about a photo that was kept."""
    query = {"api_id": key["key"], "api_secret": key["secret"], "file_id": image_id}
    return httpx2.Request("POST", f"{address}/identity/handhold_idcard_verification", params=query)


def tencent_apply(
    address: str, key: dict[str, str], card: bytes, nationality: str = "THA", kind: str = "ID_CARD"
) -> httpx2.Request:
    """Tencent: judge a card, later."""
    asked = {"Nationality": nationality, "CardType": kind, "ImageBase64Front": b64encode(card).decode()}
    return tencent(address, key, "ApplyCardVerification", asked)


def tencent_result(address: str, key: dict[str, str], token: str) -> httpx2.Request:
    """Tencent: what became of it?"""
    return tencent(address, key, "GetCardVerificationResult", {"CardVerificationToken": token})


def native_compare(address: str, key: dict[str, str], probe: bytes, reference: bytes) -> httpx2.Request:
    """Our own API: how alike are two faces, and how often do strangers look that alike?"""
    asked = {"probe": b64encode(probe).decode(), "references": [b64encode(reference).decode()]}
    headers = {"authorization": f"Bearer {key['key']}"}
    return httpx2.Request("POST", f"{address}/v1/compare", headers=headers, json=asked)


def native_document(address: str, key: dict[str, str], front: bytes, nationality: str = "AUTO") -> httpx2.Request:
    """Our own API: what does this card say, and does anything speak against it?"""
    asked = {"front": b64encode(front).decode(), "nationality": nationality}
    headers = {"authorization": f"Bearer {key['key']}"}
    return httpx2.Request("POST", f"{address}/v1/documents", headers=headers, json=asked)


def tencent(address: str, key: dict[str, str], action: str, asked: dict[str, str]) -> httpx2.Request:
    """
    Any Tencent call, signed with TC3-HMAC-SHA256.

    Source: the vendor's guide to signature method v3; written apart from the server's verifier on purpose.
    """
    host, body, now = urlsplit(address).netloc, json.dumps(asked), int(time.time())
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/faceid/tc3_request"
    canonical = f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{_sha256(body)}"
    signing = f"TC3{key['secret']}".encode()
    for word in (day, "faceid", "tc3_request"):
        signing = hmac.digest(signing, word.encode(), "sha256")
    signed = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{_sha256(canonical)}"
    signature = hmac.digest(signing, signed.encode(), "sha256").hex()
    headers = {
        "host": host,
        "content-type": "application/json",
        "x-tc-action": action,
        "x-tc-version": "2018-03-01",
        "x-tc-region": "ap-singapore",
        "x-tc-timestamp": str(now),
        "x-tc-language": "en-US",
        "authorization": (
            f"TC3-HMAC-SHA256 Credential={key['key']}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
        ),
    }
    return httpx2.Request("POST", f"{address}/", headers=headers, content=body)


def _sha256(text: str) -> str:
    """Give the hexadecimal digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
