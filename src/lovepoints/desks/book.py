"""The open book that every desk is handed: its store, clock, secrets, names and calendar."""

from __future__ import annotations

import hmac
import time as _time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache

import attrs

from lovepoints.core.credentials.pins import COST
from lovepoints.core.credentials.tokens import card_key
from lovepoints.core.journal import Entry
from lovepoints.core.lineage import LINEAGE, absorbed, survivor
from lovepoints.core.overlay import Overlay
from lovepoints.core.passbooks.dues import Terms, in_force
from lovepoints.core.policy import SELF, STRICT, Actor, actor_code, resident_of
from lovepoints.core.rating.counters import Counters
from lovepoints.core.rating.facts import membership, rating_rulebook
from lovepoints.core.rating.honours import Place
from lovepoints.core.rows import (
    Appointment,
    Credit,
    EntryRow,
    Membership,
    Party,
    Person,
    RulebookRow,
    Sealed,
    Secret,
    Setting,
)
from lovepoints.core.rulebook import Rulebook
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.store import Rows, Store
from lovepoints.core.values import Calendar, Micros, micros
from lovepoints.errors import Code, NotFound, Refused, brief

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def uptime() -> int:
    """Microseconds since the machine was started, the same in all its programs; nobody sets it."""
    return _time.monotonic_ns() // 1000


_PREFIX = {"resident": "r", "household": "h", "staff": "s", "team": "t"}


@lru_cache(maxsize=16)
def _parsed(source: str, name: str) -> Rulebook:
    """A rulebook's text is read once in a program that opens its book for every request."""
    return parse(source, name=name).rulebook


