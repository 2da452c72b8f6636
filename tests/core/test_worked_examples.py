"""The worked examples of seven real rulebooks that rating alone decides, as rows of tables.

Each row is one example: its number there, the deeds in order, and the points credited for each.
Where a text leaves a matter open, every reading is a row under its own setting. What needs a
passbook (redemption, clearing, floors, suspension below a balance) is tested with the desks.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lovepoints.core.deeds import Verdict
from lovepoints.core.points import Graded, PerUnit, Ranged
from lovepoints.core.rating.honours import Total, rank, totals
from lovepoints.core.rating.rate import report_refusal
from lovepoints.core.rulebook import Deduction, Stage
from lovepoints.core.terms import Kind, Rank
from lovepoints.errors import Code
from tests.core.fakes import (
    SHANGHAI,
    MemoryHistory,
    Register,
    credited,
    facts,
    hours,
    limit,
    points,
    refused,
    rule,
    rulebook,
)

D = Decimal
TAKES = Deduction(notice_days=0, appeal="村委会")


def takes(value, code):
    """A rule that takes points."""
    return rule(points(value), code=code, deduction=TAKES)


# --- Baijia village points bank

BAIJIA = rulebook(
    rule(points(10), code="R1"), rule(points(1), code="R2"), rule(points(1), code="R3"),
    rule(points(1), code="R4"), takes(1, "D2"), takes(2, "D5"), holder="household")


@pytest.mark.parametrize(("example", "rules", "expected"), [
    ("E2", ["R1"], [10]),
    ("E4", ["R2", "R3", "R4", "D2"], [1, 1, 1, -1]),
    ("E5", ["D5"], [-2]),
    ("E7", ["R2"], [1]),
    ("E9", ["R1"], [10]),
])
def test_points_bank(example, rules, expected):
    """Members' good and bad marks go to the household as they are."""
    register = Register(BAIJIA)

    found = [register.points(code, on="2019-06-01", holder="h1") for code in rules]

    assert expected == found


# --- Hailin community volunteers

def hailin(step=None, decimals=0):
    """Points and hours side by side; two hours an activity; a complaint voids both."""
    return rulebook(
        rule(hours(1, step=step), code="R1", needs=("event",), void={"complaint": (True,)},
             also={"hours": hours(1, step=step)}),
        rule(PerUnit(per="person", value=D(2)), code="R2"),
        kinds=(Kind(decimals=decimals),
               Kind(code="hours", credited=False, spendable=False, decimals=decimals)),
        limits=(limit(2, rules=("R1",), of="quantity", same=("event",)),))


@pytest.mark.parametrize(("example", "quantities", "events", "expected"), [
    ("E1", ["2"], ["k1"], [2]),
    ("E2", ["3.5"], ["k2"], [2]),
    ("E3", ["2", "1"], ["k3", "k4"], [2, 1]),
    ("E9", ["2", "2"], ["k7", "k8"], [2, 2]),
])
def test_volunteer_hours(example, quantities, events, expected):
    """An hour is a point, at most two an activity; hours are kept beside the points."""
    register = Register(hailin())

    awards = [register.do("R1", hour=quantity, same={"event": event})
              for quantity, event in zip(quantities, events, strict=True)]

    assert expected == [credited(award) for award in awards]
    assert expected == [credited(award, "hours") for award in awards]


def test_volunteer_after_a_complaint():
    """E4: an activity that was complained about counts no hours."""
    award = Register(hailin()).do(
        "R1", hour="2", same={"event": "k5"}, attributes={"complaint": True})

    assert (0, 0, 0) == (credited(award), credited(award, "hours"), award.quantity)


def test_volunteer_who_recommends_others():
    """E5: two points for each person who joined."""
    assert 4 == Register(hailin()).points("R2", quantities={"person": 2})


def test_activity_that_was_not_announced():
    """E7: without a registered activity the report is not taken."""
    book = hailin()

    refusal = report_refusal(book, book.rule("R1"), facts("R1", hour="2"), MemoryHistory())

    assert Code.FACT_MISSING == refused(refusal)
    assert ["event"] == refusal.facts["missing"]


@pytest.mark.parametrize(("reading", "book", "expected"), [
    ("in proportion", hailin(decimals=1), 15),
    ("full hours only", hailin(step=D(1), decimals=1), 10),
    ("full hours only", hailin(), 1),
])
def test_volunteer_for_an_hour_and_a_half(reading, book, expected):
    """E8: both readings can be said."""
    award = Register(book).do("R1", hour="1.5", same={"event": "k6"})

    assert (expected, expected) == (credited(award), credited(award, "hours"))


# --- A community's household honours

