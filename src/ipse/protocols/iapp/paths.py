"""
iApp's paths, all spellings: the page contradicts itself, and no spelling was ever checked against the live system.

`store` and `internal`, with and without version 2, front and `kyc-front`: whoever calls one of them gets the answer.
"""

BASES = ("/v3/store/ekyc", "/v3/internal/ekyc")
PRODUCT = "face-and-id-card-verification"
LEGACY = "/thai-national-id-card"

FACE_AND_CARD = frozenset(
    {
        *(f"{base}/{PRODUCT}{version}" for base in BASES for version in ("", "/v2")),
        "/api/v2/ekyc",
        "/face-verify-id2",
    }
)
"""Source: the page, API endpoints and API reference (which disagree), and its legacy paths."""

KYC_FRONT = frozenset(
    {*(f"{base}/{PRODUCT}/{side}" for base in BASES for side in ("front", "kyc-front")), f"{LEGACY}/v3/front/kyc"}
)
"""Source: likewise."""

KYC_BACK = frozenset(
    {*(f"{base}/{PRODUCT}/{side}" for base in BASES for side in ("back", "kyc-back")), f"{LEGACY}/v3/back/kyc"}
)
"""Source: likewise."""

READ_FRONT = frozenset(
    {
        *(f"{base}/thai-national-id-card/front" for base in BASES),
        *(f"{LEGACY}{version}/front" for version in ("", "/v3", "/v3.5")),
    }
)
"""Source: the vendor's card reading page, its clients, and its older paths."""

READ_BACK = frozenset(
    {
        *(f"{base}/thai-national-id-card/back" for base in BASES),
        *(f"{LEGACY}{version}/back" for version in ("", "/v3", "/v3.5")),
    }
)
"""Source: likewise."""

KNOWN = FACE_AND_CARD | KYC_FRONT | KYC_BACK | READ_FRONT | READ_BACK
"""Every path that is answered."""

OWNED = ("/v3/", "/api/v2/", "/face-verify-id2", LEGACY)
"""How the paths begin that are this vendor's, known or not."""
