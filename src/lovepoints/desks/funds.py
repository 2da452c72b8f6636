"""The funds' desk: money for a purpose, its gifts, grants and spendings. It records, and pays
nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows import FOR_EVER
from lovepoints.core.rows_aid import FundRow, MoneyRow
from lovepoints.core.values import flag, whole
from lovepoints.core.work import funds
from lovepoints.core.work.funds import FEN_MAX
from lovepoints.desks import reporting
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, perform
from lovepoints.desks.fund_answers import (
    Fund,
    Money,
    fund_of,
    fund_row,
    money_of,
    money_row,
    moves_of,
)
from lovepoints.errors import Code

PEOPLE_MAX = 10**6
Said = dict[str, Any]  # Any: arguments of many types
Rows = dict[str, list[dict[str, Any]]]  # Any: JSON values


@attrs.frozen
class Funds:
    """`community.funds`. All amounts are whole fen (100 fen are a yuan)."""

    _book: Book

    def open(
        self, code: str, *, title: str, limit: int = 0, goal: int = 0, people: int = 0,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Fund:
        """Open a fund: a budget with a `limit` (of `people`, for what there is a head), a drive
        with a `goal`, or both. Said again, title, limit, goal and people hold from then on.

        Raises:
            Refused: state_not_fitting (closed), fund_short (the limit is used already).
        """
        said: Said = {
            "code": text.code(code, "code"), "title": text.name(title, "title"),
            "limit": whole(limit, "limit", least=0, most=FEN_MAX),
            "goal": whole(goal, "goal", least=0, most=FEN_MAX),
            "people": whole(people, "people", least=0, most=PEOPLE_MAX)}
        return self._fund("open_fund", lambda command: _opened(command, said), said, by, at, key)

    def close(
        self, fund: str, *, give_back: bool = False, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Fund:
        """Close a fund. `give_back`: what is left of its gifts is noted as returned, to each its
        share to the fen.

        Raises:
            Refused: state_not_fitting (closed, or something is still set aside).
        """
        said: Said = {"fund": text.code(fund, "fund"),
                      "give_back": flag(give_back, "give_back")}
        return self._fund("close_fund", lambda command: _closed(command, said), said, by, at, key)

    def receive(
        self, fund: str, fen: int, *, donor: str = "", receipt: str = "", note: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Money:
        """Note a gift of money. `donor`, `receipt` and `note` stay outside the journal; a gift of
        money buys no goods and no points."""
        said: Said = {
            **_amount(fund, fen), "donor": text.line(donor, "donor"),
            "receipt": text.line(receipt, "receipt"),
            "note": text.line(note, "note", breaks=True)}
        return self._money("receive_fund", "received", said, by, at, key)

    def reserve(
        self, fund: str, fen: int, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Money:
        """Set money aside; `grant` and `spend` take from it with `source=`, `take_back` lets go
        what is left of it.

        Raises:
            Refused: fund_short, reason_needed, state_not_fitting (closed).
        """
        said: Said = {**_amount(fund, fen), "reason": text.line(reason, "reason")}
        return self._money("reserve_fund", "reserved", said, by, at, key)

    def spend(
        self, fund: str, fen: int, *, reason: str, category: str = "", source: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Money:
        """Note that money was spent, by `category`; out of a reservation with `source=`.

        Raises:
            Refused: fund_short, reason_needed, state_not_fitting (closed).
        """
        said: Said = {**_amount(fund, fen), "reason": text.line(reason, "reason"),
                      "category": text.line(category, "category", most=64),
                      "source": text.line(source, "source", most=64)}
        return self._money("spend_fund", "spent", said, by, at, key)

    def grant(
        self, fund: str, fen: int, *, holder: str, reason: str, category: str = "",
        source: str = "", by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Money:
        """Note a grant (慰问金、补贴) to a household or resident, never to one's own.

        Raises:
            Refused: fund_short, reason_needed, self_confirmation, account_closed,
                state_not_fitting (closed).
        """
        said: Said = {**_amount(fund, fen), "holder": text.code(holder, "holder"),
                      "reason": text.line(reason, "reason"),
                      "category": text.line(category, "category", most=64),
                      "source": text.line(source, "source", most=64)}
        return self._money("grant_fund", "granted", said, by, at, key)

    def take_back(
        self, money: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Money:
        """Undo a record in the open, or let go what is left of a reservation.

        Raises:
            Refused: state_not_fitting (undone already, or the fund is closed), fund_short (a gift
                that was used already), reason_needed, self_confirmation (a grant to one's own).
        """
        said: Said = {"money": text.code(money, "money"), "reason": text.line(reason, "reason")}
        return perform(self._book, "take_back_fund", lambda command: _taken_back(command, said),
                       said, by=by, at=at, key=key, tell=self._moved)

    # reading

    def __getitem__(self, fund: str) -> Fund:
        """The fund with this code as it stands; NotFound if there is none."""
        return fund_of(self._book, fund_row(self._book, fund))

    def __iter__(self) -> Iterator[Fund]:
        """The funds by code, closed ones too."""
        return iter([fund_of(self._book, row) for row in self._book.store.find(FundRow)])

    def moves(self, fund: str, *, by: str | None = None) -> tuple[Money, ...]:
        """The records of a fund, oldest first. Whom a grant went to, and why, is told to readers
        of the register of aid only."""
        book, is_reader = self._book, self._book.may_read("read_aid", by)
        return tuple(money_of(book, row, is_reader=is_reader)
                     for row in moves_of(book, fund_row(book, fund).code))

    def _fund(
        self, verb: str, decide: Callable[[Command], Draft | Refusal], said: Said, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Fund:
        def tell(answer: Answer) -> Fund:
            row = fund_row(self._book, answer.entry.details["rows"]["fund"][0]["code"])
            return fund_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)

        return perform(self._book, verb, decide, said, by=by, at=at, key=key, tell=tell)

    def _money(
        self, verb: str, what: str, said: Said, by: str | None, at: datetime | date | None,
        key: str | None,
    ) -> Money:
        return perform(self._book, verb, lambda command: _recorded(command, what, said), said,
                       by=by, at=at, key=key, tell=self._moved)

    def _moved(self, answer: Answer) -> Money:
        row = attrs.evolve(money_row(self._book, answer.entry.subject),
                           **answer.entry.details["rows"]["money"][0])
        return money_of(self._book, row, is_reader=True, key=answer.key,
                        is_repeat=answer.is_repeat)


def _amount(fund: str, fen: int) -> Said:
    return {"fund": text.code(fund, "fund"), "fen": whole(fen, "fen", most=FEN_MAX)}


def _opened(command: Command, said: Said) -> Draft | Refusal:
    row = command.book.store.get(FundRow, said["code"])
    if row and (refusal := funds.not_open(row, "open")):
        return refusal
    details = {name: said[name] for name in ("limit", "goal", "people")}
    change = {"code": said["code"], "title": said["title"], "details": details,
              "since": row.since if row else command.day.isoformat(), "until": FOR_EVER}
    sums = funds.purse(FundRow(**change), moves_of(command.book, said["code"]))
    if refusal := funds.too_much(said["limit"], said["limit"] - sums.left):
        return refusal
    return command.draft("open_fund", f"fund:{said['code']}", {"fund": [change]})


def _closed(command: Command, said: Said) -> Draft | Refusal:
    row = fund_row(command.book, said["fund"])
    moves = moves_of(command.book, row.code)
    sums = funds.purse(row, moves)
    if refusal := funds.not_open(row, "close"):
        return refusal
    if sums.reserved:
        return Refusal(Code.STATE_NOT_FITTING, {"what": "close", "state": "reserved"})
    gifts = {one.id: one.fen for one in moves if one.what == "received" and not one.is_undone}
    back = funds.shares(min(sums.left, sums.received), gifts) if said["give_back"] else {}
    rows: Rows = {"fund": [{"code": row.code, "until": command.day.isoformat()}]}
    if returned := [
        {**_row(command, f"m-{command.next_seq}.{place:03}", row, "returned", fen), "source": gift}
        for place, (gift, fen) in enumerate(sorted(back.items()), 1) if fen
    ]:
        rows["money"] = returned
    return command.draft("close_fund", f"fund:{row.code}", rows)


def _recorded(command: Command, what: str, said: Said) -> Draft | Refusal:
    book, row = command.book, fund_row(command.book, said["fund"])
    moves, fen = moves_of(book, row.code), said["fen"]
    if "reason" in said and not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": what})
    if refusal := funds.not_open(row, what):
        return refusal
    party = ""
    if what == "granted":
        party = book.person(said["holder"], "household", "resident").id
        if refusal := command.own(party) or reporting.has_left(book, [party], command.day):
            return refusal
    if source := said.get("source", ""):
        left = funds.rest_of(_reservation(moves, source), moves)
    else:
        left = funds.purse(row, moves).left
    if what != "received" and (refusal := funds.too_much(left, fen)):
        return refusal
    id_ = f"m-{command.next_seq}"
    command.seal(id_, {name: said.get(name) for name in ("donor", "receipt", "note", "reason")})
    return command.draft({"received": "receive_fund", "reserved": "reserve_fund",
                            "granted": "grant_fund", "spent": "spend_fund"}[what], id_, {
        "money": [{**_row(command, id_, row, what, fen), "party": party, "source": source,
                   "category": said.get("category", "")}]})


def _taken_back(command: Command, said: Said) -> Draft | Refusal:
    row = money_row(command.book, said["money"])
    fund, moves = fund_row(command.book, row.fund), moves_of(command.book, row.fund)
    if not said["reason"]:
        return Refusal(Code.REASON_NEEDED, {"what": "take_back"})
    if refusal := (funds.not_open(fund, "take_back")
                   or (command.own(row.party) if row.party else None)):
        return refusal
    change = funds.undone(row, moves, funds.purse(fund, moves))
    if isinstance(change, Refusal):
        return change
    command.seal(f"{row.id}#{command.next_seq}", {"reason": said["reason"]})
    return command.draft("take_back_fund", row.id, {"money": [change]})


def _reservation(moves: list[MoneyRow], source: str) -> MoneyRow:
    """The reservation of this fund that was named; money_row says NotFound otherwise."""
    for row in moves:
        if row.id == source and row.what == "reserved":
            return row
    raise ValueError("source= names a reservation of the same fund")


def _row(command: Command, id_: str, fund: FundRow, what: str, fen: int) -> dict[str, Any]:
    return {"id": id_, "fund": fund.code, "what": what, "fen": fen,
            "day": command.day.isoformat()}
