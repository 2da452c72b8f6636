"""Each bound of an inspection, from both sides: what is just a lead, and what is not quite one."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from lovepoints.core.inspecting.acts import Acts, Confirmed, Corrected, Fetched
from lovepoints.core.inspecting.leads import leads
from lovepoints.core.inspecting.scales import Scales

MINUTE = 60_000_000


def deeds(
    count: int, officer: str = "wu", home: str = "h-{}", first: int = 0, **more: Any,  # Any: fields
) -> tuple[Confirmed, ...]:
    """So many confirmations of an officer, each of another home unless told."""
    start = 1000 * (ord(officer[0]) - ord("a")) + first
    said = {"rule": "help", "day": "2026-03-01", "hour": 12, "days_to_month_end": 15, "age": 300,
            "points": 2, "quantities": 1, **more}
    return tuple(Confirmed(
        seq=start + number, officer=officer, at=(start + number) * MINUTE, holder="p",
        home=home.format(number), doer=f"of {home.format(number)}", **said)
        for number in range(count))


def found(*acts: tuple[Any, ...], **more: Any) -> list[str]:  # Any: acts of every kind
    """The kinds of leads, by the usual scales."""
    every = [one for some in acts for one in some]
    kinds = {"confirmed": Confirmed, "corrected": Corrected, "fetched": Fetched}
    by_kind: dict[str, Any] = {  # Any: acts of one kind, known by its name only
        name: tuple(one for one in every if isinstance(one, kind)) for name, kind in kinds.items()}
    return [one.kind for one in leads(Acts(days=365, **by_kind, **more), Scales())]


def spread(such: int, all_: int, theirs: int, rest: int, **odd: Any) -> list[str]:  # Any: fields
    """So many of Wu's deeds are odd, and so many of those of all others."""
    return found(deeds(such, **odd), deeds(all_ - such, first=100),
                 deeds(theirs, "zhou", **odd), deeds(rest - theirs, "zhou", first=100))


@pytest.mark.parametrize(("one", "others", "each", "kinds"), [
    (12, 8, 3, ["pair"]), (11, 8, 2, []),  # twelve are enough to say something
    (12, 24, 1, ["pair"]), (12, 25, 1, []),  # a third of all
    (16, 3, 4, ["pair"]), (16, 3, 5, []),  # four times the others' usual
])
@pytest.mark.parametrize("hidden", [False, True])
def test_one_home(one: int, others: int, each: int, kinds: list[str], hidden: bool) -> None:
    """A lead where one home has enough, a third, and many times the others'."""
    acts = [deeds(one, home="much", hidden=hidden)]
    acts += [deeds(each, home=f"h-{place}", first=100 * place + 100, hidden=hidden)
             for place in range(others)]

    assert [("hidden_" if hidden else "") + kind for kind in kinds] == found(*acts)


@pytest.mark.parametrize(("most", "kinds"), [(4, ["pair"]), (5, [])])
def test_the_usual_of_two_homes_is_the_upper(most: int, kinds: list[str]) -> None:
    """Sixteen are four times four, whatever the other home has less."""
    assert kinds == found(deeds(16, home="much"), deeds(3, home="h", first=100),
                          deeds(most, home="g", first=200))


def test_a_home_s_ordinary_and_confidential_deeds_are_counted_apart() -> None:
    """Eight of each are not sixteen."""
    assert [] == found(deeds(8, home="much"), deeds(8, home="much", first=50, hidden=True))


def test_parts_of_a_joint_deed_are_one_confirmation() -> None:
    """Six deeds of two people are not twelve."""
    acts = deeds(6, home="much")

    assert [] == found(acts, tuple(attrs.evolve(one, doer="another") for one in acts))


@pytest.mark.parametrize("odd", [
    {"days_to_month_end": 2}, {"hour": 23}, {"hour": 4},
], ids=["month_end", "late", "early"])
@pytest.mark.parametrize(("such", "all_", "theirs", "rest", "kinds"), [
    (12, 24, 1, 20, True), (12, 24, 0, 19, False),  # too few others to compare with
    (12, 24, 11, 40, False),  # what others do too
    (5, 9, 0, 40, False),  # too few to say something
])
def test_what_is_unusual(
    odd: dict[str, int], such: int, all_: int, theirs: int, rest: int, kinds: bool,
) -> None:
    """At night and at the end of months: much of one's own, little of the others'."""
    kind = "month_end" if "days_to_month_end" in odd else "night"

    assert [kind] * kinds == spread(such, all_, theirs, rest, **odd)


@pytest.mark.parametrize(("odd", "counts", "kinds"), [
    ({"days_to_month_end": 3}, (24, 24, 0, 40), []),
    ({"days_to_month_end": 2}, (12, 25, 0, 40), []),
    ({"days_to_month_end": 2}, (12, 24, 10, 40), ["month_end"]),
    ({"days_to_month_end": 2}, (12, 24, 11, 40), []),
    ({"days_to_month_end": 2}, (11, 11, 0, 40), []),
    ({"hour": 22}, (24, 24, 0, 40), []), ({"hour": 5}, (24, 24, 0, 40), []),
    ({"hour": -1}, (24, 24, 0, 40), []),
    ({"hour": 2}, (6, 24, 2, 40), ["night"]), ({"hour": 2}, (6, 25, 2, 40), []),
    ({"hour": 2}, (6, 24, 3, 40), []),
])
def test_the_bounds_of_hours_and_days(
    odd: dict[str, int], counts: tuple[int, int, int, int], kinds: list[str],
) -> None:
    """From 23 until 5, the last three days; what was written down later tells no hour."""
    assert kinds == spread(*counts, **odd)


