"""A page of a passbook, as it is printed for its holder."""

from __future__ import annotations

from lovepoints.desks.answers import Points
from lovepoints.desks.lines import Line
from lovepoints.desks.passbooks import Passbook
from lovepoints.papers.figures import moment, month, points, short_day, signed
from lovepoints.papers.layout import Sheet, titled
from lovepoints.words import say
from lovepoints.words.papers import ENTRIES

_TABLE_COLUMNS = 52
"""From this width on, day, points and balance have columns of their own."""


def passbook_page(
    passbook: Passbook, *, width: int = 64, lang: str | None = None, community: str = "",
    name: str = "", lines: int = 20, entries: bool = False, wide: bool = False,
) -> str:
    """A passbook's figures, why not all of them can be spent, and its newest `lines`.

    Lines stand in the order of the book, oldest first, after the balance brought forward. What
    was earned confidentially is one line a month under its coarse label. `entries`: each line that
    can be proven begins with the number of its entry. `width` is in columns
    (a Chinese character takes two); `wide` as in `lovepoints.papers.layout.width`.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    titled(sheet, sheet.said("passbook"), community, {
        "holder": passbook.code, "name": name, "as_of": moment(passbook.as_of)})
    sheet.rule()
    _figures(sheet, passbook)
    sheet.rule()
    _lines(sheet, passbook.lines[:lines], entries, has_more=len(passbook.lines) > lines)
    return sheet.done()


def what(line: Line, lang: str) -> str:
    """What a line of a passbook was about: the rule's title or label, or what the entry did."""
    did = say(ENTRIES, line.kind, {}, lang) if line.kind in ENTRIES else line.kind
    if not line.title:
        return did
    if line.kind in ("confirm", "report") and not line.is_correction:
        return line.title
    if line.is_correction:
        did = say(ENTRIES, "correction", {}, lang)
    return f"{line.title}（{did}）" if lang == "zh" else f"{line.title} ({did})"


def _figures(sheet: Sheet, passbook: Passbook) -> None:
    """The balances, what can be spent, and what stands between them."""
    kinds = passbook.kinds
    for kind, figures in kinds.items():
        title = passbook.titles.get(kind, kind)
        named = sheet.said("balance") if len(kinds) == 1 else title
        sheet.pair(named, sheet.said("points", points=points(figures["balance"])))
    sheet.pair(sheet.said("available"),
               sheet.said("points", points=points(passbook.available)))
    if passbook.next_expiry:
        day, ending = passbook.next_expiry
        sheet.pair(sheet.said("next_expiry"),
                   sheet.said("ending", day=day.isoformat(), points=points(ending)))
    if passbook.stars:
        sheet.pair(sheet.said("stars"), "、".join(passbook.stars))
    for coming in passbook.ahead:
        sheet.text(coming.text(sheet.lang), first="* ")
    for reason in passbook.explained(sheet.lang):
        sheet.text(reason, first="* ")


def _lines(
    sheet: Sheet, newest: tuple[Line, ...], entries: bool, *, has_more: bool,
) -> None:
    if not newest:
        sheet.text(sheet.said("no_lines"))
        return
    oldest = newest[-1]
    brought = oldest.balance - oldest.points
    titles = [_what(sheet, line, entries) for line in reversed(newest)]
    shown = _table if sheet.columns >= _TABLE_COLUMNS else _strips
    shown(sheet, newest, titles, brought if has_more or brought else None)
    if has_more:
        sheet.rule()
        sheet.text(sheet.said("more_lines"))


def _table(
    sheet: Sheet, newest: tuple[Line, ...], titles: list[str], brought: Points | None,
) -> None:
    rows = [tuple(sheet.said(f"head_{name}") for name in ("day", "what", "points", "balance"))]
    if brought is not None:
        rows.append(("", sheet.said("brought"), "", points(brought)))
    rows += [(_day(line), title, signed(line.points), points(line.balance))
             for line, title in zip(reversed(newest), titles, strict=True)]
    sheet.table(rows, (10, 0, -8, -8))


def _strips(
    sheet: Sheet, newest: tuple[Line, ...], titles: list[str], brought: Points | None,
) -> None:
    """Two lines for each: what it was, and below it day, points, balance."""
    if brought is not None:
        sheet.pair(sheet.said("brought"), points(brought))
    for line, title in zip(reversed(newest), titles, strict=True):
        sheet.text(title)
        day = "" if line.is_coarse else short_day(line.day)
        sheet.table([(day, signed(line.points), points(line.balance))],
                    (0, -7, -7))


def _day(line: Line) -> str:
    """The day; of what was earned confidentially the month."""
    return month(line.day) if line.is_coarse else line.day.isoformat()


def _what(sheet: Sheet, line: Line, entries: bool) -> str:
    told = _told(sheet, line)
    return sheet.said("numbered", seq=line.seq, what=told) if entries and line.seq else told


def _told(sheet: Sheet, line: Line) -> str:
    if not line.reserved or line.points:
        return what(line, sheet.lang)
    code = "reserved" if line.reserved > 0 else "let_go"
    return sheet.said(code, what=line.title or what(line, sheet.lang),
                      points=points(max(line.reserved, -line.reserved)))
