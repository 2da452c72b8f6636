"""Figures of matters: received, resolved, in progress, closed otherwise; how soon, how well.

A matter is a task of that nature, or a deed of a rule that a kind of matters is said `of_rules`
and from which no task was opened: one hazard is one matter, however it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping

import attrs

from lovepoints.core.deeds import Status
from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure, Number, counted, rate
from lovepoints.core.rows import FOR_EVER, DeedRow
from lovepoints.core.rows_work import TaskRow
from lovepoints.core.work.tasks import TaskState

_NATURE = "matter"
_DEED_STATES = {
    Status.CONFIRMED: TaskState.RESOLVED, Status.REJECTED: TaskState.REJECTED,
    Status.DUPLICATE: TaskState.DUPLICATE, Status.WITHDRAWN: TaskState.WITHDRAWN,
}
_UNANSWERED = (TaskState.DUPLICATE, TaskState.WITHDRAWN)
_OTHERWISE = (TaskState.REJECTED, *_UNANSWERED, TaskState.REFERRED)
LETTERS = ("letter", "note")
"""The labels that name a document in which matters came, or with which they were answered."""


@attrs.frozen(kw_only=True)
class Matter:
    """One matter as every channel's count sees it. `resolved_on` "" while it is not resolved."""

    state: str
    kind: str
    channel: str = ""
    day: str
    due: str = FOR_EVER
    resolved_on: str = ""
    level: int = 0
    satisfied: bool | None = None
    labels: Mapping[str, str] = attrs.field(factory=dict)
    is_confidential: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether it ended with a reply or with a reason."""
        return self.state in (TaskState.RESOLVED, TaskState.REJECTED, TaskState.REFERRED)


def received(facts: Facts) -> list[Matter]:
    """The matters of the period, by the day on which they came."""
    found = [_of_task(facts, row) for row in facts.tasks(_NATURE)]
    kinds = {rule: kind.code for kind in facts.kinds.values() if kind.nature == _NATURE
             for rule in kind.details.get("of_rules", ())}
    for deed in facts.rows.scan(DeedRow):
        kind = kinds.get(deed.rule)
        if kind and _counts(facts, deed, kind):
            found.append(_of_deed(facts, deed, kind))
    return found


def _counts(facts: Facts, deed: DeedRow, kind: str) -> bool:
    scope = facts.scope
    return (deed.reported_on in scope and facts.is_here(deed.area)
            and scope.kind in ("", kind, deed.rule) and not scope.labels
            and (not scope.channel or scope.channel == facts.channel(deed))
            and facts.by_officer(deed)
            and not facts.rows.find(TaskRow, "by_deed", deed.id, limit=1))


def _of_task(facts: Facts, row: TaskRow) -> Matter:
    ends = [move.day for move in facts.moves(row.id) if move.state == TaskState.RESOLVED
            and move.move in ("finish", "settle")]
    return Matter(
        state=row.state, kind=row.kind, channel=row.channel, day=row.day, due=row.due,
        resolved_on=ends[-1] if ends and row.state == TaskState.RESOLVED else "",
        level=row.details.get("level", 0), satisfied=row.details.get("satisfied"),
        labels=row.details.get("labels", {}),
        is_confidential=bool(facts.kinds[row.kind].details.get("is_confidential")))


def _of_deed(facts: Facts, deed: DeedRow, kind: str) -> Matter:
    state = _DEED_STATES.get(Status(deed.status), TaskState.ASKED)
    rule = facts.rule(deed.rule)
    return Matter(
        state=state, kind=kind, channel=facts.channel(deed), day=deed.reported_on,
        resolved_on=facts.decided_on(deed) if state == TaskState.RESOLVED else "",
        is_confidential=bool(rule and rule.confidential))


def _hidden(matters: list[Matter]) -> int | None:
    """The basis of a count of matters: it matters where confidential ones are among them."""
    return len(matters) if any(one.is_confidential for one in matters) else None


def came(facts: Facts) -> Figure:
    """ST-10: matters received; duplicates and those taken back are among them, and shown."""
    matters = received(facts)
    states = Counter(one.state for one in matters)
    return Figure(id="ST-10", unit="matter", value=len(matters), basis=_hidden(matters), parts={
        name: states[name] for name in _UNANSWERED})


def letters(facts: Facts) -> Figure:
    """ST-11: letters and notes; one may hold several matters."""
    names = {(label, one.labels[label]) for one in received(facts)
             for label in LETTERS if label in one.labels}
    names |= {("note", row.details["labels"]["note"]) for row in facts.tasks("item", "visit")
              if "note" in row.details.get("labels", {})}
    return Figure(id="ST-11", unit="letter", value=len(names),
                  parts=counted(label for label, _ in names))


def resolved(facts: Facts) -> Figure:
    """ST-12: of those received, resolved with a reply on the day; a reopened one is not."""
    return _state("ST-12", received(facts), (TaskState.RESOLVED,))


def in_progress(facts: Facts) -> Figure:
    """ST-13: of those received, not ended on the day."""
    matters = received(facts)
    return Figure(id="ST-13", unit="matter", basis=_hidden(matters), value=sum(
        one.state not in (TaskState.RESOLVED, *_OTHERWISE) for one in matters))


def otherwise(facts: Facts) -> Figure:
    """ST-14: of those received, ended otherwise: rejected, duplicate, withdrawn, referred."""
    matters = received(facts)
    found = _state("ST-14", matters, _OTHERWISE)
    states = Counter(one.state for one in matters)
    return attrs.evolve(found, parts={name: states[name] for name in _OTHERWISE})


def completed(facts: Facts) -> Figure:
    """ST-15: ended with an answer, of those received without duplicates and those taken back; of
    the same, those resolved (`parts`: resolved)."""
    matters = [one for one in received(facts) if one.state not in _UNANSWERED]
    done = sum(one.state == TaskState.RESOLVED for one in matters)
    return rate("ST-15", sum(one.is_answered for one in matters), len(matters),
                {"resolved": done}, _hidden(matters))


def on_time(facts: Facts) -> Figure:
    """ST-16: resolved by the last day in time, of those with a limit that are resolved or late."""
    timed = [one for one in received(facts) if one.due != FOR_EVER
             and one.state not in _OTHERWISE
             and (one.resolved_on or one.due < facts.scope.as_of)]
    return rate("ST-16", sum("" < one.resolved_on <= one.due for one in timed), len(timed))


def satisfied(facts: Facts) -> Figure:
    """ST-17: good ratings of those given, one a matter by its asker, with how many answered."""
    matters = received(facts)
    answers = [one.satisfied for one in matters if one.satisfied is not None]
    return rate("ST-17", sum(answers), len(answers), {
        "answers": len(answers), "matters": len(matters)}, basis=len(answers))


def answered(facts: Facts) -> Figure:
    """ST-18: matters with a reply, of those received."""
    matters = received(facts)
    return rate("ST-18", sum(one.is_answered for one in matters), len(matters))


def settled_locally(facts: Facts) -> Figure:
    """ST-19: resolved without being passed up, of those resolved."""
    done = [one for one in received(facts) if one.state == TaskState.RESOLVED]
    return rate("ST-19", sum(not one.level for one in done), len(done))


def by_source(facts: Facts) -> Figure:
    """ST-20: matters received by channel, kind and label; the shares of each sum to the whole."""
    matters = received(facts)
    parts: dict[str, Number] = {
        f"channel:{name}": number for name, number in counted(
            one.channel for one in matters).items()}
    parts |= {f"kind:{name}": number for name, number in counted(
        one.kind for one in matters).items()}
    for label in sorted({label for one in matters for label in one.labels} - {*LETTERS}):
        parts |= {f"{label}:{name}": number for name, number in counted(
            one.labels.get(label, "") for one in matters).items()}
    return Figure(id="ST-20", unit="matter", value=len(matters), parts=parts,
                  basis=_hidden(matters))


def _state(id_: str, matters: list[Matter], states: Collection[str]) -> Figure:
    return Figure(id=id_, unit="matter", value=sum(one.state in states for one in matters),
                  basis=_hidden(matters))


MATTERS: Mapping[str, Callable[[Facts], Figure]] = {
    "ST-10": came, "ST-11": letters, "ST-12": resolved, "ST-13": in_progress, "ST-14": otherwise,
    "ST-15": completed, "ST-16": on_time, "ST-17": satisfied, "ST-18": answered,
    "ST-19": settled_locally, "ST-20": by_source,
}
