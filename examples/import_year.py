"""A year on paper comes into the book in one go.

Before there was a book, 小李 of the office kept the deeds in a spreadsheet. She tries it first,
mends what the rehearsal tells, and brings it in; the power fails in the middle, and she simply
starts again. Nobody is paid twice, and nobody confirms her own deed because it came by the pile.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from lovepoints import sheets, testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
SHEET = """幸福社区2026年3月登记表,,,,,,,
序号,事项,居民,日期,数量,等次,地点,核实人
1,志愿服务,0421,2026年3月7日,4,,,staff:wang
2,志愿服务,0421,2026/3/14,2.5,,,staff:wang
3,上报风险隐患,0422,2026-03-15,,general,3栋2单元,staff:wang
4,上报风险隐患,0432,2026-03-16,,minor,5栋,staff:wang
5,志愿服务,0422,2026-03-20,三小时,,,staff:wang
6,志愿服务,0423,2026-03-21,2,,,staff:wang
7,志愿服务,0421,2026-03-21,2,,,staff:li
"""
MENDED = SHEET.replace("0432", "0423").replace("三小时", "3").replace("staff:li", "staff:wang")


class PowerCut(Exception):
    """The lights go out."""


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-31 18:00")
    with testing.community(clock=clock) as community, tempfile.TemporaryDirectory() as folder:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("staff:li", role="collector")
        community.residents.enrol("0421", name="老李", household="1-1-101")
        community.residents.enrol("0422", name="秀英", household="3-2-501")
        community.residents.enrol("0423", name="小吴", household="5-1-202")
        community.residents.appoint("staff:wang", role="grid-officer", resident="0423")
        path = Path(folder) / "deeds.csv"

        path.write_text(SHEET, encoding="gb18030")  # as Excel in Chinese writes CSV
        _tell("rehearsed", sheets.bring_in(community, path, by="staff:li", rehearse=True))

        path.write_text(MENDED, encoding="utf-8")
        try:
            sheets.bring_in(community, path, by="staff:li", rows=2, progress=_fail)
        except PowerCut:
            print("the power fails after two rows")
        _tell("brought in", sheets.bring_in(community, path, by="staff:li"))
        _tell("once more", sheets.bring_in(community, path, by="staff:li"))

        for deed in community.deeds.with_status("submitted"):
            print(f"waits for another officer: {deed.rule} of {deed.resident} on {deed.day}")


def _tell(what: str, found: sheets.Imported) -> None:
    print(f"{what}: {found.confirmed} decided, {found.repeated} there before, "
          f"{found.refused} set aside, {found.points.get('point', 0)} points")
    for problem in found.problems:
        print(f"  {problem.text('zh')}")
    print()


def _fail(read: int, size: int) -> None:
    raise PowerCut


if __name__ == "__main__":
    main()
