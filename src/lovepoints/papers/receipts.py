"""The receipt of a redemption and the slip of a reservation."""

from __future__ import annotations

from collections.abc import Mapping

from lovepoints.desks.answers import Points
from lovepoints.desks.shop_answers import BasketLine, Redemption
from lovepoints.papers.figures import points, yuan
from lovepoints.papers.layout import Sheet, titled


def receipt(
    redemption: Redemption, *, width: int = 32, lang: str | None = None, community: str = "",
    titles: Mapping[str, str] | None = None, balance: Points | None = None, wide: bool = False,
) -> str:
    """What was handed over (or reserved, or let go), what it cost, and thanks.

    `titles` are the names of the point kinds (`passbook.titles`), shown where several kinds
    paid; `balance` is what the passbook can spend afterwards. `width` is in columns: 32 on a
    58 mm roll, 48 on an 80 mm roll; a Chinese character takes two.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet = Sheet(width, lang, wide)
    is_reservation = redemption.state in ("held", "released", "lapsed")
    titled(sheet, sheet.said("reservation" if is_reservation else "receipt"), community, {
        "number": redemption.id, "holder": redemption.holder,
        "day": redemption.day.isoformat(), "proxy": redemption.proxy})
    sheet.rule()
    for line in redemption.lines:
        _line(sheet, line, line.quantity if is_reservation else line.handed)
    sheet.rule()
    _totals(sheet, redemption, titles or {})
    if balance is not None:
        sheet.pair(sheet.said("balance_after"), sheet.said("points", points=points(balance)))
    sheet.rule()
    _foot(sheet, redemption)
    return sheet.done()


def _line(sheet: Sheet, line: BasketLine, quantity: int) -> None:
    """One item: its title, and below it price, pieces and sum; what came back since."""
    if not quantity:
        return
    sheet.text(line.title)
    price = sheet.said("quantity", price=points(line.unit_price), quantity=quantity)
    sheet.pair(price, sheet.said("points", points=points(line.unit_price * quantity)), indent=2)
    if line.returned:
        sheet.pair(sheet.said("returned"), str(line.returned), indent=2)


def _totals(sheet: Sheet, redemption: Redemption, titles: Mapping[str, str]) -> None:
    amounts = {kind: amount for kind, amount in redemption.amounts.items() if amount}
    if len(amounts) > 1:
        for kind, amount in amounts.items():
            sheet.pair(sheet.said("paid_with", kind=titles.get(kind, kind)),
                       sheet.said("points", points=points(amount)))
    total = sum(amounts.values(), start=redemption.points * 0)
    sheet.pair(sheet.said("total"), sheet.said("points", points=points(total)))
    if redemption.cash:
        sheet.pair(sheet.said("cash"), sheet.said("yuan", yuan=yuan(redemption.cash)))


def _foot(sheet: Sheet, redemption: Redemption) -> None:
    """What is still to do: fetch it by a day, or sign; and thanks."""
    if redemption.state == "held" and redemption.lapses_on:
        sheet.text(sheet.said("collect_by", day=redemption.lapses_on.isoformat()))
    elif redemption.state in ("released", "lapsed"):
        sheet.text(sheet.said(redemption.state))
    else:
        sheet.text(sheet.said("thanks"))
        sheet.gap()
        sheet.text(sheet.said("signature"))
