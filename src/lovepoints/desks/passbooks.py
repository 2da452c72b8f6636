"""The passbooks' desk: what a holder has, until when, may spend now, and why not more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from lovepoints.core.history import shown_balance
from lovepoints.core.journal import Entry
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks import awarding, ends, passbook
from lovepoints.core.passbooks.dues import next_due, rehearse
from lovepoints.core.passbooks.spending import Holding, Purse, spendable
from lovepoints.core.passbooks.statement import is_below
from lovepoints.core.projecting import project
from lovepoints.core.rating.honours import stars
from lovepoints.core.rows import (
    Balance,
    Bar,
    Credit,
    EntryRow,
    Lot,
    Party,
    Person,
)
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.store import Rows
from lovepoints.core.values import NEVER, Each, micros, point_unit, to_minor, whole
from lovepoints.desks import honours, listing
from lovepoints.desks.announcing import Ahead, announced
from lovepoints.desks.answers import Points, as_points, confidential, is_hidden
from lovepoints.desks.book import Book
from lovepoints.desks.command import check_day
from lovepoints.desks.lines import LINES, Line, lines_of
from lovepoints.desks.remembering import known, remember
from lovepoints.errors import NotFound, brief
from lovepoints.words import say
from lovepoints.words.refusals import WHY_NOT_MORE


@attrs.frozen(kw_only=True)
class Share:
    """One lot as a person sees it: so many points left, usable from and until."""

    points: Points
    held: Points
    usable_from: date | None = None
    last_day: date | None = None
    is_frozen: bool = False
    seq: int = 0


@attrs.frozen(kw_only=True)
class Passbook:
    """What the entries say a holder has at a moment. Amounts are of the first point kind.

    `balance` is what the passbook shows (free + held - owed; a debt shows below zero),
    `available` what can be spent now. `kinds` has every kind; `why_not_more` says in sentences
    what stands between balance and available, `ahead` what the calendar will soon take.
    """

    code: str
    holder: str
    balance: Points
    available: Points
    pending: Points
    frozen: Points
    held: Points
    owed: Points
    next_expiry: tuple[date, Points] | None
    kinds: Mapping[str, Mapping[str, Points]]
    titles: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    reasons: tuple[tuple[str, Mapping[str, object]], ...] = ()
    ahead: tuple[Ahead, ...] = ()
    sanctions: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    lots: Mapping[str, tuple[Share, ...]] = attrs.field(factory=dict, repr=False)
    lines: tuple[Line, ...] = attrs.field(default=(), repr=False)
    as_of: datetime

    @property
    def balances(self) -> dict[str, Points]:
        """The balance of every kind."""
        return {kind: figures["balance"] for kind, figures in self.kinds.items()}

    @property
    def why_not_more(self) -> tuple[str, ...]:
        """Why not all of the balance can be spent now, in the program's language."""
        return self.explained()

    def explained(self, lang: str | None = None) -> tuple[str, ...]:
        """Why not all of the balance can be spent now, in `lang`."""
        return tuple(say(WHY_NOT_MORE, code, facts, lang) for code, facts in self.reasons)


