"""The feed: what of each entry other programs hear, as a CloudEvents 1.0 object.

`TELLS` is the allow-list: of an entry of these kinds these facts leave, and nothing else. What is
in `WITHHELD`, or is about a deed or task of a confidential kind, leaves as a place in the order
and nothing more. No fact names a person or a household.

Source: CloudEvents 1.0.2 (CNCF), with its extension *sequence*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from lovepoints.core.journal import Entry
from lovepoints.core.rows import DeedRow
from lovepoints.core.rows_work import TaskKindRow, TaskRow
from lovepoints.core.store import Rows
from lovepoints.core.values import kind_of, show

Event = dict[str, Any]  # Any: JSON values
PREFIX = "lovepoints."
"""What the type of every event begins with; the kind of the entry follows."""
WITHHELD_TYPE = f"{PREFIX}withheld"
_DEED, _TASK, _OCCURRENCE = (
    ("rule", "deed.status"), ("task.kind", "task.state", "task.area"),
    ("occurrence.activity", "occurrence.state", "occurrence.day", "occurrence.area"))
_FETCH = ("points", "goods", "redemption.state")

TELLS: Mapping[str, tuple[str, ...]] = {
    # what the whole community may know
    "found": (), "adopt": ("rulebook.title", "rulebook.effective"), "area": ("area.code",),
    "appoint": ("appointment.role", "appointment.area"),
    "dismiss": ("appointment.role", "appointment.area"),
    "enrol": (), "merge": (), "split": (), "carry": (), "leave": (), "move": (), "describe": (),
    # deeds: how many points for what, never whose
    "report": _DEED, "confirm": (*_DEED, "points"), "reject": _DEED, "duplicate": _DEED,
    "withdraw": _DEED, "reopen": (*_DEED, "points"), "repair": _DEED, "pay_waiting": (),
    # points that move by the calendar or by an office
    "opening": ("points",), "adjust": ("points",), "transfer": (), "reverse": (), "sweep": (),
    "expire": ("points",), "clear": ("points",), "close": (), "settle": (), "grant": (),
    "lapse": _FETCH, "close_period": ("until",), "checkpoint": (),
    # the shop
    "stock": ("item.code", "item.title"), "price": ("price.item", "price.since"),
    "receive": ("goods",), "count": ("goods",), "write_off": ("goods",), "give": ("goods",),
    "redeem": _FETCH, "hold": _FETCH, "collect": _FETCH, "release": _FETCH, "return": _FETCH,
    "open_window": (), "close_window": (),
    # notices
    "post_notice": ("notice.state",), "close_notice": ("notice.state",), "object": (),
    "decide_objection": (), "appeal": (),
    # the community's work
    "define_task": ("task_kind.code", "task_kind.title", "task_kind.nature"),
    **{f"{move}_task": _TASK for move in (
        "ask", "dispatch", "accept", "decline", "hand_back", "check_in", "check_out", "escalate",
        "finish", "settle", "send_back", "reject", "duplicate", "refer", "withdraw", "rate",
        "reopen")},
    "define_activity": ("activity.code", "activity.title"),
    **{f"{move}_occurrence": _OCCURRENCE for move in (
        "plan", "sign_up", "withdraw", "check_in", "check_out", "attend", "close", "cancel",
        "reopen", "award")},
    "join_team": (), "leave_team": (), "define_rota": ("rota.code", "rota.title"),
    "plan_rota": ("shift.rota", "shift.day"), "offer_rota": (), "take_rota": (), "away_rota": (),
    "open_fund": ("fund.code", "fund.title"), "close_fund": ("fund.code",),
    "receive_fund": ("money.fund", "money.fen"), "spend_fund": ("money.fund", "money.fen"),
    "reserve_fund": (), "take_back_fund": (),
}
"""By kind of entry the facts that leave: a computed one, or a column of the rows it wrote."""
WITHHELD = frozenset({
    # who looked at whom, and whom the office forgot
    "look", "words", "request", "reporter", "export", "erase", "redact", "retire", "forward",
    "inspect", "aid_words", "rehearse",
    # cards and what opens them
    "issue", "lose", "replace", "set_pin", "change_pin", "unlock", "lock", "collection_code",
    # what is between an office and one household
    "died", "unite", "sanction", "lift", "deduct", "debit", "open_aid", "review_aid",
    "close_aid", "pair_aid", "part_aid", "visit_aid", "grant_fund",
})
"""Kinds of entries of which nothing leaves but their place in the order."""


@attrs.frozen(kw_only=True)
class Known:
    """What the events of a book are told by: its URN, the rules that are confidential, the
    decimals of its kinds of points."""

    source: str
    confidential: frozenset[str]
    decimals: Mapping[str, int]


def event(entry: Entry, rows: Rows, known: Known) -> Event:
    """An entry as a CloudEvents object."""
    told: Event = {
        "specversion": "1.0", "id": str(entry.seq), "source": known.source, "type": WITHHELD_TYPE,
        "sequence": f"{entry.seq:020}"}
    if entry.kind not in TELLS or is_hidden(entry, rows, known):
        return told
    data = {name.rpartition(".")[2]: value for name in TELLS[entry.kind]
            if (value := _fact(name, entry, rows, known)) not in (None, "", {}, [])}
    told |= {"type": f"{PREFIX}{entry.kind}", "time": moment(entry.recorded_at),
             "datacontenttype": "application/json", "data": data}
    if entry.subject[:2] in _SHOWN or entry.subject.partition(":")[0] in _NAMED:
        told["subject"] = entry.subject
    return told


_SHOWN = frozenset({"d-", "w-", "a-", "x-", "g-", "n-", "o-", "m-"})
"""What ids begin with that name a case and not a person."""
_NAMED = frozenset({"item", "task", "activity", "rota", "fund"})
"""What is known by a code of its own."""


def is_hidden(entry: Entry, rows: Rows, known: Known) -> bool:
    """Whether an entry is about a deed or a task of a confidential kind."""
    deed, task = rows.get(DeedRow, entry.subject), rows.get(TaskRow, entry.subject)
    if task is not None:
        kind = rows.get(TaskKindRow, task.kind)
        if kind and kind.details.get("is_confidential"):
            return True
        deed = rows.get(DeedRow, task.deed) if task.deed else None
    return bool({entry.rule, deed.rule if deed else ""} & known.confidential)


def moment(micros: int) -> str:
    """An instant by RFC 3339, in UTC.

    >>> moment(1_772_848_800_000_000)
    '2026-03-07T02:00:00.000000Z'
    """
    return datetime.fromtimestamp(micros // 10**6, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{micros % 10**6:06}Z")


def _fact(
    name: str, entry: Entry, rows: Rows, known: Known,
) -> Any:  # Any: a JSON value
    if found := _COMPUTED.get(name):
        return found(entry, rows, known)
    table, _, column = name.partition(".")
    written = entry.details.get("rows", {}).get(table, ())
    return next((row[column] for row in written if column in row), None)


def _rule(entry: Entry, rows: Rows, _: Known) -> str:
    deed = rows.get(DeedRow, entry.subject)
    return entry.rule or (deed.rule if deed else "")


def _points(entry: Entry, _: Rows, known: Known) -> dict[str, str]:
    """What went into passbooks, less what left them, by kind of points."""
    sums: dict[str, int] = {}
    for one in entry.postings:
        if one.unit.startswith("point"):
            into = one.target.startswith("passbook/") - one.source.startswith("passbook/")
            sums[one.unit] = sums.get(one.unit, 0) + one.amount * into
    return {kind_of(unit): show(amount, known.decimals.get(kind_of(unit), 0))
            for unit, amount in sorted(sums.items()) if amount}


def _goods(entry: Entry, _: Rows, __: Known) -> dict[str, int]:
    """How many pieces of which item came to the shelf, or left it."""
    sums: dict[str, int] = {}
    for one in entry.postings:
        if one.unit.startswith("item:"):
            into = one.target.startswith("shelf") - one.source.startswith("shelf")
            item = one.unit.partition(":")[2]
            sums[item] = sums.get(item, 0) + one.amount * into
    return {item: amount for item, amount in sorted(sums.items()) if amount}


def _until(entry: Entry, _: Rows, __: Known) -> str:
    return str(entry.details.get("until", ""))


_COMPUTED: Mapping[str, Callable[[Entry, Rows, Known], Any]] = {
    "rule": _rule, "points": _points, "goods": _goods, "until": _until}


def undecided(kinds: Iterable[str]) -> set[str]:
    """The kinds of entries that stand in neither list, or in both."""
    return {kind for kind in kinds if (kind in TELLS) == (kind in WITHHELD)}