def honours(several="highest"):
    """Honours, schooling and public work of households."""
    worth = {"R04": 15, "R06": 5, "R09": 5, "R10": 3, "R11": 30, "R13": 10, "R14": 10, "R15": 5,
             "R16": 5}
    return rulebook(
        *(rule(points(value), code=code) for code, value in worth.items()),
        holder="household", several_rules=several,
        limits=(limit(1, rules=("R14",), of="times", per="household", each="year"),))


@pytest.mark.parametrize(("example", "deeds", "expected"), [
    ("E1", [("R15", "2024-03-02", "father"), ("R15", "2024-03-02", "mother")], [5, 5]),
    ("E2", [("R04", "2024-05-01", "father"), ("R06", "2024-06-01", "father")], [15, 5]),
    ("E3", [("R09", "2024-08-20", "daughter"), ("R10", "2024-09-01", "son")], [5, 3]),
    ("E5", [("R14", "2024-03-01", "father"), ("R14", "2024-10-01", "father"),
            ("R14", "2025-02-01", "father")], [10, 0, 10]),
    ("E6", [("R16", "2024-04-01", "mother"), ("R16", "2024-04-08", "mother"),
            ("R16", "2024-04-15", "mother")], [5, 5, 5]),
])
def test_household_honours(example, deeds, expected):
    """Person-times add up for the household; leading others counts once a year."""
    register = Register(honours())

    found = [register.points(code, on=day, doer=who, holder="h1", household="h1",
                             same={"event": "k1"}) for code, day, who in deeds]

    assert expected == found


@pytest.mark.parametrize(("several", "expected"), [("highest", [30, 0]), ("sum", [30, 10])])
def test_best_of_province_and_county(several, expected):
    """E8: one matter under two rules counts the highest, or both; both readings can be said."""
    register = Register(honours(several))

    found = [register.points(code, on="2024-07-01", same={"matter": "exam"})
             for code in ("R11", "R13")]

    assert expected == found


# --- Luoyu village: points to spend and honour

LUOYU = rulebook(
    rule(points(5), code="R01", unique=("event",)), rule(points(15), code="R03"),
    rule(points(10), code="R12"), takes(20, "D17"),
    rule(Ranged(from_=D(0), to=D(100)), code="manual"),
    kinds=(Kind(code="spend"), Kind(code="honour", spendable=False)))


@pytest.mark.parametrize(("example", "rules", "expected"), [
    ("E1", ["R01", "R03"], [5, 15]),
    ("E3", ["R12"], [10]),
    ("E4", ["D17"], [-20]),
])
def test_two_accounts(example, rules, expected):
    """Every line goes to both accounts alike."""
    register = Register(LUOYU)

    awards = [register.do(code, same={"event": "k0"}) for code in rules]

    assert expected == [credited(award, "spend") for award in awards]
    assert expected == [credited(award, "honour") for award in awards]


def test_second_check_in():
    """E11: the same person checks in to the same activity once."""
    register = Register(LUOYU)
    register.do("R01", same={"event": "k1"})
    again = facts("R01", deed="d-2", same={"event": "k1"})

    refusal = report_refusal(LUOYU, LUOYU.rule("R01"), again, register.history)

    assert Code.DUPLICATE_CHECKIN == refused(refusal)


def test_more_than_a_hundred_by_hand():
    """E12: an entry by hand has its bound."""
    award = Register(LUOYU).do("manual", verdict=Verdict(points=D(120), reason=True))

    assert Code.AMOUNT_NOT_BY_RULE == refused(award)


# --- Waste sorting by household

def sorting(crossing="part"):
    """At most five points a household and day over all rules, once a pledge is signed."""
    worth = {"R1": 1, "R2": 2, "R3": 4, "R4": 1}
    return rulebook(
        *(rule(points(value), code=code, requires={"pledge": (True,)})
          for code, value in worth.items()),
        limits=(limit(5, per="household", each="day", crossing=crossing),), holder="household")


@pytest.mark.parametrize(("example", "crossing", "deeds", "expected"), [
    ("E1", "part", [("R1", 1)], [1]),
    ("E2", "part", [("R2", 1)], [2]),
    ("E3", "part", [("R3", 1), ("R4", 1)], [4, 1]),
    ("E4, the rest is not counted", "part", [("R3", 1), ("R3", 1)], [4, 1]),
    ("E4, the whole is not counted", "none", [("R3", 1), ("R3", 1)], [4, 0]),
    ("E6", "part", [("R3", 1), ("R4", 1), ("R3", 2)], [4, 1, 4]),
    ("E8", "part", [("R3", 1), ("R4", 1), ("R2", 2), ("R3", 3)], [4, 1, 2, 4]),
])
def test_sorting(example, crossing, deeds, expected):
    """Five points a household and day; both readings of the crossing can be said."""
    register = Register(sorting(crossing))

    found = [register.points(code, on=date(2020, 12, day), household="h1", holder="h1")
             for code, day in deeds]

    assert expected == found


