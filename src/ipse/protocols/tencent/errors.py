"""
Tencent's errors: one row for every reason, in both languages, each with the place that documents it.

The body is the usual envelope with `Error.Code` and `Error.Message`; the status is 200. Codes are what clients test.
The words of the codes on the page are the page's own, those of the common codes what the vendor's server was seen to
say, and where neither is known they are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, ErrorFamily, WireResponse
from ipse.protocols.tencent.parameters import SHOWN_CHARACTERS, Language
from ipse.protocols.tencent.wire import envelope
from ipse.service.ports import Standing


@dataclass(frozen=True, slots=True)
class WireError:
    """
    One row.

    Attributes:
        code: The vendor's code.
        english: The message; `{field}` stands for what it concerns, the other names for figures of a rate.
        chinese: The same.
        source: Where it is documented.
        of: Other rows, by what the refusal concerns.
    """

    code: str
    english: str
    chinese: str
    source: str
    of: Mapping[str, "WireError"] = field(default_factory=dict)


PAGE: Final = "the page, error codes; Chinese words: ours"
SEEN: Final = "common error codes; words: what the vendor's server was seen to say"
SEEN_ENGLISH: Final = "common error codes; English words: what the vendor's server was seen to say, Chinese: ours"
LISTED: Final = "common error codes; words: ours"
NEVER: Final = "no operation of this dialect refuses so; the nearest code of the page"

MISSING = WireError(
    "MissingParameter",
    "The request is missing a required parameter `{field}`.",
    "请求缺少必填参数 `{field}`。",
    SEEN_ENGLISH,
)
UNOPENED = WireError("FailedOperation.UnOpenError", "The service is not activated.", "服务未开通。", PAGE)
UNREADABLE = WireError("InvalidParameter.EngineImageDecodeFailed", "Image decoding failed.", "图片解码失败。", PAGE)
TOO_LARGE = WireError("FailedOperation.ImageSizeTooLarge", "The image is too large.", "图片过大。", PAGE)
WRONG_VALUE = WireError(
    "InvalidParameterValue.InvalidParameterValueLimit", "Parameter value is wrong.", "参数值错误。", PAGE
)
NOT_FETCHED = WireError(
    "ResourceUnavailable.ImageDownloadError", "Image file download failed.", "图片文件下载失败。", PAGE
)
RUN_OUT = WireError(
    "ResourceUnavailable.ResourcePackageRunOut",
    "The account has exhausted the resource package for this service.",
    "账号在该服务的资源包已耗尽。",
    PAGE,
)
UNKNOWN_FAULT = WireError("FailedOperation.UnKnowError", "Unknown error.", "未知错误。", PAGE)
CROWDED = WireError(
    "RequestLimitExceeded",
    "Too many requests are being processed. Please reduce the frequency of calls.",
    "正在处理的请求过多，请稍后重试。",
    LISTED,
)
TOO_OFTEN = WireError(
    "RequestLimitExceeded",
    "Your current request times equals to `{times}` in {seconds}, which exceeds the frequency limit `{limit}` for "
    "{seconds}. Please reduce the frequency of calls.",
    "您当前{每秒}请求 `{times}` 次，超过了{每秒}频率上限 `{limit}`，请稍后重试。",
    SEEN,
)
NOBODY = WireError(
    "AuthFailure.SecretIdNotFound",
    "The SecretId is not found, please ensure that your SecretId is correct.",
    "SecretId不存在，请输入正确的密钥。",
    SEEN,
)
OLD_TOO_LARGE = WireError(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated because of exceeding request size limit, please use new signature "
    "method `TC3-HMAC-SHA256`.",
    "请求签名验证失败，请求大小超过限制，请使用新的签名方法 `TC3-HMAC-SHA256`。",
    SEEN_ENGLISH,
)
FORGED = WireError(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
    "请求签名验证失败，请检查您的签名计算是否正确。",
    SEEN,
    of={"key": NOBODY, "size": OLD_TOO_LARGE},
)
NEVER_FAULT = WireError(UNKNOWN_FAULT.code, UNKNOWN_FAULT.english, UNKNOWN_FAULT.chinese, NEVER)

ERRORS: Mapping[Reason, WireError] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: WireError(
            "RequestSizeLimitExceeded", "The request is too large.", "请求包超过限制大小。", LISTED
        ),
        Reason.BODY_MALFORMED: WireError(
            "InvalidRequest",
            "The request body is not what its content type says.",
            "请求体与内容类型不符。",
            LISTED,
        ),
        Reason.OPERATION_UNKNOWN: WireError("InvalidAction", "The action does not exist.", "接口不存在。", LISTED),
        Reason.METHOD_DENIED: WireError(
            "UnsupportedProtocol", "Only GET and POST requests are supported.", "仅支持 GET 和 POST 请求。", LISTED
        ),
        Reason.VERSION_UNKNOWN: WireError(
            "NoSuchVersion", "The version of the API does not exist.", "接口版本不存在。", LISTED
        ),
        Reason.REGION_UNKNOWN: WireError(
            "InvalidParameterValue",
            "A value specified in `{field}` is not valid, is unsupported, or cannot be used.",
            "`{field}` 的取值无效、不受支持或无法使用。",
            SEEN_ENGLISH,
        ),
        Reason.REGION_UNSUPPORTED: WireError(
            "UnsupportedRegion", "The action not support this region.", "接口不支持该地域。", SEEN_ENGLISH
        ),
        Reason.NOT_OPEN: UNOPENED,
        Reason.CREDENTIALS_MISSING: MISSING,
        Reason.CREDENTIALS_INVALID: FORGED,
        Reason.CREDENTIALS_MALFORMED: WireError(
            "AuthFailure.InvalidAuthorization",
            "The Authorization header or the signature method is not valid.",
            "请求头部的 Authorization 或签名方法不符合规范。",
            LISTED,
        ),
        Reason.CREDENTIALS_STALE: WireError(
            "AuthFailure.SignatureExpire",
            "The signature has expired: the timestamp is more than five minutes off.",
            "签名过期：时间戳与服务器时间相差超过五分钟。",
            LISTED,
        ),
        Reason.KEY_DISABLED: WireError(
            "AuthFailure.UnauthorizedOperation", "The key is disabled.", "密钥已被禁用。", LISTED
        ),
        Reason.KEY_EXPIRED: WireError("AuthFailure.InvalidSecretId", "The key has expired.", "密钥已过期。", LISTED),
        Reason.KEY_SUSPENDED: WireError(
            "ResourceUnavailable.InArrears", "The account is in arrears.", "账号已欠费。", PAGE
        ),
        Reason.OPERATION_DENIED: UNOPENED,
        Reason.QUOTA_SPENT: RUN_OUT,
        Reason.CREDIT_SPENT: RUN_OUT,
        Reason.RATE_EXCEEDED: TOO_OFTEN,
        Reason.CONCURRENCY_EXCEEDED: CROWDED,
        Reason.BUSY: CROWDED,
        Reason.ARGUMENT_MISSING: MISSING,
        Reason.ARGUMENT_INVALID: WRONG_VALUE,
        Reason.ARGUMENT_TYPE: WireError(
            "InvalidParameter",
            "The value type of parameter `{field}` is not valid.",
            "参数 `{field}` 的取值类型错误。",
            SEEN_ENGLISH,
        ),
        Reason.ARGUMENT_UNKNOWN: WireError(
            "UnknownParameter", "The parameter `{field}` is not recognized.", "未知参数 `{field}`。", SEEN_ENGLISH
        ),
        Reason.ARGUMENT_UNREADABLE: WireError(
            "InvalidParameter", "The value of parameter `{field}` is not UTF-8.", "参数 `{field}` 不是 UTF-8。", LISTED
        ),
        Reason.FILE_EMPTY: WireError(
            "InvalidParameterValue.InvalidFileContentSize",
            "The image file content size is abnormal.",
            "图片文件内容大小异常。",
            PAGE,
        ),
        Reason.FILE_TOO_LARGE: TOO_LARGE,
        Reason.IMAGE_UNRECOGNISED: UNREADABLE,
        Reason.IMAGE_TRUNCATED: UNREADABLE,
        Reason.IMAGE_CORRUPT: UNREADABLE,
        Reason.IMAGE_FORMAT_DENIED: UNREADABLE,
        Reason.IMAGE_TOO_COMPLEX: UNREADABLE,
        Reason.IMAGE_TOO_LARGE: TOO_LARGE,
        Reason.JOB_UNKNOWN: WRONG_VALUE,
        Reason.DOWNLOAD_FAILED: NOT_FETCHED,
        Reason.DOWNLOAD_SLOW: NOT_FETCHED,
        Reason.INTERNAL: UNKNOWN_FAULT,
        Reason.KYC_DENIED: NEVER_FAULT,
        Reason.FILES_MANY: NEVER_FAULT,
        Reason.FILE_MISSING: NEVER_FAULT,
        Reason.NAME_INVALID: NEVER_FAULT,
        Reason.ID_NUMBER_INVALID: NEVER_FAULT,
        Reason.IMAGE_TOO_SMALL: NEVER_FAULT,
        Reason.FACE_MISSING: NEVER_FAULT,
        Reason.FACES_FEW: NEVER_FAULT,
        Reason.FACES_MANY: NEVER_FAULT,
        Reason.FACES_NOT_ON_CARD: NEVER_FAULT,
        Reason.CARD_MISSING: NEVER_FAULT,
        Reason.CARD_PORTRAIT_MISSING: NEVER_FAULT,
        Reason.CARD_NUMBER_WRONG: NEVER_FAULT,
        Reason.CARD_NUMBER_UNREADABLE: NEVER_FAULT,
        Reason.CARD_NUMBER_MISSING: NEVER_FAULT,
        Reason.IMAGE_GREY: NEVER_FAULT,
        Reason.HOLDER_MISSING: NEVER_FAULT,
        Reason.QUALITY_LOW: NEVER_FAULT,
        Reason.FACE_TOKEN_UNKNOWN: NEVER_FAULT,
        Reason.FACE_TOKEN_STALE: NEVER_FAULT,
        Reason.IMAGE_ID_UNKNOWN: NEVER_FAULT,
        Reason.LIVENESS_BUNDLE_INVALID: NEVER_FAULT,
        Reason.LIVENESS_BUNDLE_USED: NEVER_FAULT,
        Reason.FLASH_RESULT_INVALID: NEVER_FAULT,
        Reason.FLASH_RUN_USED: NEVER_FAULT,
        Reason.DATA_SOURCE_FAILED: NEVER_FAULT,
        Reason.PERSON_UNKNOWN: NEVER_FAULT,
        Reason.PERSON_NAME_DIFFERS: NEVER_FAULT,
        Reason.PERSON_PHOTO_UNUSABLE: NEVER_FAULT,
        Reason.PERSON_PHOTO_FACELESS: NEVER_FAULT,
        Reason.RECORD_UNKNOWN: NEVER_FAULT,
        Reason.CAPTURE_NOT_PASSED: NEVER_FAULT,
        Reason.IDEMPOTENCY_CONFLICT: NEVER_FAULT,
    }
)


def render(row: WireError, refusal: Refusal, context: Context, language: Language) -> WireResponse:
    """Give the envelope of an error."""
    told = row.of.get(refusal.field or "", row)
    words = told.chinese if language is Language.CHINESE else told.english
    message = words.format(field=(refusal.field or "")[:SHOWN_CHARACTERS], **_figures(refusal.findings))
    return envelope({"Error": {"Code": told.code, "Message": message}}, context)


def _figures(findings: object) -> Mapping[str, object]:
    """Give the figures of a rate that was exceeded, by their names in the messages."""
    if not isinstance(findings, Standing):
        return {}
    seconds = f"{findings.window_s:g}"
    return {
        "times": findings.limit + 1,
        "limit": findings.limit,
        "seconds": "a second" if seconds == "1" else f"{seconds} seconds",
        "每秒": "每秒" if seconds == "1" else f"每 {seconds} 秒",
    }


def family(language: Language) -> ErrorFamily[WireError]:
    """Give the errors of every operation, in one language."""
    return ErrorFamily(ERRORS, partial(render, language=language))
