"""What may be set about vendors' wires; a part of `ipse.infra.settings.Settings`, which reads and checks them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import NoDecode


class VendorSettings(BaseModel):
    """What one may choose about the vendors' ways."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    face_token_hours: float = Field(default=72.0, ge=0, le=8760)
    """Hours for which a Megvii face token is good. 0: tokens are answered, but nothing is kept and none is good."""

    face_token_pictures: bool = False
    """Keep the picture too, sealed, as long as the tokens of its faces. Off: only their templates are kept."""

    iapp_file_order: Literal["auto", "selfie_first", "card_first"] = "auto"
    """Which of iApp's two files is the card: the one that shows it, or always `file1` or `file0`."""

    iapp_threshold: float = Field(default=50.0, gt=0, le=100)
    """The confidence from which iApp's `isSamePerson` is `"true"`: 30 is one stranger in 100, 40 in 1,000 and so on."""

    iapp_errors_as_200: bool = False
    """Answer iApp's own errors (not its gateway's) with status 200, for clients that read every answer as a success."""

    iapp_card_errors: Literal["page", "ocr"] = "page"
    """Errors of the page's routes that read cards: `page` answers its own numbers, `ocr` those of the plain routes."""

    iapp_strict_min_size: bool = False
    """Refuse pictures smaller than the 600 x 400 that iApp's page asks for."""

    liveness_session_s: float = Field(default=600.0, ge=30, le=3600)
    """How long a client has for a liveness capture: from the opening of its session to the call that brings it."""

    liveness_attack_days: float = Field(default=365.0, ge=0, le=36_500)
    """Days for which a number is remembered under which a liveness run failed (Megvii's `id_attacked`). 0: none is."""

    flash_readback_hours: float = Field(default=24.0, ge=0, le=8760)
    """Hours for which the pictures of a used flash run can be read back, sealed. 0: nothing of it is kept."""

    linkface_image_days: float = Field(default=5.0, ge=0, le=365)
    """How long a Linkface image id is good, its picture sealed. 0: ids are answered, but no picture is kept."""

    tencent_without_reader: Literal["unopened", "reject"] = "unopened"
    """Until cards are read: a Tencent card is refused as not activated, or taken and `REJECTED` with `OtherWarning`."""

    tencent_regions: Annotated[tuple[str, ...], NoDecode] = ("ap-hongkong", "ap-jakarta", "ap-singapore")
    """The regions that Tencent's clients may name, separated by commas."""

    tencent_strict: bool = True
    """Whether a parameter that a Tencent action does not have is refused; else it is ignored."""

    tencent_polls: int = Field(default=10, ge=1, le=10_000)
    """How often a Tencent client is told to ask for a result at most."""

    tencent_poll_wait_s: int = Field(default=3, ge=1, le=3600)
    """How many seconds a Tencent client is told to wait between two questions."""

    philid_public_key: str = Field(default="", pattern="^([A-Za-z0-9+/]{43}=)?$")
    """The Philippine authority's Ed25519 key, 32 bytes as base64. Empty: signatures on its cards are not checked."""
