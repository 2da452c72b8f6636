"""lovepoints: points, passbooks and the love supermarket (爱心超市) of a community.

`create` founds a book, `open` opens it, and the community hands out its desks:
`residents`, `rulebooks`, `deeds`, `passbooks`, `shop`, `books`.
"""

from lovepoints.community import Community, create, open  # noqa: A004  called as lovepoints.open
from lovepoints.desks.answers import Award, Deed, Decision
from lovepoints.errors import (
    BookDamaged,
    Code,
    Conflict,
    LovepointsError,
    NotFound,
    Refused,
    RulebookError,
    StoreError,
)

__version__ = "0.1.0"

__all__ = [
    "Award",
    "BookDamaged",
    "Code",
    "Community",
    "Conflict",
    "Decision",
    "Deed",
    "LovepointsError",
    "NotFound",
    "Refused",
    "RulebookError",
    "StoreError",
    "create",
    "open",
]
