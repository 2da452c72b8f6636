"""What becomes of cards, PINs and codes: the drafts of the verbs, and what they return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from lovepoints.core.card_rows import CardRow, Challenge, Credential, Pin, Token, Tries
from lovepoints.core.credentials import challenges, patience, tokens
from lovepoints.core.credentials.pins import Hidden, weakness
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft, sealed_digest
from lovepoints.core.policy import SELF
from lovepoints.core.rows import Party, Person, RedemptionRow, Sealed
from lovepoints.desks import trying
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, unkeyed
from lovepoints.desks.passbooks import holder_for
from lovepoints.errors import Code, NotFound, Refused

KINDS = ("card", "phone", "paper")
"""What a token is read from. A paper with a QR identifies; it never authorises by itself."""
CARDS_MAX = 9
"""So many cards that work can one person have."""
HOLDERS = ("resident", "household", "team")
Said = Mapping[str, Any]  # Any: the arguments of a verb, already checked


@attrs.frozen(kw_only=True)
class Card:
    """A card (or phone token, or paper with a QR) of a resident, apart from her passbook.

    `id` is random and tells nothing. `resident` is whose card it is and `holder` whose passbook
    she uses today, both by code. `is_valid` ends for ever when it is lost or replaced; `follows`
    is the card that it replaced.
    """

    id: str
    kind: str
    resident: str
    holder: str
    issued_on: date
    stopped_on: date | None = None
    follows: str = ""
    key: str = ""
    is_repeat: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether it still works."""
        return self.stopped_on is None


@attrs.frozen(kw_only=True)
class PinState:
    """What staff may know of a PIN: since when there is one, whether it is locked, how many
    wrong tries in a row there were. Never the PIN."""

    resident: str
    set_on: date | None = None
    locked_on: date | None = None
    wrong: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class CollectionCode:
    """The one-time code with which a reservation is collected, until its last day."""

    redemption: str
    code: str = attrs.field(repr=False)
    ends_on: date
    key: str = ""
    is_repeat: bool = False


# cards


def issue(command: Command, said: Said, token: Hidden) -> Draft | Refusal:
    """A new card of a person."""
    person = command.book.person(said["resident"], *HOLDERS)
    if refusal := command.own(person.id) or _closed(command, person.id):
        return refusal
    works = [row for row in cards_of(command.book, person.id) if not row.stopped]
    if len(works) >= CARDS_MAX:
        return Refusal(Code.AMOUNT_RANGE, {"what": "cards", "given": len(works) + 1,
                                           "most": CARDS_MAX})
    return _issued(command, person.id, said["kind"], token, [], "")


def lose(command: Command, said: Said) -> Draft | Refusal:
    """A card stops, at once and for ever."""
    row = _card(command.book, said["card"])
    if command.role == SELF and not _is_own(command, row.party):
        return Refusal(Code.NOT_HOLDER, {"reason": "card"})
    if row.stopped:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "lose", "state": "stopped"})
    command.seal(f"e-{command.next_seq}", {"reason": said["reason"]})
    return command.draft("lose", row.id, {"card": [_stopped(command, row)]})


def replace(command: Command, said: Said, token: Hidden) -> Draft | Refusal:
    """A new card in the place of a lost, worn or stolen one, which stops in the same entry."""
    old = _card(command.book, said["card"])
    if refusal := command.own(old.party) or _closed(command, old.party):
        return refusal
    if any(row.follows == old.id for row in cards_of(command.book, old.party)):
        return Refusal(Code.STATE_NOT_FITTING, {"what": "replace", "state": "replaced"})
    command.seal(f"e-{command.next_seq}", {"reason": said["reason"]})
    stopped = [] if old.stopped else [_stopped(command, old)]
    return _issued(command, old.party, said["kind"] or old.kind, token, stopped, old.id)


def _issued(
    command: Command, party: str, kind: str, token: Hidden, stopped: list[dict[str, Any]],
    follows: str,
) -> Draft | Refusal:
    book = command.book
    book.keep_pepper()
    digest, card = tokens.digest(book.card_key(), "token", token.text), _fresh_card(book)
    if book.store.get(Token, digest):
        return Refusal(Code.CODE_TAKEN, {})  # also of a stopped card; and not a word of whose
    row = Token(digest=digest, card=card, party=party, key=book.random(16))
    book.store.put(row)
    command.seals[card] = sealed_digest(row.key, {"token": digest})
    new = {"id": card, "party": party, "kind": kind, "since": command.day.isoformat(),
           "follows": follows}
    return command.draft("replace" if follows else "issue", card, {"card": [*stopped, new]})


def _stopped(command: Command, row: CardRow) -> dict[str, Any]:
    return {"id": row.id, "stopped": max(command.day.isoformat(), row.since)}


