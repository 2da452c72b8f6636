"""The rows of activities and teams: what is held, each time that it is held, who belongs."""

from __future__ import annotations

import attrs

from lovepoints.core.rows import FOR_EVER, Details


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


@attrs.frozen(kw_only=True)
class TeamTerm:
    """A resident in a team from a day up to a day. `part` is "lead" or "member", `chosen` how the
    lead came to it."""

    team: str
    resident: str
    since: str
    until: str = FOR_EVER
    part: str = "member"
    chosen: str = ""