@pytest.mark.parametrize(("crossing", "expected"), [("part", [4, 1]), ("none", [4, 0])])
def test_sorting_by_two_members(crossing, expected):
    """E5: the cap is the household's, whoever brings the bag."""
    register = Register(sorting(crossing))

    found = [register.points("R3", doer=who, household="h1", holder="h1") for who in ("a", "b")]

    assert expected == found


def test_sorting_without_a_pledge():
    """E7: the report names what is missing."""
    book = sorting()
    own = facts("R3", attributes={"pledge": False})

    refusal = report_refusal(book, book.rule("R3"), own, MemoryHistory())

    assert Code.PRECONDITION_MISSING == refused(refusal)
    assert ["pledge"] == refusal.facts["missing"]


# --- Zhuqu village: three faces

ZHUQU = rulebook(
    rule(Graded(values={"smile": D(5), "blank": D(2), "cry": D(0)}), code="R1", parts=3),
    holder="household", limits=(limit(1, of="times", per="household", each="month"),))


@pytest.mark.parametrize(("example", "rounds", "expected"), [
    ("E1", [("2019-05-06", "sss")], [15]),
    ("E2", [("2019-05-06", "sbc")], [7]),
    ("E3", [("2019-06-06", "ccc")], [0]),
    ("E4", [("2019-05-06", "ssb")], [12]),
    ("E7", [("2019-05-06", "sbc"), ("2019-06-06", "sss")], [7, 15]),
    ("E8", [("2019-05-06", "sbb"), ("2019-05-20", "sss")], [9, 0]),
    ("a round of crying faces is the month's round",
     [("2019-05-06", "ccc"), ("2019-05-20", "sss")], [0, 0]),
])
def test_faces(example, rounds, expected):
    """Three faces a round, one round a month."""
    register = Register(ZHUQU)
    names = {"s": "smile", "b": "blank", "c": "cry"}

    found = [register.points("R1", on=day, household="h1",
                             verdict=Verdict(grades=tuple(names[face] for face in faces)))
             for day, faces in rounds]

    assert expected == found


# --- Zigong hazard reports

ZIGONG = rulebook(
    rule(code="R", stages=(
        Stage(code="reported", points=points(1), automatic=True),
        Stage(code="verified", points=points(5)))),
    takes(3, "D1"), takes(3, "D2"))


@pytest.mark.parametrize(("example", "deeds", "expected"), [
    ("E1", [("R", "reported", "d1"), ("R", "verified", "d1")], [1, 5]),
    ("E2", [("R", "reported", "d1")], [1]),
    ("E4", [("R", "reported", "d1"), ("D1", "", "d2")], [1, -3]),
    ("E5", [("R", "reported", "d1"), ("R", "verified", "d1"), ("R", "reported", "d2"),
            ("R", "verified", "d2"), ("R", "reported", "d3")], [1, 5, 1, 5, 1]),
    ("E8", [("D2", "", "d1"), ("D2", "", "d2"), ("D2", "", "d3"), ("D2", "", "d4")],
     [-3, -3, -3, -3]),
])
def test_hazards(example, deeds, expected):
    """One point on report, five more when verified; false reports cost three."""
    register = Register(ZIGONG)

    found = [register.points(code, deed=deed, verdict=Verdict(stage=stage))
             for code, stage, deed in deeds]

    assert expected == found


def test_ranking_begins_anew_with_the_year():
    """E6: points stay, the ranking is of the calendar year."""
    register = Register(ZIGONG)
    for day in ("2025-03-04", "2025-06-08", "2026-01-05"):
        register.do("R", on=day, verdict=Verdict(stage="reported"))
    register.do("R", on="2025-03-04", verdict=Verdict(stage="verified"), deed="d-1")

    earned = [totals(register.history.rows, "point", SHANGHAI.period(date(year, 7, 1), "year"))
              for year in (2025, 2026)]

    assert [7, 1] == [total.earned for (total,) in earned]


def test_top_ten_skips_those_already_honoured():
    """E7: the direct grantee takes no place; the tenth of the others is the last."""
    listed = [Total(holder=holder, earned=60 - place) for place, holder in
              enumerate("ABCDEFGHIJKL")]

    places = rank(ZIGONG, Rank(code="A2", title="安全卫士", top=10), listed, {"A"})

    assert list("BCDEFGHIJK") == [place.holder for place in places]
