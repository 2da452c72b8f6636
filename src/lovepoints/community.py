"""Community: one open book and its desks."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from os import PathLike
from typing import Any, Protocol

import attrs

from lovepoints.core import text
from lovepoints.core.credentials.pins import COST, checked_cost
from lovepoints.core.journal import Draft, entered, sealed_digest
from lovepoints.core.policy import ADMIN, policy_with
from lovepoints.core.projecting import append
from lovepoints.core.rows import Person, Sealed, Secret, Setting
from lovepoints.core.store import Store
from lovepoints.core.values import Calendar
from lovepoints.desks.activities import Activities
from lovepoints.desks.aid import Aid
from lovepoints.desks.book import Book, uptime
from lovepoints.desks.books import Books
from lovepoints.desks.cards import Cards
from lovepoints.desks.command import writing
from lovepoints.desks.deeds import Deeds
from lovepoints.desks.feed import Feed
from lovepoints.desks.figures import Figures
from lovepoints.desks.funds import Funds
from lovepoints.desks.households import Households
from lovepoints.desks.notices import Notices
from lovepoints.desks.passbooks import Passbooks
from lovepoints.desks.privacy import Privacy
from lovepoints.desks.residents import Residents
from lovepoints.desks.rotas import Rotas
from lovepoints.desks.rulebooks import Rulebooks
from lovepoints.desks.shop import Shop
from lovepoints.desks.tasks import Tasks
from lovepoints.desks.teams import Teams
from lovepoints.errors import StoreError

Clock = Callable[[], int]
"""Whole microseconds since 1970 in UTC."""
Random = Callable[[int], bytes]
"""n random bytes."""
Policy = Mapping[str, Iterable[str]]
"""Roles by verb."""


class Connection(Protocol):
    """A live DB-API connection to SQLite, of a host program."""

    def execute(self, sql: str, /) -> Any:  # Any: a cursor of the host's driver
        """Run one statement."""


def system_clock() -> int:
    """The machine's time in whole microseconds."""
    return time.time_ns() // 1000


@attrs.frozen(eq=False)
class Community:
    """The open book of one community; it hands out the desks.

    Use it as a context manager, or call `close()`.
    """

    _book: Book = attrs.field(repr=False)
    residents: Residents = attrs.field(init=False, repr=False)
    households: Households = attrs.field(init=False, repr=False)
    rulebooks: Rulebooks = attrs.field(init=False, repr=False)
    deeds: Deeds = attrs.field(init=False, repr=False)
    passbooks: Passbooks = attrs.field(init=False, repr=False)
    cards: Cards = attrs.field(init=False, repr=False)
    shop: Shop = attrs.field(init=False, repr=False)
    books: Books = attrs.field(init=False, repr=False)
    privacy: Privacy = attrs.field(init=False, repr=False)
    notices: Notices = attrs.field(init=False, repr=False)
    tasks: Tasks = attrs.field(init=False, repr=False)
    teams: Teams = attrs.field(init=False, repr=False)
    activities: Activities = attrs.field(init=False, repr=False)
    rotas: Rotas = attrs.field(init=False, repr=False)
    aid: Aid = attrs.field(init=False, repr=False)
    funds: Funds = attrs.field(init=False, repr=False)
    feed: Feed = attrs.field(init=False, repr=False)
    figures: Figures = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for name, desk in (("residents", Residents), ("households", Households),
                           ("rulebooks", Rulebooks), ("deeds", Deeds),
                           ("passbooks", Passbooks), ("cards", Cards), ("shop", Shop),
                           ("books", Books), ("privacy", Privacy),
                           ("notices", Notices), ("tasks", Tasks), ("teams", Teams),
                           ("activities", Activities), ("rotas", Rotas), ("aid", Aid),
                           ("funds", Funds), ("feed", Feed), ("figures", Figures)):
            object.__setattr__(self, name, desk(self._book))

    @property
    def name(self) -> str:
        """The community's name."""
        return self._book.title()["name"]

    @property
    def calendar(self) -> Calendar:
        """The local calendar; its zone was fixed when the book was founded."""
        return self._book.calendar

    @contextmanager
    def batch(self) -> Iterator[Community]:
        """Many verbs, one transaction, durable at the end of the block.

        A refused verb undoes itself only; any other exception that leaves the block undoes the
        whole batch, of a batch inside another one just that.
        """
        # The outermost one is undone with its transaction. A savepoint around it would have to be
        # undone as well, row by row: then nothing of a long batch could be let go in its midst.
        alone = self._book.store.verb() if self._book.batch_depth else nullcontext()
        with writing(self._book), alone:
            self._book.batch_depth += 1
            try:
                yield self
            finally:
                self._book.batch_depth -= 1
                self._book.forget_terms()

    def describe(self) -> Mapping[str, str]:
        """Name, zone, size, newest entry, engine and weaknesses, as `lovepoints doctor` prints
        them."""
        title, (seq, recorded_at) = self._book.title(), self._book.head()
        newest = self.calendar.local(recorded_at).isoformat(" ", "minutes")
        return {"name": title["name"], "zone": title["zone"], "entries": str(seq),
                "newest_entry": newest, **self._book.store.describe()}

    def close(self) -> None:
        """Let go of the book; a host's connection stays open."""
        self._book.store.close()

    def __enter__(self) -> Community:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(
    target: str | PathLike[str] | Connection, *, name: str, admin: str, zone: str = "Asia/Shanghai",
    clock: Clock = system_clock, random: Random = secrets.token_bytes,
) -> None:
    """Found the book of a community: a new SQLite file, or tables in a host's database.

    `admin` is the code of the first administrator ("staff:zhao"), who appoints everybody else.
    `zone` fixes the local calendar for ever.

    Raises:
        StoreError: the file exists, or cannot be made.
    """
    from lovepoints.stores import sqlite

    name, admin = text.code(name, "name"), text.code(admin, "admin")
    Calendar(zone).day_of(0)  # an unknown zone is an error before there is a file
    path = target if isinstance(target, str | PathLike) else None
    store: Store = sqlite.create(path) if path is not None else sqlite.join(target)
    try:
        found(store, name=name, admin=admin, zone=zone, clock=clock, random=random)
    except BaseException:
        store.close()
        if path is not None:
            sqlite.discard(path)
        raise
    store.close()


