"""The rows of aid: which household is helped how, who is paired with it, and what money is for."""

from __future__ import annotations

import attrs

from lovepoints.core.rows import FOR_EVER, Details


@attrs.frozen(kw_only=True)
class AidCaseRow:
    """A household in need, as its case stands. `review_by` is the day of the next review.

    `details`: ground, level, steps (of the plan).
    """

    id: str
    household: str
    review_by: str
    since: str
    until: str = FOR_EVER
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class PairingRow:
    """A helper paired with a household. `due` is the day by which the next visit is due.

    `details`: every (so many days), rule (of the deeds of the helper), days (of the visits).
    """

    id: str
    household: str
    helper: str
    due: str
    since: str
    until: str = FOR_EVER
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class FundRow:
    """Money for a purpose, as text says it. `until`: FOR_EVER while it is open.

    `details`: limit and goal (fen), people (that the limit is for).
    """

    code: str
    title: str
    since: str
    until: str = FOR_EVER
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class MoneyRow:
    """One record of a fund, in fen. `what`: received, reserved, granted, spent or returned.

    `party`: who got a grant. `source`: the reservation that it comes out of, or the gift that it
    goes back to. `is_undone`: taken back, or a reservation that was let go.
    """

    id: str
    fund: str
    what: str
    fen: int
    day: str
    party: str = ""
    category: str = ""
    source: str = ""
    is_undone: int = 0
    seq: int