@attrs.frozen
class Passbooks:
    """`community.passbooks`"""

    _book: Book

    def __getitem__(self, code: str) -> Passbook:
        """The passbook that this resident may use (or that this household has), as of now."""
        return self.of(code)

    def of(self, code: str, *, as_of: datetime | None = None, lines: int = LINES) -> Passbook:
        """A passbook at a moment: what was written by then, and what the calendar did until then.

        Raises:
            NotFound: no such resident or household, or no rulebook in force.
        """
        book, count = self._book, whole(lines, "lines", least=0)
        moment = None if as_of is None else micros(as_of)
        if moment is not None and moment >= NEVER:
            raise ValueError(f"as_of={as_of} lies beyond what a book can know")
        asked = ("passbook", code, count)
        if type(code) is str and (found := known(book, asked, moment)):
            return _again(found[0], book.calendar.local(found[1]))
        with book.reading():
            now = book.now() if moment is None else moment
            person = book.person(code, "resident", "household", "team")
            is_present = now >= book.head()[1]
            rows = book.overlay() if is_present else refolded(book, now)
            holder = holder_for(book, person, now, rows)
            fold_due(book, rows, holder, now)
            shown = self._view(rows, holder, now, count, is_present=is_present)
            if is_present and count <= LINES and not book.has_lineage:
                plain = {name: getattr(shown, name) for name in _PLAIN}
                remember(book, asked, (shown, plain), now, ends.holders_until(
                    rows, holder, now, book.terms(), book.calendar))
                return _again((shown, plain), shown.as_of)
            return shown

    def holder(self, code: str) -> str:
        """The pseudonym of the passbook a code leads to: the household's, or her own."""
        return holder_for(self._book, self._book.person(code, "resident", "household", "team"))

    def earned(
        self, code: str, *, kind: str = "", on: date | None = None, each: Each = "year",
    ) -> Points:
        """What a holder earned of a kind in the period that holds `on` (left out: today), spent
        or not: awards that still stand, without deductions."""
        with self._book.reading():
            check_day(on, "on")
            day = on or self._book.calendar.day_of(self._book.now())
            return honours.earned(self._book, self.holder(code), kind=kind, on=day, each=each)

    def ranking(
        self, rank: str, *, on: date | None = None,
        direct: Mapping[str, Collection[str]] | None = None,
    ) -> tuple[honours.Listed, ...]:
        """A list of the best that the rulebook names, for the period that holds `on` (left out:
        today), as it stood when today began: who looks again and again does not learn who was
        just paid. `direct`: by the code of a rank, whom people honoured themselves.

        Raises:
            NotFound: no such rank, or no rulebook in force.
        """
        with self._book.reading():
            check_day(on, "on")
            if direct is not None and not isinstance(direct, Mapping):
                raise TypeError(f'direct= reads {{"model": ["li"]}}, not {brief(direct)}')
            day = on or self._book.calendar.day_of(self._book.now())
            return honours.ranking(self._book, rank, on=day, direct=direct,
                                   until=listing.before_today(self._book))

    def __iter__(self) -> Iterator[Passbook]:
        """Every passbook, by the holder's code."""
        for person in holders(self._book):
            yield self.of(person.code, lines=0)

    def _view(
        self, rows: Rows, holder: str, now: int, lines: int, *, is_present: bool,
    ) -> Passbook:
        book = self._book
        day = book.calendar.day_of(now)
        rulebook = book.rulebook_on(day, rows)
        if rulebook is None:
            raise NotFound("rulebook in force on", day.isoformat())
        holding = holding_of(book, rows, rulebook, holder, now)
        can = spendable(rulebook, holding)
        main = rulebook.main_kind
        purse = can.purse(point_unit(main.code))
        lapse = passbook.next_expiry(holding.lots.get(purse.unit, ()), now)
        return Passbook(
            code=book.code_of(holder), holder=holder,
            available=as_points(can.total, main.decimals),
            **{name: as_points(amount, main.decimals) for name, amount in _figures(purse).items()
               if name in ("balance", "pending", "frozen", "held", "owed")},
            next_expiry=(book.calendar.day_of(lapse[0] - 1), as_points(lapse[1], main.decimals))
            if lapse else None,
            kinds={kind.code: {name: as_points(amount, kind.decimals) for name, amount
                               in _figures(can.purse(point_unit(kind.code))).items()}
                   for kind in rulebook.kinds},
            titles={kind.code: kind.title for kind in rulebook.kinds},
            reasons=can.why, ahead=announced(book, rows, rulebook, holder, now),
            sanctions=sanctions_of(book, rows, rulebook, holder, now),
            stars=self._stars(rows, rulebook, holder, day),
            lots={kind.code: self._shares(
                rows, holding.lots.get(point_unit(kind.code), ()), kind.decimals)
                for kind in rulebook.kinds},
            lines=lines_of(book, rows, rulebook, holder, lines,
                           is_present=is_present),
            as_of=book.calendar.local(now),
        )

    def _shares(self, rows: Rows, lots: Iterable[Lot], decimals: int) -> tuple[Share, ...]:
        calendar, hides = self._book.calendar, confidential(self._book)
        return tuple([
            Share(
                points=as_points(lot.free, decimals), held=as_points(lot.held, decimals),
                usable_from=calendar.day_of(lot.available_at) if lot.available_at else None,
                last_day=None if lot.ends_at == NEVER else calendar.day_of(lot.ends_at - 1),
                is_frozen=bool(lot.frozen),
                seq=0 if hides and self._is_hidden(rows, lot.id >> 12) else lot.id >> 12,
            )
            for lot in passbook.order(lots)
        ])

    def _is_hidden(self, rows: Rows, seq: int) -> bool:
        """Whether a lot came of a confidential deed; what the calendar did is not written yet."""
        found = rows.get(EntryRow, seq)
        return found is not None and is_hidden(self._book, Entry.from_bytes(found.body))

    def _stars(
        self, rows: Rows, rulebook: Rulebook, holder: str, day: date,
    ) -> tuple[str, ...]:
        if not rulebook.stars:
            return ()
        book = self._book
        credits = list(honours.public(book, rows.find(Credit, "by_holder", holder)))
        balances = {
            (holder, kind.code): listing.balance(book, rows, holder, point_unit(kind.code))
            for kind in rulebook.kinds if any(star.kind == kind.code and star.of == "balance"
                                              for star in rulebook.stars)}
        calendar = rulebook.calendar(book.calendar.zone)
        found = []
        for each in dict.fromkeys(star.each for star in rulebook.stars):
            reached = stars(rulebook, credits, calendar.period(day, each), each=each,
                            balances=balances)
            found += [star.code for star in reached.get(holder, ())]
        return tuple(found)


_PLAIN = tuple(field.name for field in attrs.fields(Passbook)
               if field.name not in ("as_of", "titles", "lots", "kinds", "reasons"))


