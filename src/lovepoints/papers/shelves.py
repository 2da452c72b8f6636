"""Lists for the counter: the shelf, who may fetch an item, and points against the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from lovepoints.desks.shop_answers import Cover, Fetcher, ShelfItem
from lovepoints.papers.figures import points, yuan
from lovepoints.papers.layout import Sheet, cut, titled

_WIDE_COLUMNS = 56
"""From this width on, a shelf list shows what is reserved and the next best-before day."""

_NAME_COLUMNS = 40
"""From this width on, a list of holders has a column for names."""


def shelf_list(
    shelf: Iterable[ShelfItem], *, width: int = 64, lang: str | None = None,
    community: str = "", on: date | None = None, wide: bool = False,
) -> str:
    """Every item with its price and what is free; below, what runs low and what is spoiled.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet, items = Sheet(width, lang, wide), list(shelf)
    titled(sheet, sheet.said("shelf"), community, {"as_of": on.isoformat() if on else ""})
    if on:
        sheet.rule()
    if not items:
        sheet.text(sheet.said("nothing_on_shelf"))
        return sheet.done()
    names = ["item", "price", "free", "held", "best"]
    widths = [0, -6, -5, -5, 11]
    if sheet.columns < _WIDE_COLUMNS:
        names, widths = names[:3], widths[:3]
    rows = [[sheet.said(f"head_{name}") for name in names]]
    rows += [_item(sheet, item)[:len(names)] for item in items]
    sheet.table(rows, widths)
    _warnings(sheet, items)
    return sheet.done()


def who_may_fetch(
    item: ShelfItem, fetchers: Iterable[Fetcher], *, width: int = 48, lang: str | None = None,
    community: str = "", names: Mapping[str, str] | None = None, most: int = 20,
    wide: bool = False,
) -> str:
    """The passbooks that may fetch one piece of an item, `most` of them.

    With `names` (by code; {} for none) it is a list for the counter, by points to spend. Without,
    it is one that may hang on a wall: codes in their order, and nobody's points.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    able = sorted((one for one in fetchers if one.may_fetch),
                  key=lambda one: (0 if names is None else -one.available, one.holder))
    titled(sheet, sheet.said("who"), community, {
        "item": item.title, "head_price": _price(sheet, item), "head_free": _free(sheet, item)})
    sheet.rule()
    if able:
        _fetchers(sheet, able[:most], names)
        sheet.rule()
        sheet.text(sheet.said("people", count=len(able)))
        if len(able) > most:
            sheet.text(sheet.said("more_people", count=len(able) - most))
    else:
        sheet.text(sheet.said("nobody"))
    return sheet.done()


def cover_slip(
    cover: Cover, *, width: int = 48, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """If everybody came today, what would be missing: points outstanding against the shelf.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("outlook"), community, {"as_of": cover.day.isoformat()})
    sheet.rule()
    for name, amount in (("outstanding", cover.outstanding), ("on_shelf", cover.shelf),
                         ("fetched", cover.fetched)):
        sheet.pair(sheet.said(name), sheet.said("points", points=points(amount)))
    if cover.outstanding:
        sheet.pair(sheet.said("covered"), f"{int(cover.shelf * 100 / cover.outstanding)}%")
    if cover.months is not None:
        sheet.pair(sheet.said("lasts"), sheet.said("months", months=points(cover.months)))
    sheet.rule()
    if cover.missing:
        sheet.text(sheet.said("short", points=points(cover.missing),
                              yuan=yuan(cover.missing_fen)))
    else:
        sheet.text(sheet.said("enough"))
    return sheet.done()


def _item(sheet: Sheet, item: ShelfItem) -> list[str]:
    title = cut(item.title, max(8, sheet.columns - 40), wide=sheet.wide) \
        if sheet.columns >= _WIDE_COLUMNS else item.title
    return [title, sheet.said("no_price") if item.points is None else points(item.points),
            _free(sheet, item), str(item.held) if item.is_stocked else "",
            item.best_before.isoformat() if item.best_before else ""]


def _free(sheet: Sheet, item: ShelfItem) -> str:
    return str(item.for_points) if item.is_stocked else sheet.said("unlimited")


def _price(sheet: Sheet, item: ShelfItem) -> str:
    if item.points is None:
        return sheet.said("no_price")
    return sheet.said("points", points=points(item.points))


def _warnings(sheet: Sheet, items: list[ShelfItem]) -> None:
    """What should be bought again and what should be written off."""
    low = [item.title for item in items if item.is_low]
    spoiled = [item.title for item in items if item.expired]
    if low or spoiled:
        sheet.rule()
    if low:
        sheet.text(sheet.said("low", titles=low))
    if spoiled:
        sheet.text(sheet.said("spoiled", titles=spoiled))


def _fetchers(sheet: Sheet, able: list[Fetcher], names: Mapping[str, str] | None) -> None:
    """Code and points; names have a column of their own, or a line below on narrow papers."""
    if names is None:
        sheet.table([[sheet.said("head_holder")], *([one.holder] for one in able)], [0])
        return
    has_column = bool(names) and sheet.columns >= _NAME_COLUMNS
    heads = ["head_holder", *(["head_name"] if has_column else []), "head_available"]
    widths = [16, 0, -9] if has_column else [0, -9]
    sheet.table([[sheet.said(head) for head in heads]], widths)
    for one in able:
        name = names.get(one.holder, "")
        cells = [name] if has_column else []
        sheet.table([[one.holder, *cells, points(one.available)]], widths)
        if name and not has_column:
            sheet.text(name, indent=2)
