"""The rows that keep watch over personal data: who looked at it, and what is still to be wiped."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Access:
    """One look at somebody's personal data: entry `seq` let `by` see `what` of `party`.

    `subject` is the case that was looked at; "" where the person herself was.
    """

    party: str
    seq: int
    what: str
    by: str
    role: str
    day: str
    subject: str = ""


@attrs.frozen(kw_only=True)
class Trace:
    """Words went with entry `seq`, but the bytes of the store are not yet wiped.

    The row is dropped once they are: a wipe that was cut short is carried out by the next one.
    """

    seq: int
    noted_at: int


@attrs.frozen(kw_only=True)
class FeedPosition:
    """Up to which entry a consumer of the feed is done."""

    consumer: str
    seq: int = 0
    noted_at: int = 0
