"""The life of a task: which move may come next, who may make it, and what it changes.

asked -> dispatched -> accepted -> done -> resolved; or rejected | duplicate | withdrawn | referred.
Declining and handing back lead to asked again, rising to the area above too; whatever has ended can
be reopened. Nobody is paid for serving herself, and where a second person is asked for, whoever did
the work does not strike it off (整改销号).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, get_args

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.rows_activities import OccurrenceRow
from lovepoints.core.rows_work import TaskRow
from lovepoints.errors import Code

Nature = Literal["matter", "mediation", "project", "shift", "visit", "wish", "item"]
"""What a kind counts as: a matter that is received and answered (诉求), a quarrel that is mediated
(调解), a post that is claimed (认领), a shift of a rota (班次), a visit (走访), a small wish
(微心愿), a line of a list (清单)."""
NATURES: tuple[Nature, ...] = get_args(Nature)


DAYS_MAX = 3660
"""No time limit is longer, in days."""


class TaskState(StrEnum):
    """Where a task stands."""

    ASKED = "asked"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    DONE = "done"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


WAITING = (TaskState.ASKED, TaskState.DISPATCHED, TaskState.ACCEPTED)
"""The work is still to be done."""
OPEN = (*WAITING, TaskState.DONE)
"""The states of a task that somebody still has to do something about."""
CLOSED_OTHERWISE = (TaskState.REJECTED, TaskState.DUPLICATE, TaskState.WITHDRAWN,
                    TaskState.REFERRED)
"""The ends of a task that was not resolved (其他办结)."""
FINAL = (TaskState.RESOLVED, *CLOSED_OTHERWISE)
MOVES: Mapping[str, tuple[TaskState, ...]] = {
    "dispatch": WAITING, "accept": WAITING,
    "decline": (TaskState.DISPATCHED, TaskState.ACCEPTED), "hand_back": (TaskState.ACCEPTED,),
    "check_in": (TaskState.ACCEPTED,), "check_out": (TaskState.ACCEPTED,),
    "escalate": WAITING, "finish": WAITING, "settle": (TaskState.DONE,),
    "send_back": (TaskState.DONE,), "reject": OPEN, "duplicate": OPEN, "withdraw": WAITING,
    "refer": OPEN, "rate": (TaskState.DONE, TaskState.RESOLVED), "reopen": FINAL,
}
"""The states from which a task may make each move."""
ENDS: Mapping[str, TaskState] = {
    "reject": TaskState.REJECTED, "duplicate": TaskState.DUPLICATE,
    "withdraw": TaskState.WITHDRAWN, "refer": TaskState.REFERRED,
}
"""The moves that close a task without its being resolved."""


@attrs.frozen(kw_only=True)
class TaskKind:
    """What is settled once for all tasks of a kind. `days` is the time limit in local days, 0 for
    none; `remind` so many days ahead of it a reminder is due; `places` how many may take one task.

    `is_open`: whoever wants may take it, without being told off for it. `second`: another person
    settles what was done. `proof`: evidence is asked for at the end. `rule`: finishing reports a
    deed of this rule for each doer. `of_rules`: deeds of these rules are received as this kind of
    matter. `is_confidential`: nobody is shown who asked, where, or what was said.
    """

    code: str
    title: str
    nature: Nature = "matter"
    days: int = 0
    remind: int = 1
    places: int = 1
    is_open: bool = False
    second: bool = False
    proof: bool = False
    rule: str = ""
    of_rules: tuple[str, ...] = ()
    is_confidential: bool = False


def wrong_move(row: TaskRow, move: str) -> Refusal | None:
    """The refusal of a move that does not fit the task's state, or None."""
    if row.state in MOVES[move]:
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": row.state})


def dispatched(row: TaskRow, to: str) -> dict[str, Any] | Refusal:
    """The columns that change when a task is sent to somebody, who is asked to take it."""
    if to in parties(row, "doers"):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "dispatch", "state": row.state})
    state = row.state if parties(row, "doers") else TaskState.DISPATCHED
    return _changed(row, state, offered=_with(row, "offered", to))


