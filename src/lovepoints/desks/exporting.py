"""Everything that the book holds about one person, for her to take away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.passbooks.statement import Change, changes
from lovepoints.core.policy import SELF
from lovepoints.core.rows import (
    FOR_EVER,
    DeedRow,
    EntryRow,
    Membership,
    Party,
    RedemptionRow,
    Sealed,
)
from lovepoints.core.rows_aid import AidCaseRow, MoneyRow, PairingRow
from lovepoints.core.values import point_unit
from lovepoints.desks.answers import Points, as_points
from lovepoints.desks.book import Book
from lovepoints.desks.passbooks import holder_for

OTHERS = "others"
"""The kind of a movement that sums what others of the household moved in a month."""


@attrs.frozen(kw_only=True)
class Movement:
    """One movement of a passbook: so many `points` of a `kind` more or less, and why.

    In a household's passbook what other members moved is one movement a month (`what` is
    "others", `day` the month's first), so that the sums are right and their deeds stay theirs.
    """

    day: date
    what: str
    title: str = ""
    kind: str
    points: Points


@attrs.frozen(kw_only=True)
class OwnDeed:
    """A deed of hers, with what she wrote about it, or an office about her alone."""

    id: str
    rule: str
    day: date
    status: str
    words: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class OwnAid:
    """A case of her household while she lived there, money granted to it, or her pairing with a
    household; `what` is "case", "granted", "helped" or "helper". Of a pairing the other side stays
    untold. `fen` is what was granted. `until` None: it goes on."""

    id: str
    what: str
    since: date
    until: date | None = None
    fen: int = 0
    words: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class Export:
    """All about one person: her words, attributes, homes, deeds, aid, and the movements of the
    passbook that she uses, oldest first. The movements add up to `balances`."""

    person: Mapping[str, str] = attrs.field(repr=False)
    attributes: Mapping[str, list[list[Any]]] = attrs.field(repr=False)
    homes: tuple[tuple[str, str, str], ...] = attrs.field(repr=False)
    deeds: tuple[OwnDeed, ...] = attrs.field(repr=False)
    movements: tuple[Movement, ...] = attrs.field(repr=False)
    balances: Mapping[str, Points] = attrs.field(repr=False)
    aid: tuple[OwnAid, ...] = attrs.field(default=(), repr=False)
    seq: int = 0
    key: str = ""
    is_repeat: bool = False

    def to_json(self) -> str:
        """One JSON object, readable without this program."""
        kept = attrs.asdict(self, filter=lambda field, _: field.name not in (
            "seq", "key", "is_repeat"))
        return json.dumps(kept, ensure_ascii=False, indent=2, default=str) + "\n"

    def to_csv(self) -> str:
        """The movements as a table, safe to open in a spreadsheet."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow([field.name for field in attrs.fields(Movement)])
        for one in self.movements:
            table.writerow([one.day.isoformat(), *(text.cell(word) for word in (
                one.what, one.title, one.kind)), one.points])
        return out.getvalue()


def exported(book: Book, party: str, seq: int, key: str, is_repeat: bool) -> Export:
    """What the book holds about a party, as it stands in this transaction."""
    person, row = book.code_of(party), book.store.get(Party, party)
    sealed = book.store.get(Sealed, party)
    movements = tuple(_movements(book, party))
    balances: dict[str, Points] = {}
    for one in movements:
        balances[one.kind] = balances.get(one.kind, 0) + one.points
    return Export(
        person={"code": person, "pseudonym": party,
                **{name: str(value) for name, value in (sealed.details if sealed else {}).items()}},
        attributes=dict(row.details.get("attributes", {})) if row else {},
        homes=tuple((one.since, one.until, book.code_of(one.household))
                    for one in book.store.find(Membership, "", party)),
        deeds=tuple(_deeds(book, party)), aid=tuple(_aid(book, party)),
        movements=movements, balances=balances,
        seq=seq, key=key, is_repeat=is_repeat)


