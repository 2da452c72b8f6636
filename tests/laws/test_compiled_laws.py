"""The quick way to rate gives what `rate` gives, step by step, for any rulebook and any deeds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import lovepoints as lp
from lovepoints.core.deeds import Award, Refusal, Verdict
from lovepoints.core.points import (
    Band,
    Bands,
    Graded,
    PerUnit,
    Ranged,
    Thresholds,
    Tier,
    Tiers,
    quantities_of,
)
from lovepoints.core.rating.counters import Counters
from lovepoints.core.rating.rate import rate
from lovepoints.core.rating.reporting import forms_of
from lovepoints.core.rating.stream import Stream, late_at_most
from lovepoints.core.rating.together import credits_of
from lovepoints.core.rulebook import Deduction, First, Group, Repeat, Stage, Streak
from lovepoints.core.rulefiles.canonical import digest
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.core.terms import Attribute, Ceiling, Kind, Size, Validity
from lovepoints.core.values import Span
from lovepoints.desks.answers import by_kind
from tests.core.fakes import MemoryHistory, Register, limit, points, rule, rulebook

D = Decimal
ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "examples" / "rulebooks").glob("*.toml"),
                *(ROOT / "tests" / "rulebooks").glob("*.toml")])
SOME = settings(max_examples=150, deadline=None)
ZONE = "Asia/Shanghai"
FIRST = date(2026, 2, 20)

small = st.integers(0, 12).map(D)
amounts = st.one_of(small, st.sampled_from([D("0.5"), D("1.25"), D("2.5")]))
spans = st.builds(Span, st.integers(1, 40), st.sampled_from(["day", "week", "month"]))
forms = st.one_of(
    amounts.map(points),
    st.builds(Graded, values=st.fixed_dictionaries({"minor": amounts, "major": amounts})),
    st.builds(PerUnit, per=st.just("hour"), value=amounts,
              step=st.sampled_from([None, D("0.5"), D(1)]),
              round=st.sampled_from(["down", "half-up", "up"]),
              carry=st.sampled_from([None, None, None, "month"])),
    st.builds(lambda value: Bands(of="hour", bands=(
        Band(to=D(3), value=value, per=D(1)), Band(value=D(1), per=D(2)))), amounts),
    st.just(Thresholds(at_least={"hour": D(2)}, value=D(3))),
    st.just(Ranged(from_=D(2), to=D(6))),
    st.just(Tiers(of="hour", tiers=(Tier(at=D(4), value=D(3)), Tier(at=D(9), value=D(8))))),
)
validities = st.one_of(
    st.just(Validity()), st.just(Validity(after=Span(1, "month"), starts="deed_end")),
    st.builds(Validity, after=spans),
    st.builds(Validity, at_end_of=st.sampled_from(["month", "year"]), extra=spans),
    st.just(Validity(by_size=(Size(to=D(4), after=Span(1, "month")),))))


@st.composite
def limits(draw, number):
    """A limit of any shape; most are of those that are counted."""
    of = draw(st.sampled_from(["points", "points", "points", "times", "quantity"]))
    each = draw(st.sampled_from(
        ["day", "week", "month", "month", "quarter", "year", "ever", None]))
    return limit(
        draw(st.integers(1, 20)), code=f"l{number}", of=of, each=each,
        per=draw(st.sampled_from(
            ["resident", "resident", "household", "holder", "area", "community", "deed"])),
        within=None if each else Span(9, "day"),
        kind=draw(st.sampled_from(["", "", "", "point", "honour"])) if of == "points" else "",
        rules=draw(st.sampled_from([(), ("r0",), ("r0", "r1"), ("r1", "r2"), ("r3",)])),
        same=draw(st.sampled_from([(), (), (), ("place",)])),
        crossing=draw(st.sampled_from(["part", "part", "none", "warn", "queue", "ask"])))


@st.composite
def rules(draw, number):
    """A rule; most are of the common shapes."""
    more = draw(st.sampled_from([
        {}, {}, {}, {}, {"least": D(1), "most": D(6)}, {"notice_days": 3}, {"weights": (3, 1)},
        {"kinds": ("honour",)}, {"void": {"complaint": (True,)}}, {"also": {"honour": points(2)}},
        {"first": First()}, {"streak": Streak(length=2, points=D(2))},
        {"offsets": "deductions"}, {"stages": (
            Stage(code="seen", points=points(1)), Stage(code="done", points=points(4)))},
        {"deduction": Deduction(notice_days=2, appeal="村委会", repeat=Repeat())},
    ]))
    form = None if "stages" in more else draw(forms)
    parts = draw(st.integers(1, 2)) if isinstance(form, Graded) else 1
    return rule(form, f"r{number}", parts=parts, **more)


@st.composite
def rulebooks(draw):
    """A rulebook of four rules under up to four limits."""
    kind = Kind(decimals=draw(st.integers(0, 1)), rounding=draw(
        st.sampled_from(["down", "half-up", "up"])), ceiling=draw(
        st.sampled_from([None, None, None, Ceiling(points=D(30))])))
    return rulebook(
        *(draw(rules(number)) for number in range(4)),
        limits=tuple(draw(limits(number)) for number in range(draw(st.integers(0, 4)))),
        kinds=(kind, Kind(code="honour", credited=draw(st.booleans()) and draw(st.booleans()))),
        attributes=(Attribute(code="complaint", type="yes-no"),),
        groups=draw(st.sampled_from([
            (), (), (Group(code="g", rules=("r2", "r3"), each="month"),)])),
        notice_days=draw(st.sampled_from([0, 0, 5])), validity=draw(validities),
        starts_on=draw(st.sampled_from(["notice_end", "deed_day"])),
        several_rules=draw(st.sampled_from(["highest", "sum", "ask"])),
        week_start=draw(st.integers(0, 6)), year_start=draw(st.sampled_from([(1, 1), (3, 1)])))


PEOPLE = (("li", "h1", "g1"), ("wang", "h1", "g1"), ("chen", "h2", ""), ("zhao", "", "g1"),
          ("li", "", ""), ("li", "h2", ""))


@st.composite
def streams(draw, book, most=14):
    """Deeds in the order of their days, some of them late, with what their rules ask for."""
    told, day = [], FIRST
    for _ in range(draw(st.integers(1, most))):
        day += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 6, 40])))
        one = draw(st.sampled_from(book.rules))
        doer, household, area = draw(st.sampled_from(PEOPLE))
        names = sorted({name for form in forms_of(one) for name in quantities_of(form)})
        grades = sorted({grade for form in forms_of(one) if isinstance(form, Graded)
                         for grade in form.values})
        codes = [stage.code for stage in one.stages] or [""]
        last = told[-1] if told and told[-1]["rule"] == one.code else None
        if last and last["stage"] != codes[-1] and draw(st.booleans()):
            stage = codes[codes.index(last["stage"]) + 1]
            told.append({**last, "stage": stage, "on": day})  # the same deed, a stage later
            continue
        told.append({
            "rule": one.code, "doer": doer, "household": household, "area": area,
            "holder": household if book.holder == "household" and household else doer,
            "on": day - draw(st.sampled_from([0, 0, 0, 1])) * late_at_most(book),
            "quantities": {name: draw(st.sampled_from(["0.5", "1.75", "2", "3", "7.5"]))
                           for name in names},
            "grades": tuple(draw(st.sampled_from(grades)) for _ in range(one.parts))
            if grades else (),
            "points": draw(st.sampled_from([None, None, D(2)])),
            "stage": codes[0], "deed": f"deed-{len(told)}",
            "end_day": draw(st.sampled_from([None, None, day + timedelta(days=5)])),
            "same": draw(st.sampled_from([{}, {}, {"place": "p"}, {"matter": "m"}])),
            "attributes": draw(st.sampled_from([{}, {}, {"complaint": True}])),
        })
    return told


def asked(told):
    """Facts for the register, and the verdict."""
    verdict = Verdict(grades=told["grades"], points=told["points"], stage=told["stage"],
                      reason=True)
    own = {name: value for name, value in told.items()
           if name not in ("grades", "points", "stage")}
    return own, verdict


def said(told):
    """The same deed as somebody says it to a rater: only what there is to say."""
    quantities = told["quantities"]
    quantity = next(iter(quantities.values())) if len(quantities) == 1 else quantities
    everything = {
        "resident": told["doer"], "on": told["on"], "grade": told["grades"], "quantity": quantity,
        "household": told["household"], "area": told["area"], "points": told["points"],
        "stage": told["stage"], "deed": told["deed"] if told["stage"] else "",
        "end_day": told["end_day"], "attributes": told["attributes"],
        "reason": "x" if told["points"] else "", **told["same"]}
    return {name: value for name, value in everything.items() if value}


def written(award):
    """Everything that an award says, its steps as they stand in an entry."""
    if isinstance(award, Refusal):
        return award
    return attrs.evolve(award, steps=()), [step.to_json() for step in award.steps]


def rated(register, told):
    """The award by `rate` itself, which adds every credit up, and the facts that it was given."""
    own, verdict = asked(told)
    award = register.do(own.pop("rule"), verdict=verdict, **own)
    # A deed whose confirmation is refused is as if nobody had spoken of it.
    known = register.history.reports.pop() if isinstance(award, Refusal) else (
        register.history.reports[-1])
    return award, known, verdict


def compare_stream(book, told):
    """Every deed of a stream is worth what `rate` says, whichever way it goes."""
    register, stream, twin = (make(book) for make in (Register, a_stream, a_stream))
    for one in told:
        expected, known, verdict = rated(register, one)
        quick = twin.known(known, verdict)
        event(f"quick: {quick is not None}")

        assert written(expected) == written(stream.rate(known, verdict))
        if quick:
            assert expected.parts[0].points == twin.judge(quick, known)[0]
        else:
            assert written(expected) == written(twin.rate(known, verdict))


def a_stream(book):
    """A stream that has seen nothing yet."""
    return Stream(book, book.calendar(ZONE))


@SOME
@given(st.data())
def test_a_stream_is_rated_as_deed_by_deed(data):
    """Points, dates, steps, times, quantities and what waits are those that `rate` gives."""
    book = data.draw(rulebooks())

    compare_stream(book, data.draw(streams(book)))


@st.composite
def common_limits(draw):
    """Limits that leave every rule on the quick way: half of the time all in points, all for the
    same people, as most rulebooks have them."""
    is_plain = draw(st.booleans())
    of = st.just("points") if is_plain else st.sampled_from(["points", "points", "times"])
    per = st.just(draw(st.sampled_from(["resident", "holder", "community"]))) if is_plain else (
        st.sampled_from(["resident", "household", "holder", "area", "community"]))
    found = draw(st.lists(st.builds(
        limit, st.integers(1, 9), of=of, per=per,
        each=st.sampled_from(["day", "month", "year", "ever"]),
        rules=st.sampled_from([(), (), ("r0",)]),
        crossing=st.sampled_from(["part", "part", "none", "warn"])), min_size=1, max_size=4))
    return tuple(attrs.evolve(one, code=f"l{number}") for number, one in enumerate(found))


@SOME
@given(common_limits(), st.data())
def test_common_rules_are_rated_quickly_under_any_limits(drawn, data):
    """Rules that all go the quick way meet their limits often, each in its own way."""
    book = rulebook(rule(points(2), "r0"), rule(points(3), "r1"), notice_days=0,
                    several_rules="sum", limits=drawn)
    told = [{**one, "points": None, "same": {}} for one in data.draw(streams(book, most=20))]

    compare_stream(book, told)

    assert all(a_stream(book).compiled(one.code) for one in book.rules)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_written_rulebooks_are_rated_as_deed_by_deed(path, data):
    """The same for the rulebooks that communities use, and for the invented ones."""
    book = attrs.evolve(parse(path.read_text(encoding="utf-8"), path.name).rulebook,
                        effective=date(2019, 1, 1))

    compare_stream(book, data.draw(streams(book)))


@SOME
@given(st.data())
def test_counters_change_nothing_but_the_time(data):
    """With counters that learn, are added to, dropped and forgotten, `rate` gives what it gives
    without."""
    book = data.draw(rulebooks())
    calendar = book.calendar(ZONE)
    register = Register(book)
    counters = Counters(book, calendar, kept=timedelta(days=data.draw(st.integers(0, 40))))
    for one in data.draw(streams(book)):
        before = MemoryHistory([*register.history.rows], {}, [*register.history.reports])
        expected, known, verdict = rated(register, one)
        found = rate(book, book.rule(known.rule), known, verdict, before, calendar, counters)

        assert written(expected) == written(found)
        if isinstance(found, Award):
            counters.add(credits_of(known, found, verdict.stage))
        if data.draw(st.integers(0, 5)) == 0:
            counters.forget()


@SOME
@given(st.data())
def test_a_rater_says_what_a_book_would(data):
    """The public door gives the points and the steps of `rate`, or its refusal."""
    book = data.draw(rulebooks())
    book = attrs.evolve(book, digest=digest(book))
    register, rater = Register(book), lp.Rater(book)
    for one in data.draw(streams(book)):
        expected, _, _ = rated(register, one)
        try:
            found = rater.rate(one["rule"], **said(one))
        except lp.Refused as refused:
            assert isinstance(expected, Refusal)
            assert (expected.code, expected.facts) == (refused.code, refused.facts)
            continue

        assert [step.to_json() for step in expected.steps] == [
            step.to_json() for step in found.award.reasons]
        assert by_kind(book, ((part.unit, part.points) for part in expected.parts)) == (
            found.award.amounts)
        assert by_kind(book, expected.waiting.items()) == found.award.waiting
        assert found.award.amounts.get("point", 0) == found.points

