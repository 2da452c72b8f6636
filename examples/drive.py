"""A ramp is paid for by many small gifts; what was not needed goes back, to the fen.

Twelve people give money for a ramp at the east gate. The goal is not quite met, but the builder is
cheaper than thought: the drive closes, and each gets her share of what is left. Others give points
to the drive's own passbook; those come back as well. A gift of money buys neither goods nor points.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def main() -> None:
    """Play the story and print the account of the drive."""
    with testing.community(clock=testing.FakeClock("2026-03-02 09:00")) as community:
        rules = RULES.read_text("utf-8") + '[transfer]\nto = "anyone"\n'
        community.rulebooks.adopt(rules)
        for code in ("0388", "0421"):
            community.residents.enrol(code, household=f"home-{code}")
            community.books.opening(f"home-{code}", 30)
        community.residents.enrol("ramp-drive", kind="team")
        funds = community.funds
        funds.open("ramp", title="东门坡道众筹", goal=3000_00)
        for giver in range(1, 13):
            funds.receive("ramp", 200_00 + giver * 100, donor=f"居民{giver}", receipt=f"{giver:03}")
        for code, points in (("0388", 10), ("0421", 20)):
            community.books.transfer(code, "ramp-drive", points)

        told = community.figures.bulletin(*MARCH, only=["ST-54"])["ST-54"]
        print(f"received {told.parts['money']} yuan, {told.parts['drive:ramp']} % of the goal; "
              f"{community.passbooks['ramp-drive'].balance} points")
        funds.spend("ramp", 1999_99, reason="坡道材料与施工")
        closed = funds.close("ramp", give_back=True)
        print(f"spent {closed.spent / 100:.2f}, given back {closed.returned / 100:.2f}, "
              f"left {closed.left}")
        gifts = {one.id: one for one in funds.moves("ramp")}
        for one in [one for one in gifts.values() if one.what == "returned"][:3]:
            print(f"  {gifts[one.source].donor}: gave {gifts[one.source].fen / 100:.2f}, "
                  f"gets {one.fen / 100:.2f} back")
        for code, points in (("0388", 10), ("0421", 20)):
            community.books.transfer("ramp-drive", code, points)
        back = {code: community.passbooks[code].balance for code in ("0388", "0421")}
        print(f"points are back: {back}")


if __name__ == "__main__":
    main()
