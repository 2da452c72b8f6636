"""Every paper once, by name; what it must look like stands in `golden/NAME.LANG.txt`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import attrs

from lovepoints import papers
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.core.journal import Entry, canonical_bytes
from lovepoints.core.verifying import Problem, Verification
from lovepoints.desks.auditing import Proof
from lovepoints.desks.closing import BalanceProof, Close
from lovepoints.desks.rehearsals import Rehearsal
from lovepoints.desks.repricing import PriceRehearsal
from tests.papers.village import RULES, Village

GOLDEN = Path(__file__).with_name("golden")
NOTED = Checkpoint(origin="lovepoints/0123456789abcdef", size=12, root=bytes(range(32)))
LINE = Entry(seq=7, key="k", kind="confirm", subject="d-6", at=0, day="2026-03-07", recorded_at=0,
             by="s-1", role="grid-officer")
PROVEN = Proof(
    seq=7, leaf=bytes(32), path=(), checkpoint=NOTED, body=canonical_bytes(LINE.to_json()),
    points={"h-82y2x8ep": {"point": 6, "honor": -1}}, since=attrs.evolve(NOTED, size=3))
CLOSED = Close(seq=9, until=date(2026, 3, 31), passbooks=2, points={"point": 41, "honor": 6},
               owed={"honor": 3}, root=bytes(32))
COUNTED = BalanceProof(holder="h-82y2x8ep", points={"point": 20}, owed={}, close=CLOSED, parts=(),
                       entry=PROVEN)
Paper = Callable[[Village, str], str]



def rehearsed(lived: Village) -> Rehearsal:
    """The village's month at three points an hour, with a cap of 65."""
    return lived.community.rulebooks.rehearse(
        RULES.replace("value = 2", "value = 3").replace("most = 70", "most = 65"),
        date(2026, 3, 1), date(2026, 3, 21), pledged=10_050)


def repriced(lived: Village) -> PriceRehearsal:
    """The village's month with rice at 60 and soap at 4."""
    return lived.community.shop.rehearse(
        {"rice": 60, "soap": 4}, date(2026, 3, 1), date(2026, 3, 21))


PAPERS: Mapping[str, Paper] = {
    "receipt-32": lambda v, lang: papers.receipt(
        v.handed, lang=lang, community="幸福社区", balance=21),
    "reservation-32": lambda v, lang: papers.receipt(v.held, lang=lang, community="幸福社区"),
    "passbook-32": lambda v, lang: papers.passbook_page(
        v.community.passbooks["0421"], width=32, lang=lang, community="幸福社区",
        name="买买提·秀英", wide=True),
    "passbook-64": lambda v, lang: papers.passbook_page(
        v.community.passbooks["0421"], lang=lang, name="买买提·秀英", lines=3),
    "passbook-entries-32": lambda v, lang: papers.passbook_page(
        v.community.passbooks["0421"], width=32, lang=lang, lines=3, entries=True),
    "explanation-48": lambda v, lang: papers.explanation(v.capped, lang=lang),
    "confidential-32": lambda v, lang: papers.explanation(v.hazard, width=32, lang=lang),
    "confidential-office-48": lambda v, lang: papers.explanation(
        v.hazard, lang=lang, office=True),
    "rejected-32": lambda v, lang: papers.explanation(v.waiting, width=32, lang=lang),
    "shelf-32": lambda v, lang: papers.shelf_list(v.community.shop.shelf(), width=32, lang=lang),
    "shelf-64": lambda v, lang: papers.shelf_list(
        v.community.shop.shelf(), lang=lang, on=v.community.passbooks["0421"].as_of.date()),
    "who-48": lambda v, lang: papers.who_may_fetch(
        v.community.shop.item("rice"), v.community.shop.who_may_fetch("rice"), lang=lang,
        names={"3-2-501": "买买提·秀英"}),
    "who-32": lambda v, lang: papers.who_may_fetch(
        v.community.shop.item("soap"), v.community.shop.who_may_fetch("soap"), width=32,
        lang=lang, most=1),
    "slips-48": lambda v, lang: papers.order_slips(v.task, lang=lang, community="幸福社区"),
    "slips-32": lambda v, lang: papers.order_slips(v.task, width=32, lang=lang),
    "notice-64": lambda v, lang: papers.public_notice(
        v.community.notices.posted()[0], lang=lang, community="幸福社区"),
    "notice-32": lambda v, lang: papers.public_notice(
        v.community.notices.posted()[0], width=32, lang=lang),
    "cover-48": lambda v, lang: papers.cover_slip(v.community.shop.cover(), lang=lang),
    "rehearsal-48": lambda v, lang: papers.rehearsal_slip(rehearsed(v), lang=lang),
    "rehearsal-32": lambda v, lang: papers.rehearsal_slip(
        rehearsed(v), width=32, lang=lang, community="幸福社区", most=1),
    "prices-48": lambda v, lang: papers.price_rehearsal_slip(repriced(v), lang=lang),
    "prices-32": lambda v, lang: papers.price_rehearsal_slip(
        repriced(v), width=32, lang=lang, community="幸福社区", most=1),
    "checkpoint-32": lambda v, lang: papers.checkpoint_slip(NOTED, width=32, lang=lang),
    "proof-48": lambda v, lang: papers.proof_slip(PROVEN, lang=lang, community="幸福社区"),
    "close-48": lambda v, lang: papers.close_notice(
        CLOSED, NOTED, lang=lang, community="幸福社区"),
    "balance-32": lambda v, lang: papers.balance_slip(COUNTED, lang=lang),
    "balance-none-32": lambda v, lang: papers.balance_slip(
        attrs.evolve(COUNTED, points={}, owed={"point": 3}), lang=lang),
    "sound-64": lambda v, lang: papers.verification_report(
        Verification(entries=12, root=NOTED.root), lang=lang, community="幸福社区"),
    "damaged-48": lambda v, lang: papers.verification_report(
        Verification(entries=6, root=NOTED.root, problems=(
            Problem(7, "leaf"),
            Problem(0, "row_differs", {"table": "lot", "row": "28673"}))), width=48, lang=lang),
}
