"""What is worth a look, and why: pure decisions over what officers did.

A lead accuses nobody. What names a resident goes by deeds of ordinary kinds only; where deeds of
confidential kinds heap up on one home, the lead does not say whose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, Protocol, TypeVar

import attrs

from lovepoints.core.inspecting.acts import Acts, Confirmed
from lovepoints.core.inspecting.scales import Scales, Share, exceeds, reaches

A = TypeVar("A")
K = TypeVar("K")
Kind = Literal["pair", "hidden_pair", "round", "month_end", "relative", "mutual", "corrections",
               "new_account", "night", "fetch"]


class _Numbered(Protocol):
    @property
    def seq(self) -> int:
        """Its entry."""


@attrs.frozen(kw_only=True)
class Lead:
    """Something to look at: whose acts (`officer`), with whom (`other`, "" if not told), the
    figures that led here, and the entries."""

    kind: Kind
    officer: str
    other: str = ""
    figures: Mapping[str, int] = attrs.field(factory=dict)
    seqs: tuple[int, ...] = ()


def leads(acts: Acts, scales: Scales) -> tuple[Lead, ...]:
    """Every lead, by kind, officer and the other one. The order of the acts is of no account."""
    by_officer = _grouped(acts.confirmed, lambda act: act.officer)
    found = [*_corrections(acts, by_officer, scales), *_fetches(acts, scales),
             *_relatives(acts, scales), *_mutual(acts, scales), *_new(acts, scales)]
    for officer, own in by_officer.items():
        found += _pairs(officer, own, scales)
        others = [act for act in acts.confirmed if act.officer != officer]
        for check in (_round, _month_end, _night):
            found += check(officer, own, others, scales)
    return tuple(sorted(found, key=lambda one: (one.kind, one.officer, one.other, one.seqs)))


def _pairs(officer: str, own: list[Confirmed], scales: Scales) -> Iterator[Lead]:
    """One home gets a large part of what an officer confirms, and many times what the middle one
    of his other homes gets."""
    for hidden in (False, True):
        acts = [act for act in own if act.hidden is hidden]
        homes = _grouped(acts, lambda act: act.home)
        for home, theirs in homes.items():
            count, all_ = _deeds(theirs), _deeds(acts)
            if count < scales.pair_least or not reaches(count, all_, scales.pair_share):
                continue
            usual = _median(_deeds(others) for other, others in homes.items() if other != home)
            if count >= scales.pair_times * usual:
                yield Lead(
                    kind="hidden_pair" if hidden else "pair", officer=officer,
                    other="" if hidden else home, seqs=_seqs(theirs),
                    figures={"count": count, "of": all_, "usual": usual})


def _round(
    officer: str, own: list[Confirmed], others: list[Confirmed], scales: Scales,
) -> Iterator[Lead]:
    """Nothing but whole hours, under rules where the others' quantities are mostly not whole."""
    odd = {rule for rule, acts in _grouped(others, lambda act: act.rule).items()
           if (all_ := sum(act.quantities for act in acts)) >= scales.others_least
           and not exceeds(sum(act.wholes for act in acts), all_, scales.round_others)}
    measured = [act for act in own if act.rule in odd and act.quantities]
    whole, all_ = (sum(getattr(act, name) for act in measured) for name in ("wholes", "quantities"))
    if whole >= scales.round_least and reaches(whole, all_, scales.round_share):
        yield Lead(kind="round", officer=officer, figures={"count": whole, "of": all_},
                   seqs=_seqs(act for act in measured if act.wholes))


def _month_end(
    officer: str, own: list[Confirmed], others: list[Confirmed], scales: Scales,
) -> Iterator[Lead]:
    """Much is confirmed in the last days of months."""
    yield from _unusual(
        "month_end", officer, own, others,
        lambda act: act.days_to_month_end < scales.month_end_days, scales.month_end_least,
        scales.month_end_share, scales.month_end_others, scales)


def _night(
    officer: str, own: list[Confirmed], others: list[Confirmed], scales: Scales,
) -> Iterator[Lead]:
    """Much is confirmed while others sleep."""
    yield from _unusual(
        "night", officer, [act for act in own if act.hour >= 0],
        [act for act in others if act.hour >= 0],
        lambda act: act.hour >= scales.night_from or act.hour < scales.night_until,
        scales.night_least, scales.night_share, scales.night_others, scales)


def _unusual(
    kind: Kind, officer: str, own: list[Confirmed], others: list[Confirmed],
    is_such: Callable[[Confirmed], bool], least: int, share: Share, usual: Share,
    scales: Scales,
) -> Iterator[Lead]:
    """So many of an officer's own acts are such, and hardly any of the others'."""
    such = [act for act in own if is_such(act)]
    theirs = [act for act in others if is_such(act)]
    count, all_, rest = _deeds(such), _deeds(own), _deeds(others)
    if (count >= least and reaches(count, all_, share) and rest >= scales.others_least
            and not exceeds(_deeds(theirs), rest, usual)):
        yield Lead(kind=kind, officer=officer, seqs=_seqs(such), figures={
            "count": count, "of": all_, "others": _deeds(theirs), "others_of": rest})


