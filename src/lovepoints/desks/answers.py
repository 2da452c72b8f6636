"""What the verbs return: frozen nouns, built from an entry, so that a repeat answers the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from lovepoints.core.deeds import Step
from lovepoints.core.journal import Entry
from lovepoints.core.passbooks import passbook
from lovepoints.core.rows import DeedRow
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.values import decimal, from_minor, kind_of, to_minor
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer
from lovepoints.words.steps import step_sentence

Points = int | Decimal
"""A whole number, or a Decimal where the kind of points has decimals."""


def as_points(amount: int, decimals: int) -> Points:
    """Smallest parts as people count them."""
    return from_minor(amount, decimals) if decimals else amount


def amount_of(points: int | str | Decimal, decimals: int, *, signed: bool = False) -> int:
    """Points as a caller says them, in smallest parts, exactly.

    Raises:
        TypeError: a bool or float. ValueError: finer than the smallest part, negative, huge.
    """
    number = decimal(points, "points")
    amount = to_minor(number, decimals)
    if Decimal(amount).scaleb(-decimals) != number:
        raise ValueError(f"points come in steps of {Decimal(1).scaleb(-decimals)}, not {points}")
    if amount < 0 and not signed:
        raise ValueError(f"points must not be negative: {points}")
    if amount == 0 and signed:
        raise ValueError("an adjustment of nothing changes nothing")
    return amount


@attrs.frozen(kw_only=True)
class Award:
    """Points of one doer's deed and the steps that led to them.

    `points` is the first kind's amount, `amounts` every kind's; `waiting` what a used-up budget
    or a full passbook keeps back until there is room. `steps` are sentences, each with its
    clause; an award of zero says here what stood in its way.
    """

    resident: str
    holder: str
    points: Points = 0
    amounts: Mapping[str, Points] = attrs.field(factory=dict)
    waiting: Mapping[str, Points] = attrs.field(factory=dict)
    reasons: tuple[Step, ...] = attrs.field(default=(), repr=False)
    effective_on: date | None = None
    rulebook: Rulebook = attrs.field(repr=False, eq=False)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps as sentences in the program's language."""
        return self.explained()

    def explained(self, lang: str | None = None) -> tuple[str, ...]:
        """The steps as sentences in `lang`, "zh" or "en"."""
        return tuple(step_sentence(step, self.rulebook, lang) for step in self.reasons)


@attrs.frozen(kw_only=True)
class Deed:
    """What somebody said was done or seen, and what became of it. Facts, no points.

    `resident` did or saw it (`joint`: others with a share), `reported_by` said so. Of a
    confidential kind (`is_hidden`) all three are left out, but for whoever just reported it.
    """

    id: str
    rule: str
    status: str
    resident: str
    joint: tuple[str, ...] = ()
    reported_by: str = ""
    day: date
    reported_on: date
    quantities: Mapping[str, Decimal] = attrs.field(factory=dict)
    is_hidden: bool = False
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Decision:
    """A decision on a deed. `points` of the first kind were awarded to the first doer by it (0
    without an award). `award` is None while `waiting_for` more people must confirm it,
    and for a decision that is worth nothing by nature (rejected, duplicate, withdrawn)."""

    deed: Deed
    award: Award | None = None
    awards: tuple[Award, ...] = ()
    waiting_for: int = 0
    seq: int = 0
    key: str = ""
    is_repeat: bool = False

    @property
    def points(self) -> Points:
        """What the first doer was awarded of the first kind; 0 without an award."""
        return self.award.points if self.award else 0


@attrs.frozen(kw_only=True)
class Posted:
    """What a verb of the books wrote: the entry's place, and points by kind that moved."""

    seq: int
    kind: str
    holder: str = ""
    points: Mapping[str, Points] = attrs.field(factory=dict)
    key: str = ""
    is_repeat: bool = False


