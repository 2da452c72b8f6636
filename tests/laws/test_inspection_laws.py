"""Laws of leads and of what is drawn, over acts of any shape."""

from __future__ import annotations

import random
from collections import Counter

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.inspecting.acts import Acts, Confirmed, Corrected, Fetched
from lovepoints.core.inspecting.drawing import drawn
from lovepoints.core.inspecting.leads import Lead, leads
from lovepoints.core.inspecting.scales import SCALES, Scales

OFFICERS = ("o-1", "o-2", "o-3")
PEOPLE = ("r-1", "r-2", "r-3", "r-4", "r-5")
LOW = Scales(
    others_least=2, pair_least=2, pair_times=2, round_least=2, month_end_least=2, relative_least=1,
    mutual_least=1, correction_least=2, new_times=2, night_least=2, fetch_least=1)
"""Bounds so low that a handful of acts has leads of every kind."""


def _confirmed(seq: int, officer: str, doer: str, odd: int, hidden: bool) -> Confirmed:
    return Confirmed(
        seq=seq, officer=officer, doer=doer, home=f"h{doer[1:]}", holder=f"h{doer[1:]}",
        rule="patrol", day="2026-03-01", at=seq * 600_000_000,
        hour=2 if odd & 1 else 12, days_to_month_end=0 if odd & 2 else 15,
        age=3 if odd & 4 else 300, points=50 if odd & 8 else 2, quantities=1,
        wholes=1 if odd & 16 else 0, hidden=hidden)


confirmations = st.lists(st.tuples(
    st.sampled_from(OFFICERS), st.sampled_from(PEOPLE), st.integers(0, 31), st.booleans(),
), max_size=24).map(lambda said: tuple(
    _confirmed(seq, *one) for seq, one in enumerate(said, 1)))


@st.composite
def acts(draw: st.DrawFn) -> Acts:
    """A few acts of three officers, of whom two live with residents."""
    seqs = st.integers(100, 130)
    return Acts(
        days=365, confirmed=draw(confirmations),
        corrected=tuple(draw(st.lists(st.builds(
            Corrected, seq=seqs, officer=st.sampled_from(OFFICERS),
            kind=st.just("adjust")), max_size=5, unique_by=lambda one: one.seq))),
        fetched=tuple(draw(st.lists(st.builds(
            Fetched, seq=st.integers(200, 230), officer=st.sampled_from(OFFICERS),
            holder=st.sampled_from([f"h{one[1:]}" for one in PEOPLE]),
            at=st.integers(0, 24).map(lambda number: number * 600_000_000)), max_size=5))),
        residents={"o-1": "r-1", "o-2": "r-2"},
        homes={"r-1": frozenset({"r-1", "h-1", "h-3"}), "r-2": frozenset({"r-2", "h-2"}),
               **{one: frozenset({one, f"h{one[1:]}"}) for one in PEOPLE[2:]}})


def about(found: tuple[Lead, ...], officer: str) -> set[tuple[str, str]]:
    """Of which kinds an officer has leads, and with whom."""
    return {(one.kind, one.other) for one in found if one.officer == officer}


@given(acts(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_acts_is_of_no_account(given_: Acts, chance: random.Random) -> None:
    """However the same acts are listed, the same leads follow, in the same order."""
    mixed = {name: tuple(chance.sample(getattr(given_, name), len(getattr(given_, name))))
             for name in ("confirmed", "corrected", "fetched")}

    assert leads(given_, LOW) == leads(attrs.evolve(given_, **mixed), LOW)


@given(acts(), st.lists(st.tuples(st.sampled_from(OFFICERS[1:]), st.sampled_from(PEOPLE)),
                        max_size=12))
@settings(deadline=None)
def test_honest_work_of_others_takes_nobody_off_the_list(
    given_: Acts, honest: list[tuple[str, str]],
) -> None:
    """Ordinary work of the other officers, by day, in mid-month, for halves of hours, removes no
    lead about the first one: not those by her own acts, nor those held against the others'."""
    more = tuple(_confirmed(50 + seq, officer, doer, 0, hidden=False)
                 for seq, (officer, doer) in enumerate(honest))

    before, after = (about(leads(one, LOW), OFFICERS[0]) for one in (
        given_, attrs.evolve(given_, confirmed=given_.confirmed + more)))

    # What is much for a newcomer is measured by what everybody gets.
    assert {one for one in before if one[0] != "new_account"} <= after


@given(confirmations)
@settings(deadline=None)
def test_what_all_do_alike_is_unusual_for_nobody(said: tuple[Confirmed, ...]) -> None:
    """Where each officer confirms the same things, nobody is listed for whole hours, for the end
    of the month or for the night: a custom of the place is no lead."""
    alike = tuple(attrs.evolve(act, seq=100 * place + act.seq, officer=officer)
                  for place, officer in enumerate(OFFICERS) for act in said)

    found = leads(Acts(days=365, confirmed=alike), LOW)

    assert not {"round", "month_end", "night"} & {one.kind for one in found}


@given(acts(), st.permutations(PEOPLE))
@settings(deadline=None)
def test_leads_tell_no_reporter(given_: Acts, order: list[str]) -> None:
    """Exchange the people behind confidential deeds for one another in any way: no lead changes.
    """
    other = dict(zip(PEOPLE, order, strict=True))
    swapped = tuple(
        attrs.evolve(act, doer=other[act.doer], home=f"h{other[act.doer][1:]}",
                     holder=f"h{other[act.doer][1:]}") if act.hidden else act
        for act in given_.confirmed)

    assert leads(given_, LOW) == leads(attrs.evolve(given_, confirmed=swapped), LOW)


@given(acts())
@settings(deadline=None)
def test_few_acts_give_no_lead(given_: Acts) -> None:
    """Below the usual minimum counts nobody is listed but for who confirms among her own."""
    few = attrs.evolve(given_, confirmed=given_.confirmed[:5], corrected=given_.corrected[:5],
                       fetched=given_.fetched[:2])

    assert {"relative"} >= {one.kind for one in leads(few, SCALES)}


@given(acts())
@settings(deadline=None)
def test_a_lead_points_at_acts_that_are_there(given_: Acts) -> None:
    """Every entry of a lead is one of its officer's acts (of a pair's: of both), and the figures
    are those of the entries."""
    own = {officer: {act.seq for name in ("confirmed", "corrected", "fetched")
                     for act in getattr(given_, name) if act.officer == officer}
           for officer in OFFICERS}

    for lead in leads(given_, LOW):
        assert set(lead.seqs) <= own[lead.officer] | own.get(lead.other, set())
        if lead.kind not in ("mutual", "fetch"):
            assert lead.figures["count"] == len(lead.seqs)


@given(st.binary(min_size=32, max_size=32), st.sets(st.integers(1, 9999), max_size=40),
       st.integers(0, 40))
def test_what_is_drawn_is_a_part_and_grows(root: bytes, seqs: set[int], count: int) -> None:
    """So many of the entries, whatever their order; a longer list holds each shorter one."""
    found = drawn(root, sorted(seqs, reverse=True), count)

    assert len(found) == min(count, len(seqs))
    assert set(found) <= seqs
    assert set(drawn(root, seqs, max(0, count - 1))) <= set(found)


def test_every_entry_is_drawn_about_as_often() -> None:
    """Over 3,000 roots each of ten entries is among the three drawn in 30 % of them, give or
    take five of its standard deviations."""
    times = Counter(seq for number in range(3000)
                    for seq in drawn(number.to_bytes(32, "big"), range(1, 11), 3))

    assert all(abs(times[seq] - 900) < 126 for seq in range(1, 11))