@attrs.define(eq=False)
class Book:
    """One open book. `clock` gives whole microseconds, `random` gives n random bytes.

    `by` is who acts where a verb does not say. `policy` maps verbs to roles.
    """

    store: Store
    clock: Callable[[], int]
    random: Callable[[int], bytes] = attrs.field(repr=False)
    by: str | None = None
    policy: dict[str, frozenset[str]] = attrs.field(factory=lambda: dict(STRICT), repr=False)
    uptime: Callable[[], int] = uptime
    """Microseconds that nobody can set; waits after wrong tries are measured by it."""
    pepper: bytes = attrs.field(default=b"", repr=False)
    """A secret of the host, kept outside of the book, under which PINs and tokens are digested."""
    pin_cost: int = COST
    batch_depth: int = 0
    damage: str = ""
    """What was found to contradict itself; nothing is written while it stands."""
    said: dict[tuple[str, str | tuple[str, ...] | None], bytes] = attrs.field(
        factory=dict, repr=False)
    """Digests of short arguments, by name and value; see `command`."""
    lists: dict[tuple[object, ...], tuple[Place, ...]] = attrs.field(factory=dict, repr=False)
    """Lists of the best of days that have begun; see `honours`."""
    eve: tuple[int, int] = (-1, 0)
    """The midnight with which a day began, and the last entry before it; see `listing`."""
    _calendar: Calendar | None = None
    _secret: bytes = attrs.field(default=b"", repr=False)
    _rulebooks: dict[str, Rulebook] = attrs.field(factory=dict, repr=False)
    _counters: dict[str, Counters] = attrs.field(factory=dict, repr=False)
    _counted_at: int = -1
    _has_lineage: bool = False
    _terms: Terms | None = attrs.field(default=None, repr=False)
    _keeps_terms: bool = False

    # time

    def head(self) -> tuple[int, int]:
        """The newest entry's seq and recorded_at; zeros in an empty journal."""
        newest = self.store.find(EntryRow, reverse=True, limit=1)
        return (newest[0].seq, newest[0].recorded_at) if newest else (0, 0)

    def now(self) -> Micros:
        """The ledger's time: the clock, but always after the newest entry."""
        return Micros(max(self.clock(), self.head()[1] + 1))

    @property
    def calendar(self) -> Calendar:
        """The book's local calendar; its zone never changes."""
        if self._calendar is None:
            self._calendar = Calendar(self.title()["zone"])
        return self._calendar

    def title(self) -> dict[str, str]:
        """The book's name, zone and origin, as founded."""
        found = self.store.get(Setting, "book")
        if found is None:
            raise NotFound("book", "this store has not been founded; use lovepoints.create()")
        return dict(found.value)

    def moment(self, at: datetime | date | None, now: int) -> int:
        """`at` as an instant: left out is now, a day is its noon (today: now).

        Raises:
            ValueError: a naive or a future moment.
        """
        if at is None:
            return now
        if isinstance(at, datetime):
            moment = micros(at)
        elif isinstance(at, date):
            today = self.calendar.day_of(now)
            moment = Micros(now) if at == today else self.calendar.instant(at, time(12))
        else:
            raise TypeError(f"at= takes an aware datetime or a date, not {brief(at)}")
        if moment > now:
            raise ValueError(f"at={at} lies in the future; nothing can have happened then")
        return moment

    # secrets and names

    def sealed(self, text: str, purpose: str) -> str:
        """A keyed digest of `text`, so that equal texts can be told without being kept."""
        return hmac.digest(self.secret(), f"{purpose}\0{text}".encode(), "sha256").hex()[:32]

    def secret(self) -> bytes:
        """The book's own random key."""
        if not self._secret:
            found = self.store.get(Secret, "book")
            if found is None:
                raise NotFound("book", "this store has not been founded; use lovepoints.create()")
            self._secret = found.value
        return self._secret

    def card_key(self) -> bytes:
        """The key of cards, PINs and codes.

        Raises:
            ValueError: those of this book were made with another pepper, or without one.
        """
        key = card_key(self.secret(), self.pepper)
        kept = self.store.get(Secret, "pepper")
        if kept is not None and not hmac.compare_digest(kept.value, _mark(key)):
            raise ValueError("the cards and PINs of this book were made with another pepper; "
                             "pass the same pepper= to open()")
        return key

    def keep_pepper(self) -> None:
        """Remember, with the first card, PIN or code, under which pepper they are made."""
        if self.store.get(Secret, "pepper") is None:
            self.store.put(Secret(name="pepper", value=_mark(self.card_key())))

    def fresh_id(self, kind: str) -> str:
        """A random pseudonym for a new party of this kind."""
        while True:
            letters = "".join(_ALPHABET[byte & 31] for byte in self.random(8))
            if self.store.get(Person, name := f"{_PREFIX[kind]}-{letters}") is None:
                return name

    def person(self, code: str, *kinds: str) -> Person:
        """Who is known by this code; NotFound if nobody, or nobody of these kinds."""
        found = self.store.find(Person, "by_code", actor_code(code), limit=1)
        if not found or (kinds and found[0].kind not in kinds):
            raise NotFound(" or ".join(kinds) or "person", code)
        return self._in_place_of(found[0])

    def _in_place_of(self, person: Person) -> Person:
        """Who goes on in the place of somebody who was merged: the old code answers still."""
        if (into := self.survivor(person.id)) == person.id:
            return person
        return self.store.get(Person, into) or person

    def code_of(self, party: str) -> str:
        """The code that people know for a pseudonym; "" once the person is erased."""
        found = self.store.get(Person, party)
        return found.code if found else ""

    def actor(self, by: str | None, day: date) -> Actor:
        """The actor with the roles held on `day`.

        Raises:
            TypeError: nobody was named. NotFound: nobody is enrolled or appointed by that code.
        """
        code = by if by is not None else self.by
        if code is None:
            raise TypeError("say who acts: by=... here, or by=... when the book is opened")
        person = self.person(code, "staff", "resident")
        today = day.isoformat()
        terms = self.store.find(Appointment, "", person.id)
        roles = {term.role for term in terms if term.since <= today <= term.until}
        resident = resident_of(terms)
        if resident:
            resident = self.survivor(resident)
        if person.kind == "resident":
            resident = person.id
            party = self.store.get(Party, person.id)
            if party and party.closed >= today:
                roles.add(SELF)
        return Actor(id=person.id, code=code, roles=frozenset(roles), resident=resident,
                     household=self.household_of(resident, today) if resident else "")

    def may_read(self, what: str, by: str | None) -> bool:
        """Whether who asks (left out: whoever acts by default) holds a role that the policy gives
        for reading this."""
        actor = self.actor(by, self.calendar.day_of(self.now()))
        return bool(actor.role(self.policy.get(what, frozenset()) - {SELF}))

    def check_reader(self, what: str, by: str | None) -> None:
        """Refused (not_permitted) where who asks may not read this."""
        if not self.may_read(what, by):
            raise Refused(Code.NOT_PERMITTED, {
                "verb": what, "roles": sorted(self.policy.get(what, frozenset()))})

    def is_herself(self, by: str | None, resident: str) -> bool:
        """Whether who asks (left out: whoever acts by default) is this resident."""
        code = by if by is not None else self.by
        if code is None:
            return False
        person = self.person(code, "staff", "resident")
        return resident in (person.id, self.resident_behind(person.id))

    def resident_behind(self, actor: str) -> str:
        """The resident record of an officer by pseudonym; "" if none is known."""
        return self.survivor(resident_of(self.store.find(Appointment, "", actor)))

    def words_about(self, subject: str) -> dict[str, str]:
        """The words that were kept about a subject, and with each of its entries; of those that
        were said again the newest."""
        rows = [*self.store.find(Sealed, "", subject),
                *self.store.find(Sealed, "", low=f"{subject}#", high=f"{subject}#~")]
        rows.sort(key=_turn)
        return {name: str(value) for row in rows for name, value in row.details.items()}

    def membership(self, resident: str, day: str, rows: Rows | None = None) -> Membership | None:
        """Where a resident belonged on an ISO day."""
        return membership(rows or self.store, resident, day)

    def household_of(self, resident: str, day: str) -> str:
        """The household of a resident on an ISO day; "" if she had none."""
        found = self.membership(resident, day)
        return found.household if found else ""

    # rulebooks

    def rulebook(self, digest: str) -> Rulebook:
        """The adopted rulebook with this digest; NotFound if there is none."""
        if digest not in self._rulebooks:
            rows = self.store.find(RulebookRow, "", digest, limit=1)
            if not rows:
                raise NotFound("rulebook", digest)
            self._rulebooks[digest] = _parsed(rows[0].text, rows[0].title)
        return self._rulebooks[digest]

    def remember(self, rulebook: Rulebook) -> None:
        """Keep a rulebook that was read already, so that its text need not be read again."""
        self._rulebooks[rulebook.digest] = rulebook

    def rulebook_on(self, day: date, rows: Rows | None = None) -> Rulebook | None:
        """The rulebook in force on a day: the latest effective one, of those the latest adopted."""
        return in_force(self.terms(rows), day)

    def terms(self, rows: Rows | None = None) -> Terms:
        """Every adopted rulebook with the ISO day from which it is effective, in that order.

        Inside one transaction they are read once; between two, another program may adopt one.
        """
        asked = rows.holding(RulebookRow) if isinstance(rows, Overlay) else rows or self.store
        if asked is self.store and self._keeps_terms and self._terms is not None:
            return self._terms
        found = tuple((row.effective, self.rulebook(row.digest))
                      for row in asked.find(RulebookRow, "by_effective"))
        if asked is self.store:
            self._terms = found
        return found

    def forget_terms(self) -> None:
        """Read the rulebooks again: one was adopted, or an adoption was undone."""
        self._terms = None

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """While it lasts, the book's state changes by our own verbs only."""
        self._terms, self._keeps_terms = None, True
        try:
            yield
        finally:
            self._terms, self._keeps_terms = None, False

    def rating_rulebook(
        self, deed_day: date, reported_on: date, decided_on: date,
    ) -> tuple[Rulebook | None, date]:
        """The rulebook that rates a deed and the day that counts, by its own `counts_on`.

        The rulebook in force on the deed's day says which day it is; before the first one, that
        of the decision does.
        """
        return rating_rulebook(self.terms(), deed_day, reported_on, decided_on)

    # what limits have used

    def counters(self, rulebook: Rulebook) -> Counters | None:
        """What the limits of a rulebook have used, as far as it is known; None in a book with
        merged or split households, whose credits are added up as ever."""
        if self.has_lineage:
            return None
        found = self._counters.get(rulebook.digest)
        if found is None:
            found = Counters(rulebook, rulebook.calendar(self.calendar.zone))
            self._counters[rulebook.digest] = found
        return found

    @property
    def has_lineage(self) -> bool:
        """Whether anybody was ever merged or split off; asked once, as long as nobody else
        writes."""
        if self._counted_at != self.store.epoch:
            self._counters, self._counted_at = {}, self.store.epoch
            self._has_lineage = self.store.get(Setting, LINEAGE) is not None
        return self._has_lineage

    def survivor(self, party: str) -> str:
        """The party that goes on in the place of this one."""
        return survivor(self.store, party) if party and self.has_lineage else party

    def records(self, party: str) -> tuple[str, ...]:
        """The ids under which a party is known: its own, and those that were merged into it."""
        return (party, *(absorbed(self.store, party) if self.has_lineage else ()))

    def count(self, entry: Entry) -> None:
        """Count the credits of an entry that was just written; where it changes earlier ones, what
        is known of limits is forgotten."""
        if entry.kind in ("merge", "split", "unite"):
            self._has_lineage = True
        changes = entry.details.get("rows", {}).get("credit", ())
        if not changes:
            return
        if entry.kind not in ("confirm", "report") or any("rule" not in one for one in changes):
            self._counters = {}
        credits = [Credit(**{"seq": entry.seq, **one}) for one in changes] if self._counters else []
        for counters in self._counters.values():
            counters.add(credits)

    # reading

    def entry(self, seq: int) -> Entry:
        """The entry at this place; NotFound if the journal is shorter."""
        found = self.store.get(EntryRow, seq)
        if found is None:
            raise NotFound("entry", seq)
        return Entry.from_bytes(found.body)

    def entries_about(self, subject: str) -> tuple[Entry, ...]:
        """The entries about a deed, redemption or party, oldest first."""
        return tuple(Entry.from_bytes(row.body)
                     for row in self.store.find(EntryRow, "by_subject", subject))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads that see one state of the book."""
        if self.batch_depth:
            yield
        else:
            with self.store.reading(), self.one_state():
                yield

    def overlay(self) -> Overlay:
        """A scratch layer over the book's rows; nothing on it is ever written."""
        return Overlay(self.store)


def _mark(key: bytes) -> bytes:
    """By which a key is known again; it tells nothing of the key."""
    return hmac.digest(key, b"mark", "sha256")


def _turn(row: Sealed) -> int:
    """After which entry words were kept; 0 for those of the first."""
    return int(row.subject.partition("#")[2] or 0)