def _relatives(acts: Acts, scales: Scales) -> Iterator[Lead]:
    """An officer confirmed for people with whom she shares a household at some other time."""
    open_ = [act for act in acts.confirmed if not act.hidden and act.officer in acts.residents]
    near = [act for act in open_ if _near(acts, act.officer, act.doer)]
    for (officer, doer), theirs in _grouped(near, lambda act: (act.officer, act.doer)).items():
        if _deeds(theirs) >= scales.relative_least:
            yield Lead(kind="relative", officer=officer, other=doer, seqs=_seqs(theirs),
                       figures={"count": _deeds(theirs)})


def _mutual(acts: Acts, scales: Scales) -> Iterator[Lead]:
    """Two officers confirmed for each other, or for each other's homes."""
    by_pair: dict[tuple[str, str], list[Confirmed]] = defaultdict(list)
    for act in acts.confirmed:
        for officer in acts.residents if not act.hidden else ():
            if officer != act.officer and _near(acts, officer, act.doer):
                by_pair[act.officer, officer].append(act)
    for (one, other), theirs in by_pair.items():
        back = by_pair.get((other, one), [])
        if one < other and min(_deeds(theirs), _deeds(back)) >= scales.mutual_least:
            yield Lead(kind="mutual", officer=one, other=other, seqs=_seqs([*theirs, *back]),
                       figures={"count": _deeds(theirs), "back": _deeds(back)})


def _corrections(
    acts: Acts, by_officer: Mapping[str, list[Confirmed]], scales: Scales,
) -> Iterator[Lead]:
    """Much of what an officer does is taking back and correcting."""
    for officer, theirs in _grouped(acts.corrected, lambda act: act.officer).items():
        all_ = len(theirs) + _deeds(by_officer.get(officer, ()))
        if len(theirs) >= scales.correction_least and reaches(
                len(theirs), all_, scales.correction_share):
            yield Lead(kind="corrections", officer=officer, seqs=_seqs(theirs),
                       figures={"count": len(theirs), "of": all_})


def _new(acts: Acts, scales: Scales) -> Iterator[Lead]:
    """Somebody got in her first days many times what people get in as many days.

    And many times what one deed is worth, so that one large award is no lead.
    """
    paid = [act for act in acts.confirmed if not act.hidden and act.points > 0]
    doers = _grouped(paid, lambda act: act.doer)
    if len(doers) < scales.others_least:
        return
    usual = _median(sum(act.points for act in theirs) for theirs in doers.values())
    one = _median(act.points for act in paid)
    first = [act for act in paid if act.age < scales.new_days]
    for (officer, doer), theirs in _grouped(first, lambda act: (act.officer, act.doer)).items():
        points = sum(act.points for act in theirs)
        if (points * acts.days >= scales.new_times * usual * scales.new_days
                and points >= scales.new_times * one):
            yield Lead(kind="new_account", officer=officer, other=doer, seqs=_seqs(theirs),
                       figures={"count": _deeds(theirs), "points": points, "usual": usual,
                                "days": acts.days})


def _fetches(acts: Acts, scales: Scales) -> Iterator[Lead]:
    """An officer hands goods out for points that he confirmed just before."""
    given = _grouped((act for act in acts.confirmed if not act.hidden),
                     lambda act: (act.officer, act.holder))
    found: dict[str, list[int]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    window = scales.fetch_minutes * 60_000_000
    for fetch in acts.fetched:
        before = [act.seq for act in given.get((fetch.officer, fetch.holder), ())
                  if 0 <= fetch.at - act.at <= window]
        if before:
            count[fetch.officer] += 1
            found[fetch.officer] += [fetch.seq, *before]
    for officer, seqs in found.items():
        if count[officer] >= scales.fetch_least:
            yield Lead(kind="fetch", officer=officer, seqs=tuple(sorted(set(seqs))),
                       figures={"count": count[officer], "minutes": scales.fetch_minutes})


def _near(acts: Acts, officer: str, doer: str) -> bool:
    """Whether somebody is the officer at home, or ever lived in one household with her."""
    own = acts.residents.get(officer, "")
    return bool(own) and bool(acts.homes.get(own, frozenset({own}))
                              & acts.homes.get(doer, frozenset({doer})))


def _grouped(acts: Iterable[A], key: Callable[[A], K]) -> dict[K, list[A]]:
    groups: dict[K, list[A]] = defaultdict(list)
    for act in acts:
        groups[key(act)].append(act)
    return dict(groups)


def _deeds(acts: Iterable[Confirmed]) -> int:
    """How many confirmations: the parts of a joint deed are one."""
    return len({act.seq for act in acts})


def _seqs(acts: Iterable[_Numbered]) -> tuple[int, ...]:
    return tuple(sorted({act.seq for act in acts}))


def _median(values: Iterable[int]) -> int:
    """The middle one; of an even number the upper of the two."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0