def _fresh_card(book: Book) -> str:
    while True:
        card = "c-" + book.random(5).hex()
        if book.store.get(CardRow, card) is None:
            return card


def _card(book: Book, card: str) -> CardRow:
    row = book.store.get(CardRow, card)
    if row is None:
        raise NotFound("card", card)
    return row


def cards_of(book: Book, party: str) -> list[CardRow]:
    """Every card that a party ever had, oldest first."""
    return [row for one in book.records(party)
            for row in book.store.find(CardRow, "by_party", one)]


def valid_card(book: Book, token: Hidden) -> CardRow | None:
    """The card that works with what a reader read, or None."""
    known = book.store.get(Token, tokens.digest(book.card_key(), "token", token.text))
    row = book.store.get(CardRow, known.card) if known else None
    return row if row and not row.stopped else None


def found(book: Book, token: Hidden) -> Card:
    """The card that works with what a reader read.

    Raises:
        Refused: card_not_valid, whether it is unknown, lost, replaced, or of an erased person.
    """
    row = valid_card(book, token)
    if row is None or not book.code_of(book.survivor(row.party)):
        raise Refused(Code.CARD_NOT_VALID)
    return card_of(book, row)


def card_of(book: Book, row: CardRow, *, key: str = "", is_repeat: bool = False) -> Card:
    """The public view of a card's row."""
    person = book.store.get(Person, book.survivor(row.party))
    return Card(
        id=row.id, kind=row.kind, resident=person.code if person else "",
        holder=book.code_of(holder_for(book, person)) if person else "",
        issued_on=date.fromisoformat(row.since),
        stopped_on=date.fromisoformat(row.stopped) if row.stopped else None,
        follows=row.follows, key=key, is_repeat=is_repeat)


def carded(book: Book, answer: Answer) -> Card:
    """The card that a verb was about."""
    return card_of(book, _card(book, answer.entry.subject), key=answer.key,
                   is_repeat=answer.is_repeat)


def read_card(book: Book, card: str) -> Card:
    """The card with this id; NotFound if there is none."""
    return card_of(book, _card(book, card))


# PINs


def set_pin(command: Command, said: Said, pin: Hidden, kept: Pin) -> Draft | Refusal:
    """A new PIN by an officer, who is nobody of that household; what was locked is open again."""
    person = command.book.person(said["resident"], *HOLDERS)
    if refusal := command.own(person.id):
        return refusal
    return _set(command, "set_pin", person, pin, kept)


def change_pin(command: Command, said: Said, pin: Hidden, kept: Pin) -> Draft | Refusal:
    """A new PIN by somebody who knew the old one."""
    return _set(command, "change_pin", command.book.person(said["resident"], *HOLDERS), pin, kept)


def _set(
    command: Command, kind: str, person: Person, pin: Hidden, kept: Pin,
) -> Draft | Refusal:
    if refusal := _closed(command, person.id):
        return refusal
    sealed = command.book.store.get(Sealed, person.id)
    phone = sealed.details.get("phone", "") if sealed else ""
    if why := weakness(pin, (person.code, phone)):
        return Refusal(Code.PIN_TOO_SIMPLE, {"why": why})
    command.book.keep_pepper()
    command.book.store.put(attrs.evolve(kept, party=person.id))
    subject = f"pin:{person.id}"
    command.seals[subject] = kept.seal
    trying.forget(command.book, subject)
    return command.draft(kind, person.id, {"credential": [{
        "subject": subject, "since": command.day.isoformat(), "locked": "",
        "serial": command.next_seq}]})


def unlock(command: Command, said: Said) -> Draft | Refusal:
    """Open again what wrong tries locked: a person's PIN, or a device."""
    if not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": "unlock"})
    if said["device"]:
        about = subject = trying.device_of(command.book, said["device"])
        trying.forgive(command.book, subject)
    else:
        about = command.book.person(said["resident"], *HOLDERS).id
        subject = f"pin:{about}"
        if refusal := command.own(about):
            return refusal
        trying.forget(command.book, subject)
    command.seal(f"e-{command.next_seq}", {"reason": said["reason"]})
    return command.draft("unlock", about, {"credential": [{"subject": subject, "locked": ""}]})


def pin_state(book: Book, party: str, *, key: str = "", is_repeat: bool = False) -> PinState:
    """What staff may know of a party's PIN."""
    row = book.store.get(Credential, f"pin:{party}") or Credential(subject="")
    return PinState(
        resident=book.code_of(party), set_on=date.fromisoformat(row.since) if row.since else None,
        locked_on=date.fromisoformat(row.locked) if row.locked else None,
        wrong=patience.total(book.store.find(Tries, "", f"pin:{party}")), key=key,
        is_repeat=is_repeat)


