"""The rows of activities: what is held again and again, and each time that it is held."""

from __future__ import annotations

import attrs

from lovepoints.core.rows import Details


@attrs.frozen(kw_only=True)
class ActivityRow:
    """What is settled once for all occurrences: `details` hold rule and places."""

    code: str
    title: str
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class OccurrenceRow:
    """One time that an activity is held, as it stands.

    `details`: places, start and end (minutes of the day), signed and waiting [pseudonyms, in
    order], present [{who, since, minutes, last}], deeds [ids], shares {pseudonym: what the
    deed was reported for}, headcount, counted, closed_by.
    """

    id: str
    activity: str
    state: str
    area: str = ""
    day: str
    seq: int
    details: Details = attrs.field(factory=dict)