def test_what_was_written_down_later_does_not_thin_out_the_night() -> None:
    """Neither one's own deeds without an hour nor those of others are counted."""
    night = deeds(6, hour=2)

    assert ["night"] == found(night, deeds(40, first=100, hour=-1), deeds(20, "zhou"))
    assert [] == found(night, deeds(19, "zhou"), deeds(40, "zhou", first=100, hour=-1))


@pytest.mark.parametrize(("whole", "half", "theirs", "rest", "kinds"), [
    (18, 2, 10, 20, ["round"]), (17, 2, 10, 20, []), (11, 0, 0, 20, []),
    (18, 2, 11, 21, []), (18, 2, 0, 19, []),
])
def test_whole_hours(whole: int, half: int, theirs: int, rest: int, kinds: list[str]) -> None:
    """Nine tenths whole, where half of the others' are not."""
    assert kinds == found(deeds(whole, wholes=1), deeds(half, first=100),
                          deeds(theirs, "zhou", wholes=1), deeds(rest - theirs, "zhou", first=100))


def test_whole_hours_are_compared_rule_by_rule() -> None:
    """Where a rule's quantities are whole by nature nobody is listed for them."""
    assert [] == found(deeds(30, wholes=1, rule="count"), deeds(30, "zhou", wholes=1, rule="count"),
                       deeds(30, "zhou", first=100))


@pytest.mark.parametrize(("minutes", "times", "kinds"), [
    (0, 3, ["fetch"]), (60, 3, ["fetch"]), (61, 3, []), (-1, 3, []), (10, 2, []),
])
def test_handed_out_soon_after(minutes: int, times: int, kinds: list[str]) -> None:
    """Three times within the hour, by the one who confirmed."""
    # Two hours apart, so that one confirmation is near one hand-over only.
    given = [attrs.evolve(one, at=one.seq * 1000 * MINUTE) for one in deeds(times)]
    fetched = [Fetched(seq=9000 + place, officer="wu", holder="p", at=one.at + minutes * MINUTE)
               for place, one in enumerate(given)]

    assert kinds == found(tuple(given), tuple(fetched))
    assert [] == found(tuple(given), tuple(attrs.evolve(one, officer="li") for one in fetched))


@pytest.mark.parametrize(("corrections", "kinds"), [(6, ["corrections"]), (5, [])])
@pytest.mark.parametrize("more", [0, 1])
def test_corrections(corrections: int, kinds: list[str], more: int) -> None:
    """Six, and a fifth of what the officer did."""
    acts = tuple(Corrected(seq=place, officer="wu", kind="reverse")
                 for place in range(corrections))

    assert kinds * (not more) == found(acts, deeds(4 * corrections + more))


@pytest.mark.parametrize(("points", "age", "people", "kinds"), [
    (20, 13, 20, ["new_account"]), (20, 14, 20, []), (20, 13, 19, []), (9, 13, 20, []),
])
def test_first_days(points: int, age: int, people: int, kinds: list[str]) -> None:
    """Five times what one deed is worth, in the first fortnight, where others can be compared."""
    assert kinds == found(deeds(people - 1), deeds(1, "zhou", home="new", points=points, age=age))


@pytest.mark.parametrize(("usual", "kinds"), [(52, ["new_account"]), (53, [])])
def test_first_days_are_held_against_as_many_days(usual: int, kinds: list[str]) -> None:
    """Ten points in a fortnight are five times what 52 in a year are, and not what 53 are."""
    others = [deeds(usual, home=f"h-{place}", first=100 * place, points=1)
              for place in range(20)]

    assert kinds == found(*others, deeds(1, "zhou", home="new", points=10, age=3))



@pytest.mark.parametrize(("count", "hidden", "kinds"), [
    (2, False, ["relative"]), (1, False, []), (2, True, []),
])
def test_own_people(count: int, hidden: bool, kinds: list[str]) -> None:
    """Two deeds of who ever lived with the officer; nothing is said of confidential ones."""
    homes = {"r-wu": frozenset({"r-wu", "h-9"}), "of h-1": frozenset({"of h-1", "h-1", "h-9"})}

    assert kinds == found(deeds(count, home="h-1", hidden=hidden),
                          residents={"wu": "r-wu"}, homes=homes)


@pytest.mark.parametrize(("there", "back", "kinds"), [
    (3, 3, ["mutual"]), (3, 2, []), (2, 3, []),
])
@pytest.mark.parametrize("hidden", [False, True])
def test_for_each_other(there: int, back: int, kinds: list[str], hidden: bool) -> None:
    """Three in each direction."""
    acts = (deeds(there, "wu", home="z", hidden=hidden), deeds(back, "zhou", home="w"))

    assert kinds * (not hidden) == found(
        *acts, residents={"wu": "of w", "zhou": "of z"}, homes={})
