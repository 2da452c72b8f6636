"""The rows of public notices, and of objections to their lines."""

from __future__ import annotations

import attrs

from lovepoints.core.rows import Details


@attrs.frozen(kw_only=True)
class NoticeRow:
    """A public list of what was awarded by the entries after `after` up to `upto`, on show up to
    and with the day `until`. State: posted, closed.

    `details`: once closed, what it came to.
    """

    id: str
    state: str
    posted: str
    until: str
    after: int
    upto: int
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class ObjectionRow:
    """A challenge to one line of a notice. State: open, upheld, dismissed, appealed.

    `details`: decided_by [pseudonyms, as persons], final (an appeal was decided).
    """

    id: str
    notice: str
    line: int
    deed: str
    by: str
    day: str
    state: str
    seq: int
    details: Details = attrs.field(factory=dict)
