"""Bad input at every door: each argument of each verb and reading with each odd value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lovepoints.community import Community
from lovepoints.core.checkpoints import Misread
from lovepoints.core.store import Store
from lovepoints.errors import LovepointsError, Refused, StoreError
from lovepoints.stores import dump, sqlite
from lovepoints.testing import FakeClock, community

RULES = """
format = 1
title = "幸福社区积分管理办法"
effective = 2026-01-01
holder = "household"

[[attribute]]
code = "party"
title = "党员"
type = "yes-no"
of = "resident"

[[rule]]
code = "service"
title = "志愿服务"
points = { per = "hour", value = 1 }

[[rule]]
code = "good"
title = "好人好事"
points = { from = 1, to = 5 }

[[sanction]]
code = "barred"
title = "暂停兑换"
bars = ["redeem"]
lasts = "3 months"

[[rank]]
code = "best"
title = "积分榜"
each = "year"
top = 3

[transfer]
to = "anyone"

[redemption]
[redemption.days]
switched = true

[validity]
after = "12 months"
"""

Said = dict[str, Any]  # Any: arguments of many types
LONG = "长" * 100_000
ODD_TEXT = (
    "", " ", "\n", "\0", "a\0b", "zero\u200bwidth", "bidi\u202eoverride", "\ud800", "\udfff",
    "\ufeff", "\u3164", "\U000e0001", "\x1b[31m", LONG, "lp:own", "'; DROP TABLE entry; --",
    '"', "%", "\\", "nobody", "li-home", "li-mother", "staff:qian", "rice", "tree", "1e3", "NaN",
    "Infinity", "１２", "0x10", "-0", "1_000", "2026-02-30", "../../etc", "𠮷𰻝𱁬",
)
ODD_NUMBERS = (
    1.5, float("nan"), float("inf"), True, False, None, -1, 0, 10**13, 2**63, -2**63 - 1, 10**400,
    Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e30"), Decimal("1e-30"),
    Decimal("1E+999999"), Decimal("-0"), 1 + 2j,
)
ODD_TIMES = (
    datetime(2026, 3, 1, 9),  # noqa: DTZ001  # a naive one, on purpose
    datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC), date(1, 1, 1), date(9999, 12, 31), date(2026, 3, 8),
    date(1969, 12, 31),
)
ODD_THINGS = (
    b"bytes", [], (), {}, set(), [None], [[]], {"": 1}, {"rice": 1.5}, {"rice": 2**70},
    {"rice": None}, {"rice": {}}, {1: 1}, {None: None}, {"\ud800": 1}, {"rice": "\ud800"},
    {"most": 1, "each": []}, {"most": 1, "each": "never"}, {"time": "1e3"}, {"党": True},
    {LONG: 1}, {"party": float("nan")}, {"party": 2**60}, {"party": "\ud800"}, [("rice",)],
    ["\ud800"], ["li-home"], object(), Path("nowhere"), iter(()), int,
)
NEVER_RIGHT = (1.5, float("nan"), 1 + 2j, b"bytes", 2**63, Decimal("1e30"), LONG, "\ud800")
"""What no argument of any verb may take."""
ODD = (*ODD_TEXT, *ODD_NUMBERS, *ODD_TIMES, *ODD_THINGS, *NEVER_RIGHT)

VERBS: dict[str, Said] = {
    "residents.enrol": {"code": "new", "household": "new-home"},
    "residents.describe": {"code": "li-mother", "party": True},
    "residents.move": {"code": "li-aunt", "household": "wang-home"},
    "residents.leave": {"code": "li-aunt"},
    "residents.appoint": {"actor": "staff:gu", "role": "cashier"},
    "residents.dismiss": {"actor": "staff:qian", "role": "shopkeeper"},
    "residents.area": {"code": "east"},
    "residents.__getitem__": {"code": "li-mother"},
    "residents.contacts": {"area": "grid"},
    "residents.members": {"household": "li-home"},
    "rulebooks.adopt": {"source": RULES.replace("2026-01-01", "2026-04-01")},
    "rulebooks.rehearse": {"source": RULES, "since": date(2026, 1, 1), "until": date(2026, 3, 1)},
    "rulebooks.in_force": {},
    "rulebooks.__getitem__": {"digest": "0"},
    "deeds.report": {"rule": "service", "resident": "li-mother", "quantity": "2"},
    "deeds.confirm": {"deed": "@open", "by": "staff:zhou"},
    "deeds.reject": {"deed": "@open", "reason": "误报", "by": "staff:zhou"},
    "deeds.duplicate": {"deed": "@open", "of": "@paid", "by": "staff:zhou"},
    "deeds.withdraw": {"deed": "@open", "by": "li-mother"},
    "deeds.reopen": {"deed": "@paid", "reason": "有异议"},
    "deeds.repair": {"deed": "@paid"},
    "deeds.pay_waiting": {},
    "deeds.forward": {"deed": "@open", "to": "物业", "text": "请检查楼道", "by": "staff:sun"},
    "deeds.__getitem__": {"deed": "@open"},
    "deeds.of": {"resident": "li-mother"},
    "deeds.with_status": {"status": "submitted"},
    "deeds.history": {"deed": "@paid"},
    "deeds.explain": {"deed": "@paid"},
    "passbooks.__getitem__": {"code": "li-mother"},
    "passbooks.of": {"code": "li-mother"},
    "passbooks.holder": {"code": "li-mother"},
    "passbooks.earned": {"code": "li-mother"},
    "passbooks.ranking": {"rank": "best"},
    "shop.stock": {"item": "tea", "price": 5},
    "shop.price": {"item": "rice", "points": 50},
    "shop.receive": {"item": "rice", "quantity": 3},
    "shop.give": {"item": "rice", "quantity": 1, "reason": "慰问"},
    "shop.count": {"item": "rice", "counted": 3},
    "shop.write_off": {"item": "rice", "quantity": 1, "reason": "受潮"},
    "shop.open_window": {},
    "shop.close_window": {},
    "shop.quote": {"wanted": {"rice": 1}, "holder": "li-mother"},
    "shop.redeem": {"wanted": {"rice": 1}, "holder": "li-mother"},
    "shop.hold": {"wanted": {"rice": 1}, "holder": "li-mother"},
    "shop.collect": {"redemption": "@held"},
    "shop.release": {"redemption": "@held"},
    "shop.return_": {"redemption": "@fetched"},
    "shop.__getitem__": {"redemption": "@held"},
    "shop.of": {"holder": "li-mother"},
    "shop.with_state": {"state": "held"},
    "shop.cover": {"on": date(2026, 3, 9), "prices": {"rice": 40}},
    "shop.rehearse": {"prices": {"rice": 40}, "since": date(2026, 1, 1),
                      "until": date(2026, 3, 1)},
    "shop.item": {"item": "rice"},
    "shop.who_may_fetch": {"item": "rice"},
    "shop.deliveries": {"item": "rice"},
    "shop.delivery": {"id": "@delivery"},
    "books.opening": {"holder": "wu-home", "points": 10},
    "books.adjust": {"holder": "li-home", "points": -5, "reason": "更正"},
    "books.transfer": {"giver": "li-home", "to": "wang-home", "points": 5},
    "books.reverse": {"seq": "@adjusted", "reason": "更正"},
    "books.sanction": {"holder": "li-home", "code": "barred", "reason": "违规"},
    "books.lift": {"holder": "wang-home", "code": "barred", "reason": "改正"},
    "books.sweep": {},
    "books.inspect": {"since": date(2026, 1, 1), "until": date(2026, 3, 1), "reason": "抽查",
                      "by": "staff:shen"},
    "books.close_period": {"until": date(2026, 3, 6)},
    "books.prove_balance": {"holder": "li-home", "seq": 0, "against": None},
    "books.entries": {"after": 0},
    "books.prove": {"seq": 1},
    "books.consistency": {"size": 2},
    "books.root_at": {"size": 2},
    "books.check": {},
    "cards.issue": {"resident": "wang", "token": "0009988776"},
    "cards.find": {"token": "0004711223"},
    "cards.lose": {"card": "@card"},
    "cards.replace": {"card": "@card", "token": "0009988776"},
    "cards.of": {"resident": "wang"},
    "cards.__getitem__": {"card": "@card"},
    "cards.set_pin": {"resident": "wang", "pin": "7395"},
    "cards.pin": {"resident": "wang"},
    "cards.unlock": {"resident": "wang", "reason": "本人到场"},
    "cards.collection_code": {"redemption": "@held"},
    "cards.challenge": {"device": "kiosk:1"},
    "cards.answer": {"challenge": "00ff", "by": "li-mother"},
    "privacy.look": {"code": "li-mother", "reason": "通知", "by": "staff:sun"},
    "privacy.words": {"deed": "@paid", "reason": "复核", "by": "staff:sun"},
    "privacy.request": {"deed": "@paid", "reason": "来函"},
    "privacy.reporter": {"deed": "@paid", "request": "@request", "by": "staff:sun"},
    "privacy.export": {"code": "li-mother", "reason": "本人申请", "by": "staff:sun"},
    "privacy.who_saw": {"code": "li-mother", "by": "staff:sun"},
    "privacy.erase": {"code": "gone", "reason": "申请", "by": "staff:sun"},
    "privacy.redact": {"subject": "@paid", "reason": "申请", "by": "staff:sun"},
    "privacy.retire": {"dry_run": False, "by": "staff:sun"},
    "privacy.wipe": {},
    "privacy.map": {},
    "notices.post": {},
    "notices.object": {"notice": "@notice", "line": 1, "grounds": "不在场"},
    "notices.decide": {"objection": "@objection", "upheld": False, "reason": "属实"},
    "notices.appeal": {"objection": "@decided", "reason": "再看看"},
    "notices.close": {"notice": "@over"},
    "notices.__getitem__": {"notice": "@notice"},
    "notices.posted": {},
    "notices.objections": {"notice": "@notice"},
    "figures.bulletin": {"since": date(2026, 1, 1), "until": date(2026, 3, 31)},
    "figures.service_record": {"resident": "li-mother", "since": date(2026, 1, 1),
                               "until": date(2026, 3, 31)},
    "figures.rank": {"figure": "ST-10", "since": date(2026, 1, 1), "until": date(2026, 3, 31)},
    "tasks.define": {"kind": "visit", "title": "走访"},
    "tasks.ask": {"kind": "errand", "resident": "li-mother"},
    "tasks.dispatch": {"task": "@task", "to": "wu"},
    "tasks.accept": {"task": "@post", "resident": "wang"},
    "tasks.decline": {"task": "@sent", "by": "wu"},
    "tasks.hand_back": {"task": "@taken", "by": "wu"},
    "tasks.check_in": {"task": "@taken", "by": "wu"},
    "tasks.check_out": {"task": "@begun", "by": "wu"},
    "tasks.escalate": {"task": "@task"},
    "tasks.finish": {"task": "@taken", "reply": "好了", "by": "wu"},
    "tasks.settle": {"task": "@done"},
    "tasks.send_back": {"task": "@done", "reason": "没好"},
    "tasks.reject": {"task": "@task", "reason": "不办"},
    "tasks.duplicate": {"task": "@task", "of": "@sent"},
    "tasks.withdraw": {"task": "@task", "by": "li-mother"},
    "tasks.refer": {"task": "@task", "to": "供电所", "reason": "归电力"},
    "tasks.rate": {"task": "@done", "satisfied": True, "by": "li-mother"},
    "tasks.reopen": {"task": "@gone", "reason": "再看看"},
    "tasks.__getitem__": {"task": "@task"},
    "tasks.kinds": {},
    "tasks.with_state": {"state": "asked"},
    "tasks.of": {"resident": "li-mother"},
    "tasks.taken_by": {"party": "wu"},
    "tasks.from_deed": {"deed": "@paid"},
    "tasks.overdue": {},
    "tasks.reminders": {},
    "tasks.moves": {"task": "@task"},
    "teams.join": {"team": "patrol", "resident": "li-mother"},
    "teams.leave": {"team": "patrol", "resident": "wang"},
    "teams.members": {"team": "patrol"},
    "teams.lead": {"team": "patrol"},
    "teams.of": {"resident": "wang"},
    "rotas.define": {"code": "days", "team": "patrol", "kind": "errand",
                     "pattern": [(1, 600, 660, 1)]},
    "rotas.plan": {"rota": "nights", "since": date(2026, 3, 16), "until": date(2026, 3, 22)},
    "rotas.offer": {"task": "@shift", "to": "wu"},
    "rotas.take": {"task": "@free", "resident": "wu"},
    "rotas.away": {"rota": "nights", "since": date(2026, 3, 9), "until": date(2026, 3, 10),
                   "resident": "wang"},
    "rotas.__getitem__": {"code": "nights"},
    "rotas.shifts": {"since": date(2026, 3, 1), "until": date(2026, 3, 31)},
    "rotas.gaps": {"since": date(2026, 3, 1), "until": date(2026, 3, 31)},
    "rotas.next_ones": {"task": "@shift"},
    "feed.after": {"sequence": 3},
    "feed.next": {"consumer": "board"},
    "feed.acknowledge": {"consumer": "board", "sequence": 3},
    "feed.consumers": {},
    "households.merge": {"household": "li-home", "into": "wang-home", "reason": "结婚"},
    "households.unite": {"resident": "li-aunt", "into": "li-mother", "reason": "重复登记"},
    "households.split": {"household": "li-home", "into": "aunt-home", "members": ["li-aunt"],
                         "points": 5},
    "households.died": {"resident": "li-aunt"},
    "aid.open": {"household": "wu-home", "ground": "low-income", "level": 1,
                 "review_by": date(2026, 9, 1)},
    "aid.review": {"case": "@case", "review_by": date(2026, 9, 1)},
    "aid.close": {"case": "@case", "reason": "好转"},
    "aid.words": {"case": "@case", "reason": "复核"},
    "aid.pair": {"household": "wang-home", "helper": "li-mother", "agreed": True},
    "aid.part": {"pairing": "@pairing"},
    "aid.visit": {"pairing": "@pairing"},
    "aid.__getitem__": {"case": "@case"},
    "aid.cases": {},
    "aid.of": {"household": "wang-home"},
    "aid.reviews_due": {},
    "aid.pairings": {},
    "aid.visits_due": {},
    "funds.open": {"code": "ramp", "title": "坡道"},
    "funds.close": {"fund": "winter"},
    "funds.receive": {"fund": "winter", "fen": 100},
    "funds.reserve": {"fund": "winter", "fen": 100, "reason": "春节"},
    "funds.spend": {"fund": "winter", "fen": 100, "reason": "买米"},
    "funds.grant": {"fund": "winter", "fen": 100, "holder": "wu-home", "reason": "慰问"},
    "funds.take_back": {"money": "@money", "reason": "记错"},
    "funds.__getitem__": {"fund": "winter"},
    "funds.moves": {"fund": "winter"},
    "activities.define": {"code": "choir", "title": "合唱"},
    "activities.plan": {"activity": "clean-up", "on": date(2026, 3, 20)},
    "activities.sign_up": {"occurrence": "@planned", "resident": "wu"},
    "activities.withdraw": {"occurrence": "@planned", "resident": "wang"},
    "activities.check_in": {"occurrence": "@today", "resident": "wu"},
    "activities.check_out": {"occurrence": "@today", "resident": "wang"},
    "activities.attend": {"occurrence": "@today", "residents": ["wu"]},
    "activities.close": {"occurrence": "@today", "quantity": "1"},
    "activities.award": {"occurrence": "@kept", "by": "staff:zhou"},
    "activities.cancel": {"occurrence": "@planned", "reason": "下雨"},
    "activities.reopen": {"occurrence": "@kept", "reason": "漏登"},
    "activities.__getitem__": {"occurrence": "@planned"},
    "activities.defined": {},
    "activities.between": {"since": date(2026, 3, 1), "until": date(2026, 3, 31)},
}
TRIES: dict[str, Said] = {
    "cards.check_pin": {"pin": "2846", "resident": "li-mother"},
    "cards.change_pin": {"resident": "li-mother", "old": "2846", "new": "7395"},
    "cards.collect": {"redemption": "@held", "code": "@code"},
    "cards.admit": {"answer": "@answer"},
}
"""Verbs whose effect stays, whatever the answer: they stand outside of a batch."""
FILES = (("rulebooks.adopt", "source"), ("rulebooks.rehearse", "source"))
"""A rulebook may be named by its path; what the system says about a path is its own error."""


class Undo(Exception):
    """Takes a call back that was accepted."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Community, dict[str, Any]]]:
    """A book in a file in which every verb has something to do, and the names of those things."""
    store = sqlite.create(tmp_path_factory.mktemp("doors") / "book.db", durability="normal")
    book, names, _ = told_book(store)
    yield book, names
    book.books.verify()
    book.close()