def open(
    target: str | PathLike[str] | Connection, *, by: str | None = None, readonly: bool = False,
    clock: Clock = system_clock, random: Random = secrets.token_bytes, pepper: bytes = b"",
    pin_cost: int = COST, policy: Policy | None = None,
) -> Community:
    """Open a book: a file's path, or a host's live connection, whose transaction is joined.

    `by` is who acts where a verb does not say. Never creates anything. `pepper` is a secret that
    the host keeps outside of the book; without it nobody can try PINs on a stolen file.
    `pin_cost` is scrypt's n for PINs set from now on. `policy` gives other roles than the strict
    table for some verbs ({"give": {"committee", "nurse"}}); what a rulebook names, and that nobody
    confirms her own, stays.

    Raises:
        StoreError: missing, not a book, a newer book, read-only ...
        ValueError: a verb that no policy knows.
    """
    from lovepoints.stores import sqlite

    if isinstance(target, str | PathLike):
        store: Store = sqlite.open_(target, readonly=readonly)
    else:
        store = sqlite.join(target)
    return opened(store, by=by, clock=clock, random=random, pepper=pepper, pin_cost=pin_cost,
                  policy=policy)


def opened(
    store: Store, *, by: str | None = None, clock: Clock = system_clock,
    random: Random = secrets.token_bytes, pepper: bytes = b"", pin_cost: int = COST,
    uptime: Clock = uptime, policy: Policy | None = None,
) -> Community:
    """The community in a store that is open already; `uptime` as `desks.book.uptime`."""
    if not isinstance(pepper, bytes):
        raise TypeError("pepper= is bytes")
    book = Book(store=store, clock=clock, random=random, by=by, pepper=pepper, uptime=uptime,
                pin_cost=checked_cost(pin_cost), policy=policy_with(policy or {}))
    try:
        book.title()
    except LookupError:
        raise StoreError("not_a_book", "no community was founded here; use lovepoints.create()") \
            from None
    return Community(book)


def found(
    store: Store, *, name: str, admin: str, zone: str = "Asia/Shanghai",
    clock: Clock = system_clock, random: Random = secrets.token_bytes,
) -> None:
    """Write the first entries of a new book: what it is called, and who may appoint."""
    Calendar(zone).day_of(0)  # an unknown zone is an error now, not at the first deed
    name, admin = text.code(name, "name"), text.code(admin, "admin")
    book = Book(store=store, clock=clock, random=random)
    with store.writing():
        if store.get(Setting, "book") is not None:
            raise StoreError("exists", "a community was founded here already")
        store.put(Secret(name="book", value=random(32)))
        party = book.fresh_id("staff")
        store.put(Person(id=party, kind="staff", code=admin))
        seal = Sealed(subject=party, key=random(16), details={"code": admin})
        store.put(seal)
        now = clock()
        day = Calendar(zone).day_of(now).isoformat()
        origin = random(16).hex()
        for place, draft in enumerate(_founding(now, day, name, zone, origin, seal)):
            append(entered(draft, seq=place + 1, key=f"lp:found:{place + 1}",
                           recorded_at=now + place, by=party, role=ADMIN), store)


def _founding(
    now: int, day: str, name: str, zone: str, origin: str, seal: Sealed,
) -> tuple[Draft, Draft]:
    admin = seal.subject
    value = {"name": name, "zone": zone, "origin": origin}
    return (
        Draft(kind="found", subject="book", at=now, day=day,
              details={"rows": {"setting": [{"name": "book", "value": value}]}}),
        Draft(kind="appoint", subject=admin, at=now, day=day, details={"rows": {
            "party": [{"id": admin, "kind": "staff", "opened": day}],
            "appointment": [{"actor": admin, "role": ADMIN, "area": "", "since": day}],
        }, "sealed": {admin: sealed_digest(seal.key, seal.details)}}),
    )
