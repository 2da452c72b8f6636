"""Papers: what people hold in their hands, as text of a fixed number of columns.

Pure functions from the public nouns to text. A Chinese character takes two columns; `lang=` is
"zh" or "en"; nothing that a printer could obey comes through from a name.
"""

from lovepoints.papers.awards import explanation
from lovepoints.papers.passbooks import passbook_page
from lovepoints.papers.proofs import checkpoint_slip, verification_report

__all__ = [
    "checkpoint_slip",
    "explanation",
    "passbook_page",
    "verification_report",
]