def told_book(store: Store | None = None) -> tuple[Community, dict[str, Any], FakeClock]:
    """A book in which every verb has something to do, the names of those things, its clock."""
    clock = FakeClock("2026-03-05 10:00")
    book = community(clock=clock, store=store)
    return book, _tell(book, clock), clock


def _tell(book: Community, clock: FakeClock) -> dict[str, Any]:
    book.rulebooks.adopt(RULES)
    book.residents.appoint("staff:qian", role="shopkeeper")
    book.residents.appoint("staff:zhou", role="committee")
    book.residents.appoint("staff:wu", role="committee")
    book.residents.appoint("staff:sun", role="custodian")
    book.residents.appoint("staff:shen", role="auditor")
    book.residents.enrol("gone", since=date(2026, 1, 1))
    book.residents.leave("gone", on=date(2026, 2, 1))
    for code, home in (("li-mother", "li-home"), ("li-aunt", "li-home"), ("wang", "wang-home"),
                       ("wu", "wu-home")):
        book.residents.enrol(code, household=home, name=f"NAME {code}", phone=f"PHONE {code}")
    book.books.opening("li-home", 500)
    book.books.opening("wang-home", 100)
    notices = _tell_notices(book, clock)
    book.books.sanction("wang-home", "barred", reason="违规")
    adjusted = book.books.adjust("li-home", 7, reason="更正").seq
    book.shop.open_window()
    book.shop.stock("rice", price=44)
    delivery = book.shop.receive("rice", 9)
    paid = book.deeds.report("service", resident="li-mother", quantity="1",
                             note="NOTE 值班").id
    book.deeds.confirm(paid, by="staff:zhou")
    book.books.close_period(date(2026, 1, 31))
    held = book.shop.hold({"rice": 1}, holder="li-mother").id
    tasks = {**_tell_tasks(book), **_tell_activities(book), "@case": book.aid.open(
        "wang-home", ground="low-income", level=2, review_by=date(2026, 6, 1), note="NOTE 难").id,
        "@pairing": book.aid.pair("wang-home", helper="wu", agreed=True).id}
    tasks |= _tell_rota(book)
    book.cards.set_pin("li-mother", "2846")
    book.funds.open("winter", title="冬季慰问金", limit=1000)
    tasks["@money"] = book.funds.receive("winter", 50, donor="粮油店").id
    return {
        **tasks, **notices, "@card": book.cards.issue("wang", token="0004711223").id,
        "@code": book.cards.collection_code(held).code,
        "@answer": book.cards.answer(book.cards.challenge(), by="li-mother"),
        "@adjusted": adjusted, "@paid": paid, "@delivery": delivery.id,
        "@request": book.privacy.request(paid, reason="来函").seq,
        "@open": book.deeds.report("service", resident="li-mother", quantity="3").id,
        "@held": held,
        "@fetched": book.shop.redeem({"rice": 2}, holder="li-mother").id,
    }