def pin_target(
    command: Command, resident: str, token: Hidden, pin: Hidden,
) -> trying.Target:
    """Whose PIN is tried: by code, or by what a reader read; the same shape for nobody."""
    book = command.book
    card = valid_card(book, token)
    people = book.store.find(Person, "by_code", resident, limit=1) if resident else []
    party = card.party if card else "".join(one.id for one in people if one.kind in HOLDERS)
    subject = f"pin:{party}" if party else trying.nobody(
        book, "pin", f"r{resident}" if resident else f"t{token.text}")
    return trying.Target(subject=subject, about=party, fits=trying.pin_fits(book, party, pin))


def own_pin_target(command: Command, resident: str, pin: Hidden) -> trying.Target:
    """The same for a change; who speaks for herself changes her own only."""
    if command.role == SELF and resident != command.actor.code:
        raise Refused(Code.NOT_HOLDER, {"reason": "pin"})
    return pin_target(command, resident, Hidden(""), pin)


# codes


def collection_code(command: Command, said: Said) -> Draft | Refusal:
    """A new code for a reservation; an earlier one ends with it."""
    row = command.book.store.get(RedemptionRow, said["redemption"])
    if row is None:
        return Refusal(Code.HOLD_UNKNOWN, {"hold": said["redemption"]})
    if command.role == SELF and not _is_own(command, row.holder):
        return Refusal(Code.NOT_HOLDER, {"reason": "passbook"})
    if row.state != "held" or row.lapses_at <= command.now:
        return Refusal(Code.STATE_NOT_FITTING, {
            "what": "collection_code", "state": "lapsed" if row.state == "held" else row.state})
    command.book.keep_pepper()
    subject = f"code:{row.id}"
    trying.forget(command.book, subject)
    return command.draft("collection_code", row.id, {"credential": [{
        "subject": subject, "since": command.day.isoformat(), "locked": "",
        "serial": command.next_seq}]})


def coded(book: Book, answer: Answer) -> CollectionCode:
    """The code that an entry made; a repeat gives the same one."""
    row = book.store.get(RedemptionRow, answer.entry.subject)
    assert row is not None, "a code is made for a reservation that is there"
    code = tokens.collection_code(book.card_key(), row.id, answer.entry.seq)
    ends = book.calendar.day_of(row.lapses_at - 1)
    return CollectionCode(redemption=row.id, code=code.text, ends_on=ends, key=answer.key,
                          is_repeat=answer.is_repeat)


def code_target(command: Command, redemption: str, code: Hidden) -> trying.Target:
    """Which reservation's code is tried."""
    book = command.book
    is_there = book.store.get(Credential, f"code:{redemption}") is not None
    subject = f"code:{redemption}" if is_there else trying.nobody(book, "code", redemption)
    return trying.Target(subject=subject, about=redemption if is_there else "",
                         fits=trying.code_fits(book, redemption, code))


# a phone in the place of a card


def challenge(book: Book, device: str, by: str | None) -> str:
    """A fresh number for a device; an earlier one ends with it."""
    with unkeyed(book, "challenge", by) as command:
        book.keep_pepper()
        nonce = book.random(challenges.NUMBER_BYTES).hex()
        book.store.put(Challenge(
            device=trying.device_of(book, device or command.actor.code), nonce=nonce,
            made_at=command.now, made_up=book.uptime()))
    return nonce


def answer(book: Book, nonce: str, by: str | None) -> str:
    """The signed answer of a resident, who speaks for herself."""
    with unkeyed(book, "answer", by) as command:
        return challenges.answer(book.card_key(), command.actor.resident, nonce, command.now)


def admit(book: Book, given: str, device: str, by: str | None) -> str:
    """The code of whom an answer admits; the challenge is used up."""
    trying.check_durable(book, "admit")
    with unkeyed(book, "admit", by) as command:
        place = trying.device_of(book, device or command.actor.code)
        party = challenges.admitted(book.card_key(), given, book.store.get(Challenge, place),
                                    command.now, book.uptime())
        code = book.code_of(party) if party else ""
        if code:
            book.store.drop(Challenge, place)
    if not code:
        raise Refused(Code.NOT_RECOGNISED)
    return code


# whose it is


def _is_own(command: Command, party: str) -> bool:
    home = command.book.household_of(party, command.today.isoformat()) or party
    return bool({party, home} & ({command.actor.resident, command.actor.household} - {""}))


def _closed(command: Command, party: str) -> Refusal | None:
    row = command.book.store.get(Party, party)
    if row and row.closed < command.day.isoformat():
        return Refusal(Code.ACCOUNT_CLOSED, {"closed": row.closed})
    return None
