"""One verb in one transaction: the key, the actor, the decision, the entries.

The shape is always *begin -> key -> load -> decide -> append and project -> return*. A refusal
undoes what the verb wrote, keeps its key's row, and is raised once that is safe.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, overload

import attrs

from lovepoints.core.closing import closed_until
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft, Entry, canonical_bytes, entered, sealed_digest
from lovepoints.core.passbooks.dues import next_due
from lovepoints.core.policy import LEDGER, SELF, Actor
from lovepoints.core.privacy import check_words
from lovepoints.core.projecting import append
from lovepoints.core.rows import EntryRow, KeyRow, Sealed
from lovepoints.core.values import CODE_MAX
from lovepoints.desks.book import Book
from lovepoints.errors import BookDamaged, Code, Conflict, Refused, brief

UNRECORDED = (Code.LIMIT_EXCEEDED, Code.LEDGER_READONLY, Code.NOT_PERMITTED, Code.LOCKED,
              Code.TRY_LATER, Code.NOT_RECOGNISED, Code.CARD_NOT_VALID)
"""Refusals from before the key is looked at; they leave nothing behind."""

T = TypeVar("T")
_USUAL = (str, tuple, type(None))
JOINING = ("merge", "unite")
"""Entries after which the calendar carries a passbook over."""
SAID_MAX = 1000
"""So many digests of short arguments an open book remembers."""
Roles = Callable[[], "frozenset[str] | None"]
Said = Mapping[str, Any]  # Any: what a caller said, by the name of the argument
Decide = Callable[["Command"], "Draft | Refusal"]


@attrs.frozen(kw_only=True)
class Answer:
    """What a verb wrote: its main entry, and whether it was written by an earlier call."""

    entry: Entry
    key: str
    is_repeat: bool = False


@attrs.define(eq=False)
class Command:
    """A verb while it runs: who says it, when, and the way to write."""

    book: Book
    verb: str
    actor: Actor
    role: str
    now: int
    at: int
    key: str
    _seq: int
    written: list[Entry] = attrs.field(factory=list)
    seals: dict[str, str] = attrs.field(factory=dict)
    """By subject the digests of what was sealed; the verb's entry carries them."""
    day: date = attrs.field(init=False)
    """The local day on which what is said happened."""
    today: date = attrs.field(init=False)
    """The local day of the ledger's time."""
    _settled: dict[str, None] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.day = self.book.calendar.day_of(self.at)
        self.today = self.book.calendar.day_of(self.now)

    @property
    def next_seq(self) -> int:
        """The place that the next entry will have; ids of deeds and redemptions come from it."""
        return self._seq + 1

    def write(self, draft: Draft, *, key: str = "", system: bool = False) -> Entry:
        """Number, hash, append and project a draft."""
        self._seq += 1
        entry = entered(
            draft, seq=self._seq, key=key or f"lp:{draft.kind}:{self._seq}",
            recorded_at=self.now + len(self.written),
            by="lp" if system else self.actor.id, role=LEDGER if system else self.role,
        )
        append(entry, self.book.store)
        self.book.count(entry)
        if entry.kind == "adopt":
            self.book.forget_terms()
        self.written.append(entry)
        return entry

    def dated(self, day: str) -> str:
        """The day of an entry about a deed that counts on `day`: that day, or the day on which
        it is said where the other one is closed."""
        is_closed = day < self.today.isoformat() and day <= closed_until(self.book.store)
        return self.day.isoformat() if is_closed else day

    def settle(self, holder: str) -> None:
        """Write what the calendar owes this holder, so that the decision meets today's passbook."""
        self._settled[holder] = None
        while draft := next_due(self.book.store, holder, self.now, self.book.terms(),
                                self.book.calendar, self.next_seq):
            self.write(draft, system=True)

    def settle_again(self, entry: Entry) -> None:
        """After a decision that moved something: debts that its credits can pay, and what it
        made due at once."""
        changed = entry.details.get("rows", {})
        if entry.postings or entry.kind in JOINING or not {"lot", "due"}.isdisjoint(changed):
            for holder in tuple(self._settled):
                self.settle(holder)

    def own(self, *parties: str) -> Refusal | None:
        """The refusal of what nobody decides about herself or her household: one of these parties
        is the actor, or lives with her today."""
        today, actor = self.today.isoformat(), self.actor
        theirs = {*parties, *(self.book.household_of(one, today) for one in parties)}
        if theirs & ({actor.id, actor.resident, actor.household} - {""}):
            return Refusal(Code.SELF_CONFIRMATION, {"who": "holder"})
        return None

    def draft(
        self, kind: str, subject: str, rows: Mapping[str, Any], **details: Any,  # Any: JSON values
    ) -> Draft:
        """The draft of an entry that changes these rows and moves nothing."""
        return Draft(kind=kind, subject=subject, at=self.at, day=self.day.isoformat(),
                     details={"rows": rows, **details})

    def seal(self, subject: str, personal: Mapping[str, Any]) -> None:  # Any: plain JSON values
        """Keep what somebody wrote about a subject outside the journal; its digest goes in."""
        if kept := {name: value for name, value in personal.items() if value not in ("", None)}:
            check_words(subject, kept)
            key = self.book.random(16)
            self.book.store.put(Sealed(subject=subject, key=key, details=kept))
            self.seals[subject] = sealed_digest(key, kept)


