"""What readers read, and the digests and codes that are made from the book's key for cards."""

from __future__ import annotations

import hmac
import unicodedata

from lovepoints.core.credentials.pins import Hidden

TOKEN_LEAST, TOKEN_MOST = 4, 512
"""The fewest and the most characters that a reader reads off a card."""
CODE_DIGITS = 8
"""The digits of a collection code: with ten tries, one guess in ten million finds it."""


def read(text: object) -> Hidden:
    """What a reader typed, as it is compared: width, case, spaces and the final Enter set aside;
    of what can be no card's nothing is left.

    >>> read(" ００４Ａ7\\r\\n").text
    '004a7'
    """
    if not isinstance(text, str):
        raise TypeError("a token is the text that a reader reads off the card")
    if len(text) > 4 * TOKEN_MOST:
        return Hidden("")
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    is_whole = TOKEN_LEAST <= len(plain) <= TOKEN_MOST and not any(
        unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in plain)
    return Hidden(plain if is_whole else "")


def check_token(token: Hidden) -> None:
    """A ValueError, which does not show it, for what no reader reads off a card."""
    if not token.text:
        raise ValueError(f"a token has {TOKEN_LEAST} to {TOKEN_MOST} visible characters")


def card_key(secret: bytes, pepper: bytes) -> bytes:
    """The key of all that is about cards: from the book's own secret and the host's pepper."""
    return hmac.digest(secret, b"cards\0" + pepper, "sha256")


def digest(key: bytes, purpose: str, text: str) -> str:
    """A keyed digest of 128 bits, by which equal texts are found without being kept."""
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()[:32]


def collection_code(key: bytes, redemption: str, serial: int) -> Hidden:
    """The code of a reservation, as the entry with this number made it. It is kept nowhere."""
    mac = hmac.digest(key, f"collect\0{redemption}\0{serial}".encode(), "sha256")
    return Hidden(f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}d}")


def is_same(one: Hidden, other: Hidden) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.text.encode(), other.text.encode())
