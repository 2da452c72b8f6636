"""Any sequence of verbs, on a book in memory and on one in a SQLite file at once.

Same answers or the same refusals, the same root, the same rows; and after every verb the
invariants of `ledger.py`, which is a second program. `LOVEPOINTS_MACHINE=long` looks longer.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lovepoints.community import Community
from lovepoints.core.rows import Credit, Lot
from lovepoints.desks.books import REVERSIBLE
from lovepoints.errors import Refused
from tests.laws import ledger
from tests.laws.machine_rules import RULES, later
from tests.laws.rehearsals import reproduces
from tests.laws.twins import No, Twins, Verb

RESIDENTS = ("li", "li-wife", "wang", "zhou", "officer-sun")
HOLDERS = ("home-li", "home-wang", "zhou", "officer-sun")
OFFICERS = ("staff:zhao", "staff:wu", "staff:zheng", "staff:sun")
RULE_CODES = ("help", "help", "hazard", "staged", "big", "litter", "noise", "shared")
ANYBODY = (*OFFICERS, *RESIDENTS)
LONG = os.environ.get("LOVEPOINTS_MACHINE") == "long"
QUICK = os.environ.get("LOVEPOINTS_MACHINE") == "quick"
COUNT = int(os.environ.get("COUNT", "25"))

index = st.integers(0, 40)
officers = st.sampled_from(OFFICERS)
offices = st.sampled_from(("staff:zhao", "staff:zhao", "staff:sun", "staff:wu"))
anybody = st.sampled_from(ANYBODY)
holders = st.sampled_from(HOLDERS)
residents = st.sampled_from(RESIDENTS)
places = st.sampled_from(("", "桥头", "3栋"))
grades = st.sampled_from(("minor", "major"))
choices = st.sampled_from((3, 8))
baskets = st.dictionaries(st.sampled_from(("rice", "soap", "haircut")), st.integers(1, 3),
                          min_size=1)


class Machine(RuleBasedStateMachine):
    """Everything that people can say to a book."""

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins("2026-03-01 08:00", RULES)
        self.deeds: list[str] = []
        self.redemptions: list[str] = []
        self.said: list[tuple[str, Verb, Any]] = []
        self.pages: list[tuple[Any, str, Any]] = []
        self.keys = self.size = 0
        self.dismissed = False
        for book in self.twins.books:
            _peopled(book)
        self.twins.later(seconds=5)
        self._begun()

    def _begun(self) -> None:
        """A story to go on with: deeds in several states, a basket fetched and one reserved."""
        for who in ("home-li", "home-wang", "zhou"):
            self.move_points("opening", who, who, 20, "staff:zhao", "")
        for place, code in enumerate(dict.fromkeys(RULE_CODES)):
            who = ("li-wife", "wang", "zhou")[place % 3]
            self.work(code, who, 4 + place, place, "桥头", "wang", "major", 3)
        self.work("help", "li", 6, 1, "", "wang", "major", 3)
        for hold in (False, True):
            self.redeem({"rice": 1, "soap": 1}, "li", hold, "staff:qian")

    def teardown(self) -> None:
        try:
            self.twins.compare()
            ledger.check(self.twins.memory)
            ledger.rebuilt(self.twins.memory)
            reproduces(self.twins.memory)
            for book in self.twins.books:
                assert () == book.books.check(rate=True).problems
        finally:
            self.twins.close()

    def say(self, name: str, verb: Verb) -> Any:
        """Say a verb with a key of its own, and remember how it went."""
        self.keys += 1
        key = f"key-{self.keys}"
        answer = self.twins.tell(lambda book: verb(book, key))
        self.said.append((key, verb, answer))
        self.twins.later(seconds=5)
        return answer

    @invariant()
    def both_hold(self) -> None:
        """The invariants, after every verb that wrote something."""
        size = self.twins.book._book.head()[0]
        if size == self.size:
            return
        self.size = size
        self.twins.roots()
        ledger.check(self.twins.memory)
        ledger.capped(self.twins.memory.scan(Credit), ("help",), "point", 12)

    # deeds

    @rule(code=st.sampled_from(RULE_CODES), who=residents, hours=st.integers(1, 9),
          ago=st.integers(0, 20), place=places, mate=residents, grade=grades, points=choices)
    def work(self, code: str, who: str, hours: int, ago: int, place: str, mate: str, grade: str,
             points: int) -> None:
        """A deed as it should be: reported by one, confirmed by another who is neither."""
        self.report(code, who, hours, ago, place, "staff:zhao", mate)
        if self.deeds:
            self.confirm(len(self.deeds) - 1, grade, "staff:wu", points, False)

    @rule(code=st.sampled_from(RULE_CODES), who=residents, hours=st.integers(1, 9),
          ago=st.integers(0, 20), place=places, by=anybody, mate=residents)
    def report(self, code: str, who: str, hours: int, ago: int, place: str, by: str,
               mate: str) -> None:
        on = self.twins.clock.now.date() - timedelta(days=ago)
        joint = [mate] if code == "shared" and mate != who else []
        deed = self.say("report", lambda book, key: book.deeds.report(
            code, resident=who, on=on, quantity=hours, place=place, joint=joint, by=by, key=key))
        if not isinstance(deed, No):
            self.deeds.append(deed.id)

    @precondition(lambda self: self.deeds)
    @rule(at=index, grade=grades, by=anybody, points=choices, late=st.booleans())
    def confirm(self, at: int, grade: str, by: str, points: int, late: bool) -> None:
        id_ = self.deeds[at % len(self.deeds)]
        rule_code = self.twins.book.deeds[id_].rule
        moment = None if not late else self.twins.clock.now - timedelta(days=1)
        solving = len(self.twins.book.deeds.history(id_)) >= 1
        decision = self.say("confirm", lambda book, key: book.deeds.confirm(
            id_, grade=grade if rule_code == "hazard" else None, at=moment,
            points=points if rule_code == "staged" and solving else None, reason="看过", by=by,
            key=key))
        if not isinstance(decision, No):
            _by_another(self.twins.book, id_, by)

    @precondition(lambda self: self.deeds)
    @rule(at=index, of=index, false=st.booleans(), grade=grades, points=choices,
          by=st.sampled_from(("staff:wu", "staff:zheng", "wang")),
          hows=st.lists(st.sampled_from(("confirm", "reject", "confirm", "duplicate", "withdraw",
                                         "repair")), min_size=1, max_size=3))
    def decide_again(self, at: int, of: int, false: bool, grade: str, points: int, by: str,
                     hows: list[str]) -> None:
        """Reopened and decided in any way, and perhaps again."""
        at = at % len(self.deeds)
        id_, other = self.deeds[at], self.deeds[of % len(self.deeds)]
        for how in hows:
            if how != "repair":
                self.say("reopen", lambda book, key: book.deeds.reopen(id_, reason="看", key=key))
            if how == "confirm":
                self.confirm(at, grade, by, points, False)
                continue
            self._close(how, id_, other, by, false=false)

    def _close(self, how: str, id_: str, other: str, by: str, *, false: bool) -> None:
        said: dict[str, Any] = {"reject": {"reason": "不实", "false": false},
                                "duplicate": {"of": other}}.get(how, {})
        answer = self.say(how, lambda book, key: getattr(book.deeds, how)(
            id_, by=by, key=key, **said))
        if how == "reject" and not isinstance(answer, No):
            _by_another(self.twins.book, id_, by)

    # books

    @rule(verb=st.sampled_from(("opening", "adjust", "adjust", "transfer", "transfer")),
          who=holders, to=holders, points=st.integers(-20, 20).filter(bool), by=offices,
          kind=st.sampled_from(("", "", "honour")))
    def move_points(self, verb: str, who: str, to: str, points: int, by: str, kind: str) -> None:
        self.say(verb, lambda book, key: {
            "opening": lambda: book.books.opening(who, abs(points), by=by, key=key),
            "adjust": lambda: book.books.adjust(who, points, reason="更正", kind=kind, by=by,
                                                key=key),
            "transfer": lambda: book.books.transfer(who, to, abs(points), by=by, key=key),
        }[verb]())

    @rule(back=index, by=offices)
    def reverse(self, back: int, by: str) -> None:
        found = [entry.seq for entry in self.twins.book.books.entries()
                 if entry.kind in (*REVERSIBLE, "reverse", "confirm")]
        seq = found[-1 - back % len(found)]
        self.say("reverse", lambda book, key: book.books.reverse(
            seq, reason="记错", by=by, key=key))

    @rule(pays=st.booleans())
    def clerk(self, pays: bool) -> None:
        """Waiting points are paid, or what is due is written down."""
        if pays:
            self.say("pay_waiting", lambda book, key: book.deeds.pay_waiting(key=key))
            return
        self.say("sweep", lambda book, key: book.books.sweep(key=key))
        now = self.twins.clock() - 5_000_000  # the clock has gone on since
        for lot in self.twins.memory.scan(Lot):  # I14
            assert not (lot.account.startswith("passbook/") and lot.free and lot.ends_at <= now)

    # people and terms

    @rule(who=residents, home=st.sampled_from(("", "home-li", "home-wang", "home-new")),
          ahead=st.integers(-10, 3), area=st.sampled_from(("", "grid-1", "grid-2")))
    def move(self, who: str, home: str, ahead: int, area: str) -> None:
        since = self.twins.clock.now.date() + timedelta(days=ahead)
        self.say("move", lambda book, key: book.residents.move(
            who, household=home, area=area, since=since, key=key))

    @rule(verb=st.sampled_from(("leave", "enrol", "dismiss", "appoint", "sanction", "lift",
                                "price", "adopt")),
          who=holders, ahead=st.integers(-2, 6), officer=officers)
    def seldom(self, verb: str, who: str, ahead: int, officer: str) -> None:
        day = self.twins.clock.now.date() + timedelta(days=ahead)
        self.dismissed |= verb == "dismiss"
        self.say(verb, lambda book, key: {
            "leave": lambda: book.residents.leave(who, on=day, key=key),
            "enrol": lambda: book.residents.enrol(f"new-{ahead}", household=who, key=key),
            "dismiss": lambda: book.residents.dismiss(officer, role="grid-officer", key=key),
            "appoint": lambda: book.residents.appoint(officer, role="grid-officer", key=key),
            "sanction": lambda: book.books.sanction(who, "pause", reason="按办法", key=key),
            "lift": lambda: book.books.lift(who, "pause", reason="满", key=key),
            "price": lambda: book.shop.price("rice", 7 + ahead, key=key),
            "adopt": lambda: book.rulebooks.adopt(later(RULES, day.isoformat()), key=key),
        }[verb]())

    # shop

    @rule(basket=baskets, who=st.sampled_from((*RESIDENTS, *HOLDERS)), hold=st.booleans(),
          by=st.sampled_from(("staff:qian", "kiosk:1", "li", "staff:wu")))
    def redeem(self, basket: dict[str, int], who: str, hold: bool, by: str) -> None:
        if not hold:
            self._agrees(basket, who)
        redemption = self.say("redeem", lambda book, key: (
            book.shop.hold if hold else book.shop.redeem)(basket, holder=who, by=by, key=key))
        if not isinstance(redemption, No):
            self.redemptions.append(redemption.id)

    def _agrees(self, basket: dict[str, int], who: str) -> None:
        """A quote says exactly what redeeming at the counter then does."""
        quote = self.twins.tell(lambda book: _quoted(book, basket, who))
        if isinstance(quote, No):
            return
        points, refusals = quote
        answer = self.say("redeem", lambda book, key: book.shop.redeem(
            basket, holder=who, by="staff:qian", key=key))
        if isinstance(answer, No):
            assert [one.code for one in refusals][:1] == [answer.code]
        else:
            self.redemptions.append(answer.id)
            assert ([], points) == (refusals, answer.points)

    @precondition(lambda self: self.redemptions)
    @rule(at=index, how=st.sampled_from(("collect", "release", "return_")), part=st.booleans(),
          restock=st.booleans())
    def fetch(self, at: int, how: str, part: bool, restock: bool) -> None:
        id_ = self.redemptions[at % len(self.redemptions)]
        lines = self.twins.book.shop[id_].lines
        said: dict[str, Any] = {"part": {lines[0].item: 1}} if part and how != "release" else {}
        if how == "return_":
            said["restock"] = restock
        self.say(how, lambda book, key: getattr(book.shop, how)(
            id_, by="staff:qian", key=key, **said))

    @rule(item=st.sampled_from(("rice", "soap")), pieces=st.integers(1, 8),
          how=st.sampled_from(("receive", "count", "write_off", "give")),
          best_before=st.sampled_from((None, 2, 30)))
    def goods(self, item: str, pieces: int, how: str, best_before: int | None) -> None:
        said: dict[str, Any] = {"reason": "盘点"}
        if how == "receive":
            said = {"best_before": None if best_before is None
                    else self.twins.clock.now.date() + timedelta(days=best_before)}
        self.say(how, lambda book, key: getattr(book.shop, how)(
            item, pieces, by="staff:qian", key=key, **said))

    # keys, batches, time

    @precondition(lambda self: self.said)
    @rule(at=index)
    def again(self, at: int) -> None:
        """The same key and content: the same answer, and nothing new."""  # bugs 3, 4
        key, verb, first = self.said[at % len(self.said)]
        if isinstance(first, No) and (first.kind != "refused" or first.code == "not_permitted"):
            return
        before = self.twins.contents()

        answer = self.twins.tell(lambda book: verb(book, key))

        assert before == self.twins.contents()
        if self.dismissed and isinstance(answer, No) and answer.code == "not_permitted":
            return  # who may speak at all is asked before the key
        if isinstance(first, No):
            assert first == answer
        elif hasattr(first, "is_repeat") and hasattr(first, "seq"):
            assert attrs.evolve(first, **_marked(first)) == answer

    @precondition(lambda self: self.said)
    @rule(at=index, points=st.integers(31, 40))
    def again_otherwise(self, at: int, points: int) -> None:
        """The same key, other content: a conflict, and nothing new."""  # bug 6
        key, _, first = self.said[at % len(self.said)]
        if isinstance(first, No) and (first.kind != "refused" or first.code == "not_permitted"):
            return
        before = self.twins.contents()

        answer = self.twins.tell(lambda book: book.books.opening("zhou", points, key=key))

        assert "conflict" == answer.kind
        assert before == self.twins.contents()

    @rule(who=holders, points=st.integers(1, 9), fails=st.booleans())
    def batch(self, who: str, points: int, fails: bool) -> None:
        """A refused verb undoes itself only; an exception undoes all."""
        before = self.twins.contents()

        def many(book: Community) -> None:
            with book.batch():
                book.books.adjust(who, points, reason="一")
                with suppress(Refused):
                    book.books.transfer(who, who, 1)
                book.books.adjust(who, points, reason="二")
                if fails:
                    raise KeyError("outside")

        for book in self.twins.books:
            try:
                many(book)
            except KeyError:
                assert before == self.twins.contents()
        self.twins.later(seconds=5)

    @rule(days=st.integers(0, 25), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        """What a passbook says that it will be is what it is when the time has come."""
        then = self.twins.clock.now + timedelta(days=days, hours=hours)
        # The next entry may be written in the very microsecond of the page.
        seen = self.twins.book.passbooks["home-li"].as_of - timedelta(microseconds=1)
        self.pages.append((seen, "home-li", _page(self.twins.book, "home-li")))
        foreseen = {code: _page(self.twins.book, code, then) for code in HOLDERS}

        self.twins.clock.set(then)

        assert foreseen == {code: _page(self.twins.book, code) for code in HOLDERS}

    @precondition(lambda self: self.pages)
    @rule(at=index)
    def look_back(self, at: int) -> None:
        """A passbook as of a moment is what it said at that moment."""
        moment, code, page = self.pages[at % len(self.pages)]

        assert page == _page(self.twins.book, code, moment)


def _peopled(book: Community) -> None:
    with book.batch():
        book.residents.enrol("li", household="home-li", area="grid-1")
        book.residents.enrol("li-wife", household="home-li", area="grid-1")
        book.residents.enrol("wang", household="home-wang", area="grid-2")
        book.residents.enrol("zhou", area="grid-2")
        book.residents.enrol("officer-sun")
        book.residents.appoint("staff:zhao", role="committee")
        for code in ("staff:wu", "staff:zheng"):
            book.residents.appoint(code, role="grid-officer")
        book.residents.appoint("staff:sun", role="committee", resident="officer-sun")
        book.residents.appoint("li", role="grid-officer")
        book.residents.appoint("staff:qian", role="shopkeeper")
        book.residents.appoint("kiosk:1", role="kiosk")
        for item, price in (("rice", 5), ("soap", 2)):
            book.shop.stock(item, price=price)
            book.shop.receive(item, 8)
        book.shop.stock("haircut", price=3, stocked=False)


def _by_another(book: Community, deed: str, by: str) -> None:
    """I21: whoever decides a deed did not do it, and lives with nobody who did."""
    found = book.deeds[deed]
    persons = {by, {"staff:sun": "officer-sun"}.get(by, by)}
    assert not persons & {found.resident, *found.joint}
    assert not persons & {found.reported_by}
    homes = {book.residents[one].household for one in persons if one in RESIDENTS} - {""}
    assert not homes & {book.residents[one].household for one in (found.resident, *found.joint)}


def _quoted(book: Community, basket: dict[str, int], who: str) -> tuple[Any, list[No]]:
    quote = book.shop.quote(basket, holder=who)
    return quote.points, [No.of(one) for one in quote.refusals]


def _marked(answer: Any) -> dict[str, Any]:
    """How an answer differs when it is given again."""
    marks: dict[str, Any] = {"is_repeat": True}
    if hasattr(answer, "deed"):
        marks["deed"] = attrs.evolve(answer.deed, is_repeat=True)
    return marks


def _page(book: Community, code: str, moment: Any = None) -> Any:
    """A page of a passbook, without the places of what is not written yet."""
    page = book.passbooks.of(code, as_of=moment)
    lots = {kind: [attrs.evolve(share, seq=0) for share in shares]
            for kind, shares in page.lots.items()}
    return (page.holder, page.kinds, lots, page.sanctions, page.next_expiry, page.reasons,
            [(line.kind, line.points, line.balance, line.reserved) for line in page.lines])


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    **({"phases": [Phase.generate]} if QUICK else {}), deadline=None,
    max_examples=400 if LONG else COUNT, stateful_step_count=60 if LONG else 22,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
