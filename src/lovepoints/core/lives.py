"""The life of a deed: which decision may come next, and who may take it.

submitted -> confirmed | rejected | duplicate | withdrawn; every decided state may be reopened
and decided again. Nobody decides a deed of their own or of their household.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.deeds import Refusal, Status, Verdict
from lovepoints.core.passbooks.awarding import live_decisions, stage_of
from lovepoints.core.policy import Actor
from lovepoints.core.rows import DeedRow
from lovepoints.core.rulebook import Confirm, Rule, Rulebook
from lovepoints.errors import Code

_OPEN = (Status.SUBMITTED, Status.REOPENED)
MOVES: Mapping[str, tuple[str, ...]] = {
    "confirm": _OPEN, "reject": _OPEN, "duplicate": _OPEN, "withdraw": _OPEN,
    "reopen": (Status.CONFIRMED, Status.REJECTED, Status.DUPLICATE, Status.WITHDRAWN),
    "repair": (Status.CONFIRMED,),
}
"""The states from which a deed may make each move."""


def wrong_state(
    deed: DeedRow, move: str, rule: Rule | None = None, stage: str = "",
) -> Refusal | None:
    """The refusal of a move that does not fit the deed's state, or None.

    A deed that is paid in stages stays open for its later stages while it is confirmed.
    """
    paid = {stage_of(decision) for decision in live_decisions(deed)}
    # A first stage is paid by the report itself, before anybody has confirmed anything.
    if move == "confirm" and stage and stage in paid and deed.status != Status.REOPENED:
        return Refusal(Code.DEED_ALREADY_PAID, {"stage": stage})
    if deed.status in MOVES[move]:
        return None
    waits = any(one.code not in paid for one in rule.stages) if rule else False
    if deed.status == Status.CONFIRMED and waits and move in ("confirm", "reject"):
        return None
    return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": deed.status})


def own_deed(
    doers: Collection[str], actor: Actor, *, is_home: bool, is_recorder: bool, confirm: Confirm,
) -> Refusal | None:
    """The refusal if the actor did, shares in, or wrote down this deed, or None.

    `is_home`: actor and a doer belong to one household, or did when the deed was done.
    `is_recorder`: the actor is the person who wrote it down, by whichever code.
    """
    if actor.resident and actor.resident in doers:
        return Refusal(Code.SELF_CONFIRMATION, {"who": "doer"})
    if is_home:
        return Refusal(Code.SELF_CONFIRMATION, {"who": "household"})
    if is_recorder and not confirm.recorder:
        return Refusal(Code.SELF_CONFIRMATION, {"who": "recorder"})
    return None


def confirm_of(rulebook: Rulebook, rule: Rule) -> Confirm:
    """Who confirms deeds of this rule: its own terms, else the rulebook's."""
    return rule.confirm or rulebook.confirm


def confirmers_needed(confirm: Confirm, points: Decimal) -> int:
    """How many different people confirm an award of this many points of the first kind."""
    if confirm.above is not None and abs(points) > confirm.above:
        return max(confirm.people, confirm.people_above)
    return confirm.people


@attrs.frozen(kw_only=True)
class Confirmation:
    """One person's verdict while others are still needed.

    `person` is who it is by her record as a resident, whichever code she acts by; an officer
    without one is known by the code only.
    """

    by: str
    person: str = ""
    stage: str = ""
    grades: tuple[str, ...] = ()
    points: str = ""
    reason: bool = False

    def to_json(self) -> dict[str, Any]:  # Any: canonical JSON
        """As it stands in the deed's details."""
        return {"by": self.by, "person": self.person, "stage": self.stage,
                "grades": list(self.grades), "points": self.points, "reason": self.reason}


def joined(
    deed: DeedRow, actor: Actor, verdict: Verdict,
) -> tuple[Confirmation, ...] | Refusal:
    """The confirmations of this stage with the actor's added.

    Refused: a second one by the same person, and one that differs from the first.
    """
    earlier = [one for one in deed.details.get("confirmations", ())
               if one["stage"] == verdict.stage]
    points = "" if verdict.points is None else f"{verdict.points.normalize():f}"
    mine = Confirmation(by=actor.id, person=actor.resident or actor.id, stage=verdict.stage,
                        grades=verdict.grades, points=points, reason=verdict.reason)
    if any(one["by"] == actor.id or one["person"] == mine.person for one in earlier):
        return Refusal(Code.ALREADY_CONFIRMED_BY_YOU, {})
    for one in earlier:
        if tuple(one["grades"]) != mine.grades or one["points"] != points:
            return Refusal(Code.GRADES_DIFFER, {
                "first": list(one["grades"]) or one["points"],
                "yours": list(mine.grades) or points,
            })
    return (*(Confirmation(**{**one, "grades": tuple(one["grades"])}) for one in earlier), mine)


def next_stage(rule: Rule, deed: DeedRow, stage: str) -> str | Refusal:
    """The stage that is decided: the one named, else the first not yet paid."""
    if not rule.stages:
        if stage:
            return Refusal(Code.AMOUNT_NOT_BY_RULE, {"what": "stage", "given": stage})
        return ""
    codes = [one.code for one in rule.stages]
    if stage and stage not in codes:
        return Refusal(Code.AMOUNT_NOT_BY_RULE, {"what": "stage", "given": stage, "known": codes})
    if stage:
        return stage
    paid = {stage_of(decision) for decision in live_decisions(deed)}
    return next((code for code in codes if code not in paid), codes[-1])