def confidential(book: Book) -> frozenset[str]:
    """The codes of the rules that any adopted rulebook keeps confidential."""
    return frozenset(rule.code for _, rulebook in book.terms() for rule in rulebook.rules
                     if rule.confidential)


def is_hidden(book: Book, entry: Entry) -> bool:
    """Whether an entry is about a deed of a confidential kind."""
    rule = book.rulebook(entry.rulebook).rule(entry.rule) if entry.rulebook else None
    return rule is not None and rule.confidential


def deed_of(book: Book, row: DeedRow, *, status: str = "", key: str = "",
            is_repeat: bool = False, hidden: bool = False) -> Deed:
    """The public view of a deed's row; `hidden`: without anybody in it."""
    doers = () if hidden else row.details.get("doers", [row.doer])
    return Deed(
        id=row.id, rule=row.rule, status=status or row.status,
        resident=book.code_of(doers[0]) if doers else "",
        joint=tuple(book.code_of(doer) for doer in doers[1:]),
        reported_by="" if hidden else book.code_of(row.reporter), is_hidden=hidden,
        day=date.fromisoformat(row.day), reported_on=date.fromisoformat(row.reported_on),
        quantities={name: Decimal(value)
                    for name, value in row.details.get("quantities", {}).items()},
        key=key, is_repeat=is_repeat,
    )


def awards_of(book: Book, entry: Entry) -> tuple[Award, ...]:
    """The awards that an entry carries, one a doer."""
    if not entry.rulebook:
        return ()
    rulebook = book.rulebook(entry.rulebook)
    hidden = is_hidden(book, entry)
    return tuple(award_of(book, rulebook, out, hidden=hidden)
                 for out in entry.details.get("awards", ()))


def award_of(
    book: Book, rulebook: Rulebook, out: Mapping[str, Any], *, hidden: bool = False,
) -> Award:
    """The award that `core.awarding` wrote into an entry; `hidden`: without whose it is."""
    amounts = by_kind(rulebook, out["parts"])
    return Award(
        resident="" if hidden else book.code_of(out["doer"]),
        holder="" if hidden else book.code_of(out["holder"]),
        points=amounts.get(rulebook.main_kind.code, 0), amounts=amounts,
        waiting=by_kind(rulebook, out.get("waiting", {}).items()),
        reasons=tuple(Step.from_json(step) for step in out.get("steps", ())),
        effective_on=date.fromisoformat(out["effective_on"]) if "effective_on" in out else None,
        rulebook=rulebook,
    )


def by_kind(rulebook: Rulebook, amounts: Iterable[tuple[str, int]]) -> dict[str, Points]:
    """Smallest parts by unit as points by the code of their kind."""
    return {kind_of(unit): as_points(amount, rulebook.kind(kind_of(unit)).decimals)
            for unit, amount in amounts}


def posted_of(book: Book, answer: Answer) -> Posted:
    """What a verb of the books wrote, seen from the passbook that it is about."""
    entry = answer.entry
    holder = entry.subject.removeprefix("passbook:")
    moved: dict[str, int] = {}
    accounts = {passbook.passbook(holder), passbook.owed(holder)}
    for posting in entry.postings:
        sign = (posting.target in accounts) - (posting.source in accounts)
        moved[posting.unit] = moved.get(posting.unit, 0) + sign * posting.amount
    points: dict[str, Points] = {}
    if entry.rulebook and holders_of(entry):
        rulebook = book.rulebook(entry.rulebook)
        points = {kind_of(unit): as_points(amount, rulebook.kind(kind_of(unit)).decimals)
                  for unit, amount in moved.items() if amount}
    return Posted(seq=entry.seq, kind=entry.kind, holder=book.code_of(holder), points=points,
                  key=answer.key, is_repeat=answer.is_repeat)


def holders_of(entry: Entry) -> list[str]:
    """The holders whose passbooks an entry moves."""
    accounts = [account for posting in entry.postings
                for account in (posting.source, posting.target)]
    return list(dict.fromkeys(filter(None, map(passbook.holder_of, accounts))))
