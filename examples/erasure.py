"""Somebody moves away and asks to be forgotten, and the book still adds up.

秀英 reported a hazard, has five points, and moves to another town. She cannot be erased at
once: she is still enrolled and holds points. She fetches a soap, her last day comes, and the
custodian erases her. A search through every byte of the book's files finds neither her name nor
her phone nor her note; the book verifies, and the checkpoint printed before still holds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import lovepoints as lp
from lovepoints import testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
WORDS = ("秀英", "13800000001", "电动车飞线充电")


def found(folder: Path) -> list[str]:
    """Which of her words stand in some file of the folder."""
    every = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    return [word for word in WORDS if word.encode() in every]


def main() -> None:
    """Play the story and print what people see."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), testing.FakeClock("2026-03-07 09:00")
        lp.create(folder / "book.db", name="幸福社区", admin="staff:zhao", clock=clock,
                  random=testing.seeded(1))
        with lp.open(folder / "book.db", by="staff:zhao", clock=clock,
                     random=testing.seeded(2)) as community:
            play(community, clock, folder)


def play(community: lp.Community, clock: testing.FakeClock, folder: Path) -> None:
    """The story itself."""
    community.rulebooks.adopt(RULES)
    community.residents.appoint("staff:sun", role="custodian")
    community.residents.appoint("staff:wang", role="grid-officer")
    community.residents.enrol("0421", name=WORDS[0], phone=WORDS[1])
    deed = community.deeds.report("hazard", resident="0421", place="3栋", note=WORDS[2])
    community.deeds.confirm(deed.id, grade="general", by="staff:wang")
    community.shop.stock("soap", title="肥皂", price=5)
    community.shop.receive("soap", 5)
    print(f"in the file: {'、'.join(found(folder))}")
    try:
        community.privacy.erase("0421", reason="本人申请", by="staff:sun")
    except lp.Refused as refused:
        print(refused.sentence("zh"))

    community.shop.redeem({"soap": 1}, holder="0421")
    community.residents.leave("0421")
    clock.move(days=2)
    kept = community.books.checkpoint()
    erasure = community.privacy.erase("0421", reason="本人申请", by="staff:sun")
    print(f"erased: {erasure.words} subjects, {erasure.requests} requests, "
          f"wiped: {erasure.is_wiped}")
    print(f"in the file: {'、'.join(found(folder)) or 'nothing'}")
    print(f"sound: {community.books.verify().is_sound}")
    print(f"the checkpoint of before holds: {community.books.root_at(kept.size) == kept.root}")
    decision = community.deeds.history(deed.id)[0]
    print(f"the deed: {decision.points} points for {decision.deed.resident or 'nobody known'}")


if __name__ == "__main__":
    main()
