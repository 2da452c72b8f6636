"""A community moves in with its tables and its old paper passbooks, twice, and nothing is doubled.

The clerk has four tables from Excel. The rehearsal finds two mistakes in the balances and somebody
who may be enrolled twice; nothing is written until they are mended. Then all of it is brought in,
and once more by mistake. At last somebody changes a balance in the table: that is told, and no
passbook moves.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from lovepoints import Community, sheets, testing

FOLDER = Path(__file__).with_name("moving_in")
RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def tell(found: sheets.MovedIn) -> None:
    """What a clerk reads of it."""
    for one in found.tables:
        print(f"  {one.name}: {one.rows} rows, {one.new} new, {one.repeated} there before")
    for problem in (*(one for table in found.tables for one in table.problems), *found.alike):
        print(f"  {problem.text('zh')}")
    print(f"  written: {found.is_written}, points: {sum(found.points.values())}")


def bring(community: Community, balances: Path, *, rehearse: bool = False) -> sheets.MovedIn:
    """All four tables."""
    return sheets.move_in(
        community, areas=FOLDER / "areas.csv", residents=FOLDER / "residents.csv",
        officers=FOLDER / "officers.csv", balances=balances, rehearse=rehearse)


def main() -> None:
    """Play the story and print what the clerk reads."""
    with testing.community(clock=testing.FakeClock("2026-01-05 09:00")) as community:
        community.rulebooks.adopt(RULES)
        print("tried:")
        tell(bring(community, FOLDER / "balances.csv", rehearse=True))
        print("mended:")
        tell(bring(community, FOLDER / "balances-mended.csv"))
        print("once more:")
        tell(bring(community, FOLDER / "balances-mended.csv"))
        print(f"outstanding: {community.books.outstanding()}")

        with tempfile.TemporaryDirectory() as folder:
            changed = Path(folder) / "changed.csv"
            text = (FOLDER / "balances-mended.csv").read_text("utf-8")
            changed.write_text(text.replace(",20", ",200"), encoding="gb18030")
            print("a balance changed in the table:")
            tell(bring(community, changed))
        print(f"outstanding: {community.books.outstanding()}")


if __name__ == "__main__":
    main()
