"""Whether a request comes from Slack: its signature over the body, and its age."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

WINDOW_SECONDS = 300


def is_signed(headers: Mapping[str, str], body: bytes, secret: str, *, now: float) -> bool:
    """Whether Slack signed this body within the last five minutes; nonsense in the headers is no signature.

    Source: Slack, "Verifying requests from Slack": `v0=` and the HMAC-SHA256 of `v0:timestamp:body`.
    """
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (secret and stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and signature.isascii()):
        return False
    if abs(now - int(stamp)) > WINDOW_SECONDS:
        return False
    made = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    return hmac.compare_digest(f"v0={made}", signature)
