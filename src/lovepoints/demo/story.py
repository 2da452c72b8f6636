"""What a year shows: its figures, and one of everything that people hold in their hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import attrs

from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.journal import Entry
from lovepoints.core.verifying import Verification
from lovepoints.demo.goods import RICE
from lovepoints.demo.playing import Played
from lovepoints.desks.answers import Decision
from lovepoints.desks.passbooks import Passbook
from lovepoints.desks.shop_answers import Cover, Fetcher, Redemption, ShelfItem


@attrs.frozen(kw_only=True, eq=False)
class Story:
    """The year looked back on, from its last evening."""

    figures: Mapping[str, int]
    names: Mapping[str, str]
    titles: Mapping[str, str]
    passbook: Passbook
    decision: Decision
    handed: Redemption | None
    reserved: Redemption | None
    item: ShelfItem
    fetchers: tuple[Fetcher, ...]
    shelf: tuple[ShelfItem, ...]
    cover: Cover
    checkpoint: Checkpoint
    verification: Verification


def story(played: Played) -> Story:
    """Look back on a year."""
    community = played.community
    entries = tuple(community.books.entries())
    passbook = community.passbooks.of(_liveliest(entries, played), lines=200)
    held = community.shop.with_state("held")
    return Story(
        figures=_figures(entries, played),
        names={villager.code: villager.name for villager in played.village.villagers},
        titles=passbook.titles, passbook=passbook,
        decision=community.deeds.history(_remarkable(entries))[-1],
        handed=_dearest(entries, played), reserved=held[-1] if held else None,
        item=community.shop.item(RICE), fetchers=community.shop.who_may_fetch(RICE),
        shelf=community.shop.shelf(), cover=community.shop.cover(),
        checkpoint=community.books.checkpoint(), verification=community.books.verify(),
    )


def _figures(entries: tuple[Entry, ...], played: Played) -> dict[str, int]:
    """How often what happened."""
    kinds = Counter(entry.kind for entry in entries)
    return {
        "households": len({one.household for one in played.village.villagers}),
        "residents": len(played.village.villagers),
        "officers": len(played.village.officers) + 1,
        "items": kinds["stock"],
        "entries": len(entries),
        "reports": kinds["report"], "confirmed": kinds["confirm"], "rejected": kinds["reject"],
        "duplicates": kinds["duplicate"], "withdrawn": kinds["withdraw"],
        "reopened": kinds["reopen"],
        "issued": _points(entries, "issued", source=True),
        "deducted": _points(entries, "deducted"),
        "cleared": _points(entries, "expired"),
        "redeemed": _points(entries, "redeemed"),
        "redemptions": kinds["redeem"] + kinds["collect"], "reservations": kinds["hold"],
        "returns": kinds["return"], "counted": kinds["count"],
        "refused": sum(played.refused.values()),
    }


def _points(entries: tuple[Entry, ...], account: str, *, source: bool = False) -> int:
    """The points of the first kind that went to (or came from) an account, opening aside."""
    return sum(posting.amount for entry in entries if entry.kind != "opening"
               for posting in entry.postings
               if posting.unit == "point:spend"
               and account == (posting.source if source else posting.target))


def _liveliest(entries: tuple[Entry, ...], played: Played) -> str:
    """The active resident who fetched most often: a passbook with something in it."""
    fetched = Counter(
        posting.source for entry in entries if entry.kind in ("redeem", "collect")
        for posting in entry.postings if posting.target == "redeemed")
    passbooks = played.community.passbooks
    codes = played.village.active[:30]
    return max(codes, key=lambda code: fetched[f"passbook/{passbooks.holder(code)}"])


def _remarkable(entries: tuple[Entry, ...]) -> str:
    """The deed whose points somebody decided by hand, the last of them; else the last deed."""
    confirmed = [entry for entry in entries if entry.kind == "confirm"
                 and any(posting.source == "issued" for posting in entry.postings)]
    by_hand = [entry for entry in confirmed if entry.rule == "by-hand"]
    return (by_hand or confirmed)[-1].subject


def _dearest(entries: tuple[Entry, ...], played: Played) -> Redemption | None:
    """What was fetched on the last day of the shop for most points; None if nothing ever was."""
    handed = [entry for entry in entries if entry.kind == "redeem"]
    if not handed:
        return None
    last = [entry for entry in handed if entry.day == handed[-1].day]
    dearest = max(last, key=lambda entry: sum(
        posting.amount for posting in entry.postings if posting.target == "redeemed"))
    return played.community.shop[dearest.subject]
