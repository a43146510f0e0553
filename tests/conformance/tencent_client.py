"""
Tencent's Python clients, unmodified, in a process of their own: `python tencent_client.py PLAN`.

The plan is JSON: where the server is, keys, pictures, and the calls to make. Prints a JSON object with what each call
came to: the status of the card, or the code and the message of the error, as the client itself reports them.
"""

import base64
import json
import sys
import time
from pathlib import Path
from typing import Any, TypeAlias

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

Plan: TypeAlias = dict[str, Any]

POLL_S = 0.1


def client(plan: Plan, call: Plan) -> Any:
    """Give the typed client where the release has one for these actions, else the general one."""
    http = HttpProfile(**plan["http"] | call.get("http", {}), reqTimeout=20)
    profile = ClientProfile(call.get("sign"), http)
    profile.unsignedPayload = call.get("unsigned", False)
    key = Credential(plan["key"], call.get("secret", plan["secret"]))
    if plan["typed"]:
        from tencentcloud.faceid.v20180301.faceid_client import FaceidClient  # noqa: PLC0415 - not in every release

        return FaceidClient(key, "ap-hongkong", profile)
    return CommonClient("faceid", "2018-03-01", key, "ap-hongkong", profile)


def say(one: Any, name: str, asked: Plan) -> Any:
    """Give the answer of an action as a plain value."""
    if isinstance(one, CommonClient):
        return one.call_json(name, asked)["Response"]
    from tencentcloud.faceid.v20180301 import models  # noqa: PLC0415 - not in every release

    request = getattr(models, f"{name}Request")()
    request.from_json_string(json.dumps(asked))
    return json.loads(getattr(one, name)(request).to_json_string())


def verify(one: Any, asked: Plan, wanted: list[str]) -> Plan:
    """Apply and ask until there is a result; members of it that are wanted are told as well."""
    applied = say(one, "ApplyCardVerification", asked)
    for _ in range(int(applied["AsyncCardVerificationMaxPollingTimes"]) * 30):
        told = say(one, "GetCardVerificationResult", {"CardVerificationToken": applied["CardVerificationToken"]})
        if told["Status"] != "PROCESSING":
            return {
                "status": told["Status"],
                "warnings": told["WarnInfo"],
                "same token": told["IDVerificationToken"] == applied["CardVerificationToken"],
                **{name: told[name] for name in wanted},
            }
        time.sleep(POLL_S)
    return {"status": "PROCESSING"}


def play(plan: Plan, call: Plan) -> Plan:
    """Give what a call came to."""
    picture = base64.b64encode(Path(plan["pictures"][call.get("picture", "portrait")]).read_bytes()).decode()
    asked = {"Nationality": "THA", "CardType": "ID_CARD", "ImageBase64Front": picture, **call.get("set", {})}
    try:
        return verify(client(plan, call), asked, plan.get("wanted", []))
    except TencentCloudSDKException as error:
        return {
            "code": error.get_code(),
            "message": error.get_message(),
            "request id": len(error.get_request_id() or ""),
        }


def main() -> None:
    """Play the plan."""
    plan = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps({name: play(plan, call) for name, call in plan["calls"].items()}))


main()
