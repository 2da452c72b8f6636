"""Public notices: which lines they have, how a name is masked, the life of an objection.

open -> upheld | dismissed -> appealed, once -> upheld | dismissed. While an objection is open or
appealed, the points of its line cannot be spent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Entry
from lovepoints.core.rows_notices import NoticeRow, ObjectionRow
from lovepoints.errors import Code

PENDING = ("open", "appealed")
"""The states of an objection that waits for a decision."""
_AWARDING = ("confirm", "report", "pay_waiting")


@attrs.frozen(kw_only=True)
class Awarded:
    """One line: what entry `seq` awarded a doer for a deed, in smallest parts by unit."""

    number: int
    seq: int
    deed: str
    doer: str
    rule: str
    amounts: Mapping[str, int]


def awarded(entries: Iterable[Entry], hidden: Collection[str]) -> tuple[Awarded, ...]:
    """The lines of a public list over these entries, numbered from 1.

    The same entries give the same numbers for ever. What was earned by a `hidden` rule, and what
    was deducted, is no matter for the public.
    """
    found: dict[tuple[int, str, str], Awarded] = {}
    for entry in entries:
        if entry.kind not in _AWARDING:
            continue
        for one in entry.details.get("rows", {}).get("credit", ()):
            if "rule" not in one or one["rule"] in hidden or one["points"] <= 0:
                continue
            place = (entry.seq, one["deed"], one["doer"])
            line = found.get(place) or Awarded(
                number=len(found) + 1, seq=entry.seq, deed=one["deed"], doer=one["doer"],
                rule=one["rule"], amounts={})
            total = line.amounts.get(one["unit"], 0) + one["points"]
            found[place] = attrs.evolve(line, amounts={**line.amounts, one["unit"]: total})
    return tuple(found.values())


def masked(name: str) -> str:
    """A name as it hangs on a wall: the first and, of three or more letters, the last one.

    One star whatever is left out, so that the length tells nothing.

    >>> masked("王小明"), masked("李梅"), masked("买买提·秀英"), masked("")
    ('王*明', '李*', '买*英', '*')
    """
    return name[:1] + "*" + (name[-1:] if len(name) > 2 else "")


def too_late(notice: NoticeRow, day: str) -> Refusal | None:
    """The refusal of an objection to a list that hangs no longer, or None."""
    if notice.state == "posted" and day <= notice.until:
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": "object", "state": "closed",
                                            "until": notice.until})


def decided(
    row: ObjectionRow, person: str, confirmers: Collection[str], upheld: bool,
) -> dict[str, Any] | Refusal:
    """The columns that change when somebody decides an objection: not who raised it, not who
    confirmed the deed, and an appeal nobody who decided before."""
    if row.state not in PENDING:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "decide", "state": row.state})
    earlier = list(row.details.get("decided_by", ()))
    for who, people in (("objector", [row.by]), ("confirmer", confirmers), ("decider", earlier)):
        if person in people:
            return Refusal(Code.SELF_CONFIRMATION, {"who": who})
    return {"id": row.id, "state": "upheld" if upheld else "dismissed",
            "details": {**row.details, "decided_by": [*earlier, person],
                        **({"final": True} if row.state == "appealed" else {})}}


def appealed(row: ObjectionRow) -> dict[str, Any] | Refusal:
    """The columns that change when a decision is appealed against; that happens once."""
    if row.state in PENDING or row.details.get("final"):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "appeal", "state": row.state})
    return {"id": row.id, "state": "appealed",
            "details": {**row.details, "before": row.state}}