def accepted(row: TaskRow, kind: TaskKind, doer: str) -> dict[str, Any] | Refusal:
    """The columns that change when somebody takes a task upon herself.

    One that was sent to somebody is taken by her, unless its kind is open to all.
    """
    doers, offered = parties(row, "doers"), parties(row, "offered")
    if doer in doers or (not kind.is_open and doer not in offered):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "accept", "state": row.state})
    if len(doers) >= kind.places:
        return Refusal(Code.NO_PLACE_LEFT, {"places": kind.places})
    return _changed(row, TaskState.ACCEPTED, doers=[*doers, doer],
                    offered=[one for one in offered if one != doer])


def given_back(row: TaskRow, move: str, doer: str) -> dict[str, Any] | Refusal:
    """The columns that change when somebody declines an order, or hands a task back."""
    name = "offered" if move == "decline" else "doers"
    theirs = parties(row, name)
    if doer not in theirs:
        return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": row.state})
    left = {"offered": parties(row, "offered"), "doers": parties(row, "doers"),
            name: [one for one in theirs if one != doer]}
    state = (TaskState.ACCEPTED if left["doers"]
             else TaskState.DISPATCHED if left["offered"] else TaskState.ASKED)
    return _changed(row, state, **left)


def escalated(row: TaskRow, area: str, due: str) -> dict[str, Any]:
    """The columns that change when a task rises to the area above: whoever had it, has it no
    longer."""
    return {**_changed(row, TaskState.ASKED, offered=[], doers=[],
                       level=int(row.details.get("level", 0)) + 1), "area": area, "due": due}


def finished(
    row: TaskRow, kind: TaskKind, doer: str, *, reply: str, evidence: str, served: int,
    deeds: list[str], seq: int, labels: Mapping[str, str] | None = None,
) -> dict[str, Any] | Refusal:
    """The columns that change when the work is done, by entry `seq`; whoever does an open one at
    once, took it.

    Everybody who asked gets an answer: a matter is not finished without a reply.
    """
    missing = [name for name, is_missing in (
        ("reply", kind.nature == "matter" and not reply), ("evidence", kind.proof and not evidence),
    ) if is_missing]
    if missing:
        return Refusal(Code.FACT_MISSING, {"rule": kind.code, "missing": missing})
    state = TaskState.DONE if kind.second else TaskState.RESOLVED
    said: dict[str, Any] = {"served": served} if served else {}
    if labels:
        said["labels"] = {**row.details.get("labels", {}), **labels}
    return _changed(row, state, doers=parties(row, "doers") or [doer], offered=[],
                    deeds=[*parties(row, "deeds"), *deeds], answered=seq, **said)


def settled(row: TaskRow, is_own: bool) -> dict[str, Any] | Refusal:
    """The columns that change when a second person finds the work done (销号)."""
    if is_own:
        return Refusal(Code.SELF_CONFIRMATION, {"who": "doer"})
    return _changed(row, TaskState.RESOLVED)


def closed(row: TaskRow, move: str, **said: str) -> dict[str, Any]:
    """The columns that change when a task ends otherwise: rejected, duplicate, withdrawn, or
    referred to somebody else."""
    return _changed(row, ENDS[move], **said)


def reopened(row: TaskRow) -> dict[str, Any]:
    """The columns that change when a task that had ended, or was found not done yet, goes on:
    with those who had it."""
    state = TaskState.ACCEPTED if parties(row, "doers") else TaskState.ASKED
    kept = {name: value for name, value in row.details.items()
            if name not in ("satisfied", "of", "passed_to")}
    return {"id": row.id, "state": str(state), "details": kept}


def rated(row: TaskRow, satisfied: bool) -> dict[str, Any] | Refusal:
    """The columns that change when the asker says whether she is satisfied; she says it once."""
    if "satisfied" in row.details:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "rate", "state": "rated"})
    return _changed(row, row.state, satisfied=satisfied)


def parties(row: TaskRow | OccurrenceRow, name: str) -> list[str]:
    """One of the lists of a task: `offered`, `doers` or `deeds`."""
    return list(row.details.get(name, ()))


def _with(row: TaskRow, name: str, party: str) -> list[str]:
    theirs = parties(row, name)
    return theirs if party in theirs else [*theirs, party]


def _changed(row: TaskRow, state: str, **details: Any) -> dict[str, Any]:  # Any: JSON values
    return {"id": row.id, "state": str(state), "details": {**row.details, **details}}
