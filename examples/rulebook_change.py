"""The rulebook changes in the middle of the year; a deed keeps the rate of its own day.

From 1 July an hour of voluntary service is worth three points instead of two. The committee looks
at what the new text changes before it adopts it. A deed of June that is confirmed in July gets
the June rate, and an award that was posted in spring is not touched. Nobody can make a rulebook
begin in the past.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lovepoints import Community, Refused, testing
from lovepoints.checking import compare

FIRST = Path(__file__).with_name("rulebooks") / "first.toml"
SECOND = (
    FIRST.read_text(encoding="utf-8")
    .replace("（试行）", "")
    .replace("effective   = 2026-01-01", "effective   = 2026-07-01")
    .replace('per = "hour", value = 2', 'per = "hour", value = 3')
    .replace("points = [16, 4]", "points = [20, 0]")
)


def patrol(community: Community, on: date) -> None:
    """Two hours on a day, reported and confirmed now."""
    deed = community.deeds.report("volunteer", resident="0118", quantity="2", on=on)
    decision = community.deeds.confirm(deed.id, by="staff:wang")
    print(f"done on {on}: {decision.award.points} points, {decision.award.rulebook.title}")


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock) as community:
        community.rulebooks.adopt(FIRST)
        community.residents.appoint("staff:wang", role="grid-officer")
        community.residents.enrol("0118", name="老李", household="1-1-101")
        patrol(community, date(2026, 3, 7))

        clock.set("2026-06-20 09:00")
        print("\nwhat the new text changes:")
        print("\n".join(compare(SECOND, FIRST).lines("zh")))
        print()
        community.rulebooks.adopt(SECOND)

        clock.set("2026-07-04 09:00")
        patrol(community, date(2026, 6, 27))
        patrol(community, date(2026, 7, 4))
        print(f"in the passbook: {community.passbooks['0118'].balance}")

        late = SECOND.replace("2026-07-01", "2026-05-01").replace("value = 3", "value = 9")
        try:
            community.rulebooks.adopt(late)
        except Refused as refused:
            print(refused.sentence("zh"))
        for rulebook in community.rulebooks:
            print(f"{rulebook.effective} {rulebook.title} {rulebook.digest[:12]}")


if __name__ == "__main__":
    main()
