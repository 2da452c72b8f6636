"""An auditor checks a book: a checkpoint on paper, one line proven, the past unchanged.

In March the office prints a checkpoint and gives it away. In June the auditor asks for the proof
that one line of 老李's passbook is in the book, and that the book of June continues the book of
March. Then somebody edits the file with a database tool to give herself points: the verification
names the first entry that does not hold, and the book is read-only for whoever trusts it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import lovepoints as lp
from lovepoints import papers, testing
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.merkle import verify_consistency, verify_inclusion

RULES = Path(__file__).with_name("rulebooks") / "first.toml"


def main() -> None:
    """Play the story on a file."""
    clock = testing.FakeClock("2026-03-07 09:00")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sunshine.db"
        lp.create(path, name="幸福社区", admin="staff:zhao", clock=clock, random=testing.seeded(1))
        with lp.open(path, by="staff:zhao", clock=clock, random=testing.seeded(2)) as community:
            kept = march(community, clock)
            june(community, clock, kept)
        tamper(path)
        with lp.open(path, readonly=True, clock=clock) as community:
            print(papers.verification_report(community.books.check(), lang="zh"))
            try:
                community.books.verify()
            except lp.BookDamaged as damage:
                print(f"first bad entry: {damage.seq}")


def patrol(community: lp.Community) -> None:
    """Two hours of patrol, confirmed."""
    deed = community.deeds.report("volunteer", resident="0118", quantity="2")
    community.deeds.confirm(deed.id, by="staff:wang")


def march(community: lp.Community, clock: testing.FakeClock) -> str:
    """Some entries, and the checkpoint that leaves the house."""
    community.rulebooks.adopt(RULES)
    community.residents.appoint("staff:wang", role="grid-officer")
    community.residents.enrol("0118", name="老李", household="1-1-101")
    patrol(community)
    checkpoint = community.books.checkpoint()
    print(papers.checkpoint_slip(checkpoint, lang="zh", community=community.name,
                                 taken_at=clock.now))
    print()
    return checkpoint.to_text()


def june(community: lp.Community, clock: testing.FakeClock, kept: str) -> None:
    """The auditor's questions, answered with hashes alone."""
    clock.set("2026-06-06 09:00")
    patrol(community)
    line = community.passbooks["0118"].lines[0]
    proof = community.books.prove(line.seq)
    now = proof.checkpoint
    print(f"the line: {line.day} {line.title} {line.points:+}, entry {line.seq}")
    holds = verify_inclusion(proof.leaf, proof.seq - 1, now.size, proof.path, now.root)
    print(f"it is in the book of {now.size} entries: {holds}")

    then = Checkpoint.parse(kept)
    path = community.books.consistency(then.size)
    holds = verify_consistency(then.size, now.size, path, then.root, now.root)
    print(f"the book continues the one of March ({then.size} entries): {holds}")
    print(f"and the code on paper fits: {then.matches(then.code.lower())}")
    print(f"verified: {community.books.verify().entries} entries")
    print()


def tamper(path: Path) -> None:
    """What a database tool can do: the first patrol becomes worth more points."""
    connection = sqlite3.connect(path)
    guards = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in guards:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute("UPDATE posting SET amount = 400 WHERE amount = 4 AND id = ("
                       "SELECT min(id) FROM posting)")
    connection.commit()
    connection.close()


if __name__ == "__main__":
    main()