@overload
def perform(
    book: Book, verb: str, decide: Decide, said: Said, *,
    by: str | None, at: datetime | date | None, key: str | None, roles: Roles | None = None,
) -> Answer:
    """What the verb wrote."""


@overload
def perform(
    book: Book, verb: str, decide: Decide, said: Said, *,
    by: str | None, at: datetime | date | None, key: str | None, roles: Roles | None = None,
    tell: Callable[[Answer], T],
) -> T:
    """What `tell` makes of what the verb wrote."""


def perform(
    book: Book, verb: str, decide: Decide, said: Said, *,
    by: str | None, at: datetime | date | None, key: str | None,
    roles: Roles | None = None, tell: Callable[[Answer], Any] | None = None,
) -> Any:  # Any: what `tell` makes of the answer; see the overloads
    """Say one verb, and `tell` what it wrote while the book still stands as it left it.

    `roles` gives others than the policy's, for verbs whose roles the rulebook names.
    """
    key = _checked_key(book, key)
    sealed = book.sealed(key, "key")
    refused: Refused
    with writing(book):
        try:
            with book.store.verb():
                command = _begin(book, verb, by, at, key, roles and roles())
                answer = (_repeat(book, verb, sealed, key, said)
                          or _carry_out(command, decide, sealed, said))
            return tell(answer) if tell else answer
        except Refused as no:
            refused = Refused(no.code, no.facts, key=key, is_repeat=no.is_repeat)
            book.forget_terms()
            if no.code not in UNRECORDED and not no.is_repeat:
                book.store.put(KeyRow(
                    key=sealed, verb=verb, digest=_digest(book, verb, said), code=no.code,
                    facts=plain(no.facts), recorded_at=book.now(),
                ))
    raise refused


@contextmanager
def unkeyed(book: Book, verb: str, by: str | None) -> Iterator[Command]:
    """A verb whose effect stays, whatever the answer: the caller raises outside of it."""
    with writing(book), book.store.verb():
        yield _begin(book, verb, by, None, "", None)


def is_used(book: Book, key: str | None) -> bool:
    """Whether a call with this key was answered before."""
    return key is not None and book.store.get(
        KeyRow, book.sealed(_checked_key(book, key), "key")) is not None


@contextmanager
def writing(book: Book) -> Iterator[None]:
    """The book's one write transaction: a new one, or that of the batch around it."""
    if book.damage or not book.store.is_writable:
        raise Refused(Code.LEDGER_READONLY, {"what": book.damage} if book.damage else {})
    try:
        if book.batch_depth:
            yield
            return
        with book.store.writing(), book.one_state():
            yield
    except BookDamaged as error:
        book.damage = str(error)
        raise


def check_day(day: object, what: str) -> None:
    """A TypeError where something else than a day (or None) was said."""
    if isinstance(day, datetime) or not isinstance(day, date | None):
        raise TypeError(f"{what}= takes a date, not {brief(day)}")


