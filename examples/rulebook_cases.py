"""A rulebook carries its own cases; a program checks it before anybody adopts it.

The committee writes a rulebook with two cases. The second case was worked out by hand and
expects eight points; the cap leaves four. `check` plays both on an empty book in memory, through
the same calls that a real program makes, and says what differs and where. A text with mistakes is
answered with all of them at once.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import RulebookError, testing
from lovepoints.checking import check

DRAFT = """\
format = 1
title = "邻里互助积分办法（草稿）"
effective = 2026-01-01
holder = "household"

[[rule]]
code = "help"
title = "邻里互助"
clause = "第三条"
points = { per = "hour", value = 4 }

[[cap]]
code = "help-day"
title = "每日封顶"
rules = ["help"]
per = "resident"
each = "day"
points = 12

[[case]]
title = "帮忙两小时"
deeds = [{ rule = "help", on = 2026-03-07, hours = 2 }]
points = [8]

[[case]]
title = "同一天两次"
deeds = [
  { rule = "help", on = 2026-03-07, hours = 2 },
  { rule = "help", on = 2026-03-07, hours = 2 },
]
points = [8, 8]
"""
MISTAKEN = DRAFT.replace("clause =", "clase =").replace('per = "resident"', 'per = "residents"')


def main() -> None:
    """Check three rulebooks and print what a committee reads."""
    report = check(DRAFT, name="draft.toml")
    print("\n".join(report.lines("zh", notes=False)))
    print(f"right: {report.is_right}")
    print()

    mended = check(DRAFT.replace("points = [8, 8]", "points = [8, 4]"), name="mended.toml")
    print("\n".join(mended.lines("zh", notes=False)))
    print(f"right: {mended.is_right}")
    print()

    with testing.community() as community:
        try:
            community.rulebooks.adopt(MISTAKEN)
        except RulebookError as error:
            for problem in error.problems:
                print(problem.text("zh"))
    real = sorted((Path(__file__).parent / "rulebooks").glob("zhuqu*.toml"))
    for path in real:
        found = check(path)
        print(f"\n{found.name}: {len(found.results)} runs, right: {found.is_right}")


if __name__ == "__main__":
    main()
