"""A hazard is reported, a repair is opened from it, and whoever reported it sees how it ends.

建国 reports a loose manhole cover. The grid officer 王 confirms it and opens a repair, whose text
he writes anew: a text that repeats the report is turned down. The property company's officer 何
takes it and says that it is done, with a photo; 王 looks and finds it not done, so it goes back,
and is struck off the list after the second try. A repair that 王 cannot see to rises to the street,
and a letter is answered on the spot.
"""

from __future__ import annotations

from pathlib import Path

from lovepoints import testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story and print what people see."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with testing.community(clock=clock, name="幸福社区") as community:
        community.rulebooks.adopt(RULES)
        community.residents.area("street", title="街道")
        community.residents.area("grid-07", title="第七网格", parent="street")
        community.residents.appoint("staff:wang", role="grid-officer", area="grid-07")
        community.residents.appoint("staff:sun", role="grid-officer", area="street")
        community.residents.appoint("staff:he", role="partner", area="grid-07")
        community.residents.enrol("0388", name="建国", household="3-2-302", area="grid-07")
        tasks = community.tasks
        tasks.define("repair", title="隐患整改", days=5, second=True, proof=True,
                     of_rules=["hazard"])

        seen = community.deeds.report("hazard", resident="0388", place="东门井盖",
                                      note="建国说井盖松了", by="0388")
        community.deeds.confirm(seen.id, grade="general", by="staff:wang")
        try:
            tasks.ask("repair", deed=seen.id, note="建国说井盖松了", by="staff:wang")
        except ValueError as error:
            print(error)
        repair = tasks.ask("repair", deed=seen.id, place="东门", note="井盖松动，请固定",
                           by="staff:wang")
        tasks.dispatch(repair.id, to="staff:he", by="staff:wang")
        tasks.accept(repair.id, by="staff:he")
        tasks.finish(repair.id, reply="已固定", evidence="photo-1", by="staff:he")
        clock.move(days=1)
        tasks.send_back(repair.id, reason="还在晃动", by="staff:wang")
        tasks.finish(repair.id, reply="换了新井盖", evidence="photo-2", by="staff:he")
        tasks.settle(repair.id, by="staff:wang")
        for ended in tasks.from_deed(seen.id):
            print(f"{seen.id} -> {ended.id}: {ended.state}, {ended.reply}; asker: {ended.asker!r}")
        for move in tasks.moves(repair.id):
            print(f"  {move.day} {move.move:<10} {move.state:<10} {move.by} {move.reason}".rstrip())

        other = tasks.ask("repair", area="grid-07", note="路灯不亮", channel="patrol",
                          by="staff:wang")
        risen = tasks.escalate(other.id, reason="要街道协调电力", by="staff:wang")
        print(f"{risen.id}: {risen.area}, level {risen.level}, due {risen.due_on}")
        tasks.define("letter", title="书记信箱", days=7)
        letter = tasks.ask("letter", channel="letter-box", note="几点开门", reply="八点半",
                           by="staff:wang")
        print(f"{letter.id}: {letter.state} on the spot, {letter.reply}")


if __name__ == "__main__":
    main()