def _deeds(book: Book, party: str) -> Iterator[OwnDeed]:
    """What another resident wrote about her stays with whoever wrote it."""
    hers = set(book.records(party))
    for row in book.store.scan(DeedRow):
        doers, role = row.details.get("doers", [row.doer]), _role_of_report(book, row)
        wrote = row.reporter in hers and role == SELF
        if hers & set(doers) or wrote:
            is_open = wrote or (set(doers) <= hers and role != SELF)
            sealed = book.store.get(Sealed, row.id) if is_open else None
            yield OwnDeed(
                id=row.id, rule=row.rule, day=date.fromisoformat(row.day), status=row.status,
                words={name: str(value) for name, value in (
                    sealed.details if sealed else {}).items()})


def _aid(book: Book, party: str) -> Iterator[OwnAid]:
    """What was done for her household while she lived there, and whom she helped since when."""
    homes = [(party, "", FOR_EVER), *((one.household, one.since, one.until)
                                      for one in book.store.find(Membership, "", party))]
    for home, since, until in homes:
        for case in book.store.find(AidCaseRow, "by_household", home):
            if case.since <= until and since <= case.until:
                yield _own_aid(book, "case", case)
        for pairing in book.store.find(PairingRow, "by_household", home):
            if pairing.since <= until and since <= pairing.until:
                yield _own_aid(book, "helped", pairing)
        for money in book.store.find(MoneyRow, "by_party", home, low=since, high=until):
            day = date.fromisoformat(money.day)
            yield OwnAid(id=money.id, what="granted", since=day, until=day,
                         fen=0 if money.is_undone else money.fen, words=book.words_about(money.id))
    for row in book.store.find(PairingRow, "by_helper", party):
        yield _own_aid(book, "helper", row)


def _own_aid(book: Book, what: str, row: AidCaseRow | PairingRow) -> OwnAid:
    return OwnAid(id=row.id, what=what, since=date.fromisoformat(row.since),
                  words=book.words_about(row.id),
                  until=None if row.until == FOR_EVER else date.fromisoformat(row.until))


def _role_of_report(book: Book, row: DeedRow) -> str:
    first = book.store.find(EntryRow, "by_subject", row.id, limit=1)
    return book.entry(first[0].seq).role if first else ""


def _movements(book: Book, party: str) -> Iterator[Movement]:
    day = book.calendar.day_of(book.now())
    rulebook = book.rulebook_on(day)
    if rulebook is None:
        return
    holder = holder_for(book, book.person(book.code_of(party)))
    for kind in rulebook.kinds:
        months: dict[date, int] = {}
        own: list[Movement] = []
        for change in changes(book.store, holder, point_unit(kind.code)):
            when = date.fromisoformat(change.entry.day)
            if holder == party or _is_hers(book, party, change):
                own.append(Movement(day=when, what=change.entry.kind, kind=kind.code,
                                    title=_title(book, change),
                                    points=as_points(change.points, kind.decimals)))
            else:
                months[when.replace(day=1)] = months.get(when.replace(day=1), 0) + change.points
        own += [Movement(day=month, what=OTHERS, kind=kind.code,
                         points=as_points(amount, kind.decimals))
                for month, amount in months.items()]
        own.reverse()
        yield from sorted(own, key=lambda one: one.day)


def _is_hers(book: Book, party: str, change: Change) -> bool:
    """Whether a movement of a shared passbook is about her, and not about another member."""
    subject = change.entry.subject
    if row := book.store.get(DeedRow, subject):
        return [party] == list(row.details.get("doers", [row.doer]))
    fetched = book.store.get(RedemptionRow, subject)
    return fetched is not None and fetched.doer == party


def _title(book: Book, change: Change) -> str:
    entry = change.entry
    rule = book.rulebook(entry.rulebook).rule(entry.rule) if entry.rulebook else None
    return rule.title if rule else ""