def _tell_notices(book: Community, clock: FakeClock) -> dict[str, Any]:
    """A list that is over, one with an objection that waits and one that was decided, and
    something new for a third."""
    names = {}
    for name in ("@over", "@notice", "@new"):
        deed = book.deeds.report("service", resident="wang", quantity="1", by="staff:qian").id
        book.deeds.confirm(deed, by="staff:zhou")
        if name != "@new":
            names[name] = book.notices.post(days=1 if name == "@over" else 9).id
        if name == "@over":
            clock.move(days=2)
    for name in ("@objection", "@decided"):
        names[name] = book.notices.object(names["@notice"], 1, grounds="不在场", by="wu").id
    book.notices.decide(names["@decided"], upheld=False, reason="属实", by="staff:wu")
    return names


def _tell_tasks(book: Community) -> dict[str, Any]:
    book.residents.area("street")
    book.residents.area("grid", parent="street")
    book.tasks.define("errand", title="跑腿", second=True)
    book.tasks.define("post", title="护学岗", nature="project", is_open=True)
    names = {}
    for name in ("@task", "@sent", "@taken", "@begun", "@done", "@gone"):
        names[name] = task = book.tasks.ask("errand", resident="li-mother", area="grid").id
        if name not in ("@task", "@gone"):
            book.tasks.dispatch(task, to="wu")
        if name in ("@taken", "@begun", "@done"):
            book.tasks.accept(task, by="wu")
    book.tasks.check_in(names["@begun"], by="wu")
    book.tasks.finish(names["@done"], reply="好了", by="wu")
    book.tasks.reject(names["@gone"], reason="不办")
    return {**names, "@post": book.tasks.ask("post").id}