def said_day(day: object, what: str) -> date:
    """The day that was said; a TypeError for anything else, nothing included."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError(f"{what}= takes a date, not {brief(day)}")
    return day


def check_order(first: str, last: str, remedy: str = "") -> None:
    """A ValueError where an ISO last day lies before the first one."""
    if last < first:
        raise ValueError(f"the last day {last} lies before {first}{remedy}")


def _begin(
    book: Book, verb: str, by: str | None, at: datetime | date | None, key: str,
    roles: frozenset[str] | None,
) -> Command:
    seq, recorded_at = book.head()
    now = max(book.clock(), recorded_at + 1)
    actor = book.actor(by, book.calendar.day_of(now))
    wanted = book.policy.get(verb, frozenset()) if roles is None else roles
    role = actor.role(wanted - {SELF}) or actor.role(wanted)
    if not role:
        raise Refused(Code.NOT_PERMITTED, {"verb": verb, "roles": sorted(wanted)})
    return Command(book=book, verb=verb, actor=actor, role=role, now=now,
                   at=book.moment(at, now), key=key, seq=seq)


def _carry_out(command: Command, decide: Decide, sealed: str, said: Said) -> Answer:
    _check_open(command, command.day.isoformat())
    outcome = decide(command)
    if isinstance(outcome, Refusal):
        raise Refused(outcome.code, outcome.facts)
    _check_open(command, outcome.day)
    if command.seals:
        outcome = attrs.evolve(outcome, details={**outcome.details, "sealed": command.seals})
    entry = command.write(outcome, key=sealed)
    command.settle_again(entry)
    command.book.store.put(KeyRow(
        key=sealed, verb=command.verb, digest=_digest(command.book, command.verb, said),
        seq=entry.seq, recorded_at=entry.recorded_at,
    ))
    return Answer(entry=entry, key=command.key)


def _check_open(command: Command, day: str) -> None:
    """A refusal where somebody wants something dated into a closed period."""
    if day < command.today.isoformat() and day <= (until := closed_until(command.book.store)):
        raise Refused(Code.PERIOD_SEALED, {"day": day, "until": until})


def _repeat(book: Book, verb: str, sealed: str, key: str, said: Said) -> Answer | None:
    """The first answer, the first refusal, or a conflict, if the key was used before."""
    row = book.store.get(KeyRow, sealed)
    if row is None:
        return None
    if not row.digest:
        raise Conflict(key, "")  # what it asked was erased; the key stays used
    if row.digest != (digest := _digest(book, verb, said)):
        raise Conflict(key, _first_difference(row.digest, digest, ("verb", *said)))
    if row.code:
        raise Refused(Code(row.code), row.facts, key=key, is_repeat=True)
    found = book.store.get(EntryRow, row.seq)
    assert found is not None, "a key row names an entry of its own transaction"
    return Answer(entry=Entry.from_bytes(found.body), key=key, is_repeat=True)


def _checked_key(book: Book, key: str | None) -> str:
    if key is None:
        return "k-" + book.random(12).hex()
    if not isinstance(key, str):
        raise TypeError(f"key= is text, not {brief(key)}")
    if not 1 <= len(key) <= CODE_MAX * 2 or key.startswith("lp:"):
        raise ValueError(f'a key has 1 to {CODE_MAX * 2} characters and never begins with "lp:"')
    if any("\ud800" <= letter <= "\udfff" for letter in key):
        raise ValueError(f"key {brief(key)} holds half of a surrogate pair")
    return key


def _digest(book: Book, verb: str, said: Said) -> bytes:
    """32 bytes over everything said, then 8 for the verb and each argument in declared order."""
    mac = [_field_digest(book, name, value) for name, value in (("verb", verb), *said.items())]
    return hmac.digest(book.secret(), b"".join(mac), "sha256") + b"".join(one[:8] for one in mac)


NAMING = ("code", "name", "phone", "resident", "holder", "giver", "to", "actor", "household",
          "proxy", "guardian")
"""The arguments of verbs that may name somebody."""


def guessed(book: Book, values: Iterable[str]) -> frozenset[bytes]:
    """The parts of request digests that these texts give: whoever knows a phone number and has
    the book's file can look for it in the register."""
    fields = (canonical_bytes({"name": name, "value": plain(value)})
              for name in NAMING for value in values)
    return frozenset(hmac.digest(book.secret(), field, "sha256")[:8] for field in fields)


def _field_digest(book: Book, name: str, value: Any) -> bytes:  # Any: what callers say
    """The digest of one argument. What is said again and again (nothing, a role, a grade) is
    remembered by the open book."""
    is_usual = not value or name == "verb" or (type(value) is tuple and len(value) == 1)
    if is_usual and type(value) in _USUAL and (known := book.said.get((name, value))):
        return known
    field = canonical_bytes({"name": name, "value": plain(value)})
    found = hmac.digest(book.secret(), field, "sha256")
    if is_usual and type(value) in _USUAL and len(book.said) < SAID_MAX:
        book.said[name, value] = found
    return found


def _first_difference(old: bytes, new: bytes, names: tuple[str, ...]) -> str:
    for place, name in enumerate(names):
        part = slice(32 + place * 8, 40 + place * 8)
        if old[part] != new[part]:
            return name
    return names[-1]


def plain(value: Any) -> Any:  # Any: what callers say -> canonical JSON
    """A said value as canonical JSON: decimals as text, days in ISO form, None as ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_ascii(str(name)): plain(inner) for name, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(inner) for inner in value), key=canonical_bytes)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    raise TypeError(f"{brief(value)} cannot be part of a request")


def _ascii(name: str) -> str:
    return name if name.isascii() else name.encode("unicode_escape").decode()
