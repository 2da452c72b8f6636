"""One try at a PIN or code: counted durably, then looked at, then given back if it was right.

Who asks for somebody that is not there meets the same counts, waits, words and work as who asks
for a neighbour, so that no answer tells whether the person exists.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from lovepoints.core.card_rows import Credential, Pin, Tries
from lovepoints.core.credentials import patience, tokens
from lovepoints.core.credentials.patience import DEVICE, PERSON
from lovepoints.core.credentials.pins import Hidden, Stretching, fits
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, unkeyed
from lovepoints.errors import Code, Refused

UNKNOWN = "?"
"""Begins, after its kind, the subject of a try for somebody who is not there."""


@attrs.frozen(kw_only=True)
class Target:
    """What is tried: its subject, what it is about ("" for nobody), whether what was typed fits."""

    subject: str
    about: str = ""
    fits: Callable[[], bool] = attrs.field(repr=False)


Look = Callable[[Command], Target]


def attempt(book: Book, verb: str, look: Look, *, device: str, by: str | None) -> Target:
    """Let one try through, and return what it was at if it fits.

    Raises:
        Refused: locked, try_later, not_recognised. RuntimeError: inside a batch or a host's
            transaction, which could take the count back.
    """
    check_durable(book, verb)
    with unkeyed(book, verb, by) as command:
        target = look(command)
        place = device_of(book, device or command.actor.code)
        refusal, wrong = _count(command, target, place)
    if refusal:
        raise Refused(refusal.code, refusal.facts)
    if target.fits() and target.about:
        with unkeyed(book, verb, by) as command:
            _give_back(command, target.subject, place)
        return target
    if wrong >= PERSON.most or _wrong_at(book, place) >= DEVICE.most:
        with unkeyed(book, verb, by) as command:
            _lock(command, target, place)
    raise Refused(Code.NOT_RECOGNISED, {"left": PERSON.most - wrong})


def check_durable(book: Book, verb: str) -> None:
    """A RuntimeError where what is written now could be undone after the answer is out."""
    if book.batch_depth or book.store.is_inside_host:
        raise RuntimeError(f"{verb}() is called outside of batch() and of a host's transaction: "
                           "a try must stay counted when they are undone")


def device_of(book: Book, device: str) -> str:
    """The subject of a device; its name may be a person's and is kept as a keyed digest."""
    return "device:" + book.sealed(device, "device")


def nobody(book: Book, kind: str, name: str) -> str:
    """The subject of somebody who is not there, by what was said."""
    return f"{kind}:{UNKNOWN}" + book.sealed(name, "nobody")


def pin_fits(book: Book, party: str, pin: Hidden) -> Callable[[], bool]:
    """Whether a PIN is that of a party; the same work if there is none."""
    key, row = book.card_key(), book.store.get(Pin, party) if party else None
    kept = (row.salt, row.hash, Stretching(
        cost=row.cost, block=row.block, lanes=row.lanes)) if row else None
    return lambda: fits(key, pin, kept, book.pin_cost)


def code_fits(book: Book, redemption: str, code: Hidden) -> Callable[[], bool]:
    """Whether a code is the newest one of a reservation."""
    row = book.store.get(Credential, f"code:{redemption}")
    right = tokens.collection_code(book.card_key(), redemption, row.serial if row else 0)
    return lambda: tokens.is_same(right, code) and row is not None


def forget(book: Book, subject: str) -> None:
    """Let the wrong tries at a subject be forgotten, on every device."""
    for row in book.store.find(Tries, "", subject):
        book.store.drop(Tries, row.subject, row.device)


def forgive(book: Book, device: str) -> None:
    """Let a device count from nothing; what was tried there still counts for its persons."""
    for row in book.store.find(Tries, "by_device", device):
        if row.subject.partition(":")[2].startswith(UNKNOWN):
            book.store.drop(Tries, row.subject, row.device)
        else:
            book.store.put(attrs.evolve(row, at_device=0))


def _count(command: Command, target: Target, place: str) -> tuple[Refusal | None, int]:
    """Count one more wrong try, or say why none is let through; and how many there are now."""
    store, now = command.book.store, command.book.uptime()
    for row in (*store.find(Tries, "", target.subject), *store.find(Tries, "by_device", place)):
        for again in patience.restarted([row], now):
            store.put(again)
    mine = store.find(Tries, "", target.subject)
    refusal = patience.standing_against(
        mine, store.find(Tries, "by_device", place), now,
        is_locked=_is_locked(command.book, target.subject),
        is_device_locked=_is_locked(command.book, place))
    if refusal is None:
        store.put(patience.counted(mine, target.subject, place, now))
    return refusal, patience.total(mine) + 1


def _give_back(command: Command, subject: str, place: str) -> None:
    """A right try makes good the wrong ones of the same person, and one at the same device for a
    number that nobody has: people mistype their own."""
    forget(command.book, subject)
    kind = subject.partition(":")[0]
    strangers = command.book.store.find(
        Tries, "by_device", place, low=f"{kind}:{UNKNOWN}", high=f"{kind}:{UNKNOWN}~", limit=1)
    for row in strangers:
        command.book.store.drop(Tries, row.subject, row.device)


def _lock(command: Command, target: Target, place: str) -> None:
    """Write down that the last try there could be was wrong; of nobody there is nothing to say."""
    store = command.book.store
    if target.about and patience.total(store.find(Tries, "", target.subject)) >= PERSON.most:
        _write_lock(command, target.subject, target.about)
    if _wrong_at(command.book, place) >= DEVICE.most:
        _write_lock(command, place, place)


def _write_lock(command: Command, subject: str, about: str) -> None:
    if not _is_locked(command.book, subject):
        row = {"subject": subject, "locked": command.today.isoformat()}
        command.write(Draft(kind="lock", subject=about, at=command.now,
                            day=command.today.isoformat(),
                            details={"rows": {"credential": [row]}}), system=True)


def _is_locked(book: Book, subject: str) -> bool:
    row = book.store.get(Credential, subject)
    return row is not None and row.locked != ""


def _wrong_at(book: Book, place: str) -> int:
    return sum(row.at_device for row in book.store.find(Tries, "by_device", place))