def _tell_activities(book: Community) -> dict[str, Any]:
    """An occurrence ahead, one of today with somebody in it, one that waits for its award."""
    book.residents.enrol("patrol", kind="team")
    book.teams.join("patrol", resident="wang")
    book.teams.join("patrol", resident="wu")
    book.activities.define("clean-up", title="清洁日", rule="service")
    today = book.calendar.day_of(book._book.now())
    names = {name: book.activities.plan("clean-up", on=day, start=start)[0].id
             for name, day, start in (("@planned", date(2026, 3, 20), 1), ("@today", today, 1),
                                      ("@kept", today, 2))}
    book.activities.sign_up(names["@planned"], resident="wang")
    book.activities.check_in(names["@today"], resident="wang")
    book.activities.attend(names["@kept"], ["wang"], minutes=60)
    book.activities.close(names["@kept"])
    return names


def _tell_rota(book: Community) -> dict[str, Any]:
    """Two free shifts, one of them offered, and one that somebody has."""
    book.rotas.define("nights", team="patrol", kind="errand",
                      pattern=[(1, 1200, 1320, 1), (2, 1200, 1320, 1), (3, 1200, 1320, 1)])
    taken, *free = book.rotas.plan("nights", date(2026, 3, 9), date(2026, 3, 11))
    for one in free:
        book.tasks.hand_back(one.task, resident=one.residents[0])
    book.rotas.offer(free[1].task, to="wu")
    return {"@night": taken.task, "@shift": free[0].task, "@free": free[1].task}


