"""A phone answers a kiosk: the kiosk shows a fresh number, the phone's program signs it for who
is logged in there, and the kiosk reads the answer. It works once, there, within a minute.

An answer reads `1.<who>.<number>.<until>.<signature>`. How old a number is goes by the clock and
by the machine's uptime, so that no setting of the clock makes it younger.
"""

from __future__ import annotations

import hmac

from lovepoints.core.card_rows import Challenge
from lovepoints.core.credentials.patience import SECOND

SECONDS = 60
"""So long a challenge may be answered, and so long an answer may be read."""
NUMBER_BYTES = 16
_MOST = 256


def answer(key: bytes, party: str, nonce: str, now: int) -> str:
    """What the phone shows for a party."""
    said = f"1.{party}.{nonce}.{now // SECOND + SECONDS}"
    return f"{said}.{_signature(key, said)}"


def admitted(key: bytes, given: str, shown: Challenge | None, now: int, uptime: int) -> str:
    """Whom an answer admits at the device that shows the challenge; "" for nobody."""
    said, _, signature = given.rpartition(".")
    parts = said.split(".")
    if len(given) > _MOST or not given.isascii() or len(parts) != 4:
        return ""
    # Compared as it was written: nothing of the answer is read before its signature fits.
    if not hmac.compare_digest(_signature(key, said).encode(), signature.encode()):
        return ""
    _, party, nonce, until = parts
    is_fresh = shown is not None and shown.nonce == nonce and now < int(until) * SECOND and (
        0 <= now - shown.made_at < SECONDS * SECOND
        and 0 <= uptime - shown.made_up < SECONDS * SECOND)
    return party if is_fresh else ""


def _signature(key: bytes, said: str) -> str:
    return hmac.digest(key, f"answer\0{said}".encode(), "sha256").hex()
