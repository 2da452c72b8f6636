"""The rows of aid: which household is helped how, and who is paired with it."""

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