def _doors() -> Iterator[tuple[str, str]]:
    from lovepoints.testing import community as made

    book = made()
    for verb in VERBS:
        desk, name = verb.split(".")
        for parameter in inspect.signature(getattr(getattr(book, desk), name)).parameters:
            yield verb, parameter


def _call(book: Community, verb: str, said: Said) -> None:
    desk, name = verb.split(".")
    method: Callable[..., Any] = getattr(getattr(book, desk), name)
    found = method(*said.values()) if name == "__getitem__" else method(**said)
    if isinstance(found, Iterator):
        list(found)


def _outcome(book: Community, verb: str, said: Said) -> BaseException | None:
    try:
        _call(book, verb, said)
    except Exception as error:  # noqa: BLE001  # whatever comes is what is asked about
        return error
    return None


def _tried(book: Community, verb: str, said: Said) -> BaseException | None:
    """What a call answers, taken back whatever it was."""
    found: list[BaseException | None] = []
    try:
        with book.batch():
            found.append(_outcome(book, verb, said))
            raise Undo
    except Undo:
        return found[0]


def _is_polite(verb: str, parameter: str, error: BaseException) -> bool:
    """Whether an error is one that callers are promised."""
    if (verb, parameter) in FILES and isinstance(error, OSError):
        return True
    if isinstance(error, StoreError | UnicodeError):
        return False
    return isinstance(error, LovepointsError) or type(error) in (TypeError, ValueError, Misread)


