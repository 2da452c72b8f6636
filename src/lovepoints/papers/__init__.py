"""Papers: what people hold in their hands, as text of a fixed number of columns.

Pure functions from the public nouns to text. A Chinese character takes two columns; `lang=` is
"zh" or "en"; nothing that a printer could obey comes through from a name.
"""

from lovepoints.papers.awards import explanation
from lovepoints.papers.bulletins import bulletin
from lovepoints.papers.inspecting import inspection_report
from lovepoints.papers.notices import public_notice
from lovepoints.papers.passbooks import passbook_page
from lovepoints.papers.people import certificate, contact_card
from lovepoints.papers.privacy import data_map, forwarding_slip, looks
from lovepoints.papers.proofs import (
    balance_slip,
    checkpoint_slip,
    close_notice,
    proof_slip,
    verification_report,
)
from lovepoints.papers.receipts import receipt
from lovepoints.papers.rehearsing import price_rehearsal_slip, rehearsal_slip
from lovepoints.papers.rotas import rota
from lovepoints.papers.shelves import cover_slip, shelf_list, who_may_fetch
from lovepoints.papers.tasks import order_slips, task_list

__all__ = [
    "balance_slip",
    "bulletin",
    "certificate",
    "checkpoint_slip",
    "close_notice",
    "contact_card",
    "cover_slip",
    "data_map",
    "explanation",
    "forwarding_slip",
    "inspection_report",
    "looks",
    "order_slips",
    "passbook_page",
    "price_rehearsal_slip",
    "proof_slip",
    "public_notice",
    "receipt",
    "rehearsal_slip",
    "rota",
    "shelf_list",
    "task_list",
    "verification_report",
    "who_may_fetch",
]
