"""The cards' desk: what people show and know, apart from their passbooks."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from lovepoints.core import text
from lovepoints.core.card_rows import Pin
from lovepoints.core.credentials import tokens
from lovepoints.core.credentials.pins import Hidden, Stretching, check_chosen, typed
from lovepoints.desks import carding, counter
from lovepoints.desks.book import Book
from lovepoints.desks.carding import HOLDERS, KINDS, Card, CollectionCode, PinState, Said
from lovepoints.desks.command import Answer, Decide, is_used, perform
from lovepoints.desks.shop import Wanted, basket_of
from lovepoints.desks.shop_answers import Redemption, redeemed
from lovepoints.desks.trying import attempt
from lovepoints.errors import brief


@attrs.frozen
class Cards:
    """`community.cards`"""

    _book: Book

    # cards

    def issue(
        self, resident: str, *, token: str, kind: str = "card",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Card:
        """Give a resident (or a household) a card: `token` is what the reader reads off it.

        Only a keyed digest of the token is kept. `kind`: "card", "phone" or "paper". A person may
        have several; a token that was ever given is never given again.

        Raises:
            Refused: code_taken, self_confirmation, account_closed, amount_range.
        """
        secret = tokens.read(token)
        del token
        tokens.check_token(secret)
        said = {"resident": text.code(resident, "resident"), "kind": _kind(kind),
                "token": self._digest(secret)}
        return carding.carded(self._book, self._say(
            "issue", lambda command: carding.issue(command, said, secret), said, by, at, key))

    def find(self, token: str) -> Card:
        """Whose card a reader has read: it names the passbook, and proves nothing more.

        Raises:
            Refused: card_not_valid (unknown, lost or replaced: the answer is the same).
        """
        secret = tokens.read(token)
        del token
        with self._book.reading():
            return carding.found(self._book, secret)

    def lose(
        self, card: str, *, reason: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Card:
        """Stop a card at once and for ever, also when it is found again; points stay untouched.

        Raises:
            Refused: state_not_fitting (it stopped already), not_holder.
        """
        said = {"card": text.code(card, "card"), "reason": text.line(reason, "reason")}
        return carding.carded(self._book, self._say(
            "lose", lambda command: carding.lose(command, said), said, by, at, key))

    def replace(
        self, card: str, *, token: str, kind: str = "", reason: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Card:
        """Give a new card in the place of an old one, which stops in the same entry.

        Raises:
            Refused: code_taken, self_confirmation, account_closed, state_not_fitting (it was
                replaced before).
        """
        secret = tokens.read(token)
        del token
        tokens.check_token(secret)
        said = {"card": text.code(card, "card"), "kind": _kind(kind) if kind else "",
                "token": self._digest(secret), "reason": text.line(reason, "reason")}
        return carding.carded(self._book, self._say(
            "replace", lambda command: carding.replace(command, said, secret), said, by, at, key))

    def of(self, resident: str) -> tuple[Card, ...]:
        """Every card that a resident ever had, oldest first."""
        with self._book.reading():
            party = self._book.person(resident, *HOLDERS).id
            return tuple(carding.card_of(self._book, row)
                         for row in carding.cards_of(self._book, party))

    def __getitem__(self, card: str) -> Card:
        """The card with this id; NotFound if there is none."""
        with self._book.reading():
            return carding.read_card(self._book, text.code(card, "card"))

    # PINs

    def set_pin(
        self, resident: str, pin: str, *,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> PinState:
        """Set a resident's first PIN, or a new one for a forgotten one; 4 to 12 digits.

        The officer is nobody of her household. What wrong tries locked is open again.
        A repeated `key` gives the first answer whatever the PIN: it is no way to ask for it.

        Raises:
            Refused: pin_too_simple, self_confirmation, account_closed.
        """
        secret = typed(pin)
        del pin
        check_chosen(secret)
        said = {"resident": text.code(resident, "resident")}
        kept = self._stretched(secret)
        return self._state(self._say(
            "set_pin", lambda command: carding.set_pin(command, said, secret, kept), said, by,
            at, key))

    def change_pin(
        self, resident: str, old: str, new: str, *, device: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> PinState:
        """Change a PIN with the old one, which is tried as `check_pin` does.

        Raises:
            Refused: locked, try_later, not_recognised, pin_too_simple, account_closed, not_holder.
        """
        known, secret = typed(old), typed(new)
        del old, new
        check_chosen(secret)
        said = {"resident": (code := text.code(resident, "resident"))}
        if not is_used(self._book, key):
            attempt(self._book, "change_pin",
                    lambda command: carding.own_pin_target(command, code, known),
                    device=_device(device), by=by)
        kept = self._stretched(secret)
        return self._state(self._say(
            "change_pin", lambda command: carding.change_pin(command, said, secret, kept), said,
            by, at, key))

    def check_pin(
        self, pin: str, *, resident: str = "", token: str = "", device: str = "",
        by: str | None = None,
    ) -> str:
        """Whether a PIN is that of a resident, named by code or by the token of her card; her
        code, if it is. `device` is where it was typed (left out: the actor).

        A wrong one is counted for ever before the answer goes out, so this stands outside of
        `batch()`. After the third wrong one there is a growing wait, after the tenth it is
        locked; a right one makes her wrong ones good.

        Raises:
            Refused: locked, try_later, not_recognised: the same for somebody who is not there.
        """
        secret, card, is_read = typed(pin), tokens.read(token), bool(token)
        del pin, token
        code = text.line(resident, "resident", most=64)
        if is_read == bool(code):
            raise TypeError("say who it is by resident= or by token=, and not by both")
        target = attempt(self._book, "check_pin",
                         lambda command: carding.pin_target(command, code, card, secret),
                         device=_device(device), by=by)
        return self._book.code_of(target.about)

    def pin(self, resident: str) -> PinState:
        """Since when a resident has a PIN, and whether wrong tries locked it."""
        with self._book.reading():
            party = self._book.person(resident, *HOLDERS).id
            return carding.pin_state(self._book, party)

    def unlock(
        self, resident: str = "", *, device: str = "", reason: str,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> PinState:
        """Open a PIN or a device that wrong tries locked; the officer is nobody of that household.

        Raises:
            Refused: reason_needed, self_confirmation.
        """
        said = {"resident": text.line(resident, "resident", most=64), "device": _device(device),
                "reason": text.line(reason, "reason")}
        if bool(said["resident"]) == bool(said["device"]):
            raise TypeError("say what to unlock: a resident, or device=")
        return self._state(self._say(
            "unlock", lambda command: carding.unlock(command, said), said, by, at, key))

    # codes

    def collection_code(
        self, redemption: str, *,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> CollectionCode:
        """A one-time code with which anybody may collect a reservation, a neighbour for instance.

        It ends with the reservation, and with the next code for it. It is kept nowhere: the same
        `key` gives it again.

        Raises:
            Refused: hold_unknown, state_not_fitting, not_holder.
        """
        said = {"redemption": text.code(redemption, "redemption")}
        return carding.coded(self._book, self._say(
            "collection_code", lambda command: carding.collection_code(command, said), said, by,
            at, key))

    def collect(
        self, redemption: str, code: str, *, device: str = "", part: Wanted | None = None,
        proxy: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Redemption:
        """Hand a reservation over to whoever brings its code; the entry is that of
        `shop.collect`. Wrong codes are counted as wrong PINs are.

        Raises:
            Refused: locked, try_later, not_recognised, and all of `shop.collect`.
        """
        secret = typed(code)
        del code
        id_ = text.code(redemption, "redemption")
        said: Said = {"redemption": id_, "part": None if part is None else basket_of(part),
                      "proxy": text.line(proxy, "proxy", most=64), "with_code": True}
        if not is_used(self._book, key):
            attempt(self._book, "collect",
                    lambda command: carding.code_target(command, id_, secret),
                    device=_device(device), by=by)
        return redeemed(self._book, self._say(
            "collect", lambda command: counter.collect(command, said), said, by, at, key))

    # a phone in the place of a card

    def challenge(self, *, device: str = "", by: str | None = None) -> str:
        """A fresh number that a device shows (as a QR) for a phone to answer within a minute."""
        return carding.challenge(self._book, _device(device), by)

    def answer(self, challenge: str, *, by: str | None = None) -> str:
        """The answer that the phone of `by` shows: signed for this challenge, by who is logged in
        there. Writes nothing."""
        return carding.answer(self._book, text.code(challenge, "challenge"), by)

    def admit(self, answer: str, *, device: str = "", by: str | None = None) -> str:
        """The code of the resident whose phone answered this device's challenge; works once.

        Raises:
            Refused: not_recognised (another device's, too old, read before, not ours).
        """
        if not isinstance(answer, str):
            raise TypeError("an answer is the text that a reader reads off a phone")
        return carding.admit(self._book, answer.strip(), _device(device), by)

    def _say(
        self, verb: str, decide: Decide, said: Said, by: str | None, at: datetime | date | None,
        key: str | None,
    ) -> Answer:
        return perform(self._book, verb, decide, said, by=by, at=at, key=key)

    def _state(self, answer: Answer) -> PinState:
        return carding.pin_state(self._book, answer.entry.subject, key=answer.key,
                                 is_repeat=answer.is_repeat)

    def _digest(self, token: Hidden) -> str:
        return tokens.digest(self._book.card_key(), "token", token.text)

    def _stretched(self, pin: Hidden) -> Pin:
        """A PIN's row, still without its party; the slow work is done before anything is locked."""
        stretching, salt = Stretching(cost=self._book.pin_cost), self._book.random(16)
        return Pin(party="", salt=salt, hash=stretching(self._book.card_key(), pin, salt),
                   cost=stretching.cost, block=stretching.block, lanes=stretching.lanes)


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {brief(kind)}")
    return kind


def _device(device: str) -> str:
    return text.line(device, "device", most=64)