def _contents(book: Community) -> dict[str, Any]:
    rows = dict(dump(book._book.store))
    rows.pop("key_register")
    return rows


@pytest.mark.parametrize("verb", list(VERBS))
def test_the_story_itself_is_accepted(told: tuple[Community, dict[str, Any]], verb: str) -> None:
    """Each verb, said rightly, is accepted; otherwise the doors below would prove nothing."""
    book, names = told
    said = {name: names.get(value, value) if isinstance(value, str) else value
            for name, value in VERBS[verb].items()}

    error = _tried(book, verb, said)

    assert error is None or verb in ("rulebooks.__getitem__", "deeds.repair"), error


@pytest.mark.parametrize(("verb", "parameter"), list(_doors()))
def test_a_bad_value_is_refused_politely_and_changes_nothing(
    told: tuple[Community, dict[str, Any]], verb: str, parameter: str,
) -> None:
    """Whatever stands in an argument, the answer is a promised error or a sound entry, and a
    refused call leaves nothing but its key."""
    book, names = told
    said = {name: names.get(value, value) if isinstance(value, str) else value
            for name, value in VERBS[verb].items()}
    before = _contents(book)
    rude: list[str] = []

    name = "party" if verb == "residents.describe" and parameter == "attributes" else parameter
    with book.batch():
        for value in ODD:
            call = {**said, name: value}
            error = _tried(book, verb, call)
            if error is not None and not _is_polite(verb, parameter, error):
                rude.append(f"{value!r:.60}: {type(error).__name__}: {error!s:.80}")
            if error is None and any(value is one for one in NEVER_RIGHT):
                rude.append(f"{value!r:.60}: accepted")
            if isinstance(error, Refused):
                _outcome(book, verb, call)  # undone by nobody but the verb itself

    assert rude == []
    assert _contents(book) == before


@pytest.mark.parametrize("verb", list(TRIES))
def test_a_try_takes_any_odd_value_politely(verb: str) -> None:
    """What is tried at a PIN, a code or an answer meets a promised error, whatever it is; said
    rightly, each is accepted."""
    book, names, clock = told_book()
    said = {name: names.get(value, value) for name, value in TRIES[verb].items()}
    rude: list[str] = []

    assert _outcome(book, verb, said) is None
    for name in said:
        for value in ODD:
            clock.move(hours=1)
            error = _outcome(book, verb, {**said, name: value})
            if error is not None and not _is_polite(verb, name, error):
                rude.append(f"{name}={value!r:.60}: {type(error).__name__}: {error!s:.80}")
            if error is None and any(value is one for one in NEVER_RIGHT):
                rude.append(f"{name}={value!r:.60}: accepted")

    assert rude == []
    book.books.verify()