def _again(known: tuple[Passbook, dict[str, Any]], as_of: datetime) -> Passbook:
    """A passbook that was shown before (and `_PLAIN` of it), at another moment, as a value of its
    own: what a caller does to the mappings of one is not seen in the next."""
    shown, plain = known
    return Passbook(
        as_of=as_of, titles={**shown.titles}, lots={**shown.lots},
        kinds={kind: {**figures} for kind, figures in shown.kinds.items()},
        reasons=tuple([(code, {**facts}) for code, facts in shown.reasons]), **plain)


def holders(book: Book) -> Iterator[Person]:
    """Everybody who has a passbook, by code: households first, then residents, then teams.

    Where the rulebook keeps passbooks with residents, a household has one only if it holds or
    owes points: from a rulebook before, or written in for the household itself.
    """
    rulebook = book.rulebook_on(book.calendar.day_of(book.now()))
    of_residents = rulebook is not None and rulebook.holder == "resident"
    for kind in ("household", "resident", "team"):
        for person in book.store.find(Person, "by_kind", kind):
            if kind == "household" and of_residents:
                own = passbook.passbook(person.id)
                if any(row.amount for account in (own, passbook.held(own),
                                                  passbook.owed(person.id))
                       for row in book.store.find(Balance, "", account)):
                    yield person
            elif kind == "team" or of_residents or holder_for(book, person) == person.id:
                yield person


def holder_for(
    book: Book, person: Person, now: int | None = None, rows: Rows | None = None,
) -> str:
    """Whose passbook a person uses today (or at `now`): the household's where the rulebook keeps
    it there."""
    today = book.calendar.day_of(book.now() if now is None else now)
    rulebook = book.rulebook_on(today, rows)
    if person.kind == "resident" and (rulebook is None or rulebook.holder == "household"):
        member = book.membership(person.id, today.isoformat(), rows)
        return (member.household if member else "") or person.id
    return person.id


def fold_due(book: Book, rows: Overlay, holder: str, now: int) -> None:
    """Project onto an overlay what the calendar owes a holder by `now`; nothing is written."""
    newest = rows.find(EntryRow, reverse=True, limit=1)  # of a refolded book, that of its moment
    seq, terms = newest[0].seq if newest else 0, book.terms(rows)
    while draft := next_due(rows, holder, now, terms, book.calendar, seq + 1):
        seq += 1
        rehearse(draft, seq, now, rows)


def refolded(book: Book, moment: int) -> Overlay:
    """The rows as they were at a moment: the journal folded again up to it."""
    rows = Overlay()
    for row in book.store.scan(EntryRow):
        if row.recorded_at > moment:
            break
        rows.put(row)
        project(Entry.from_bytes(row.body), rows)
    return rows


def holding_of(book: Book, rows: Rows, rulebook: Rulebook, holder: str, now: int) -> Holding:
    """What the core asks to know of a passbook before it says what may be spent."""
    lots: dict[str, list[Lot]] = {}
    for lot in awarding.passbook_lots(rows, holder):
        lots.setdefault(lot.unit, []).append(lot)
    units = {point_unit(kind.code) for kind in rulebook.kinds}
    return Holding(
        holder=holder, lots=lots,
        owed={unit: awarding.owed(rows, holder, unit) for unit in sorted(units | set(lots))},
        bars=[*rows.find(Bar, "", holder), *_standing_bars(book, rows, rulebook, holder, now)],
        now=now, calendar=rulebook.calendar(book.calendar.zone),
    )


def sanctions_of(
    book: Book, rows: Rows, rulebook: Rulebook, holder: str, now: int,
) -> tuple[str, ...]:
    """The codes of the sanctions that hold now: dated bars, and thresholds fallen below."""
    today = book.calendar.day_of(now).isoformat()
    dated = [bar.sanction for bar in rows.find(Bar, "", holder)
             if bar.sanction and bar.since <= today <= bar.until]
    standing = [bar.sanction for bar in _standing_bars(book, rows, rulebook, holder, now)]
    return tuple(dict.fromkeys([*dated, *standing]))


def _standing_bars(
    book: Book, rows: Rows, rulebook: Rulebook, holder: str, now: int,
) -> Iterator[Bar]:
    """Bars that a balance below a threshold brings with it for as long as it lasts."""
    today = book.calendar.day_of(now).isoformat()
    for sanction in rulebook.sanctions:
        if sanction.below is None or rows.get(Party, holder) is None:
            continue
        kind, unit = rulebook.kind(sanction.kind), point_unit(sanction.kind)
        below = to_minor(sanction.below, kind.decimals)
        back = below if sanction.restored_at is None else to_minor(sanction.restored_at,
                                                                  kind.decimals)
        if is_below(rows, holder, unit, below=below, restored_at=back,
                    shown=shown_balance(rows, holder, unit)):
            for what in sanction.bars or ("",):
                yield Bar(holder=holder, what=what, since=today, sanction=sanction.code, seq=0)


def _figures(purse: Purse) -> dict[str, int]:
    return {"balance": purse.shown, "available": purse.spendable, "pending": purse.pending,
            "frozen": purse.frozen, "held": purse.held, "owed": purse.owed}

