"""lovepoints: points, passbooks and the love supermarket (爱心超市) of a community.

`create` founds a book, `open` opens it, and the community hands out its desks:
`residents`, `rulebooks`, `deeds`, `passbooks`, `shop`, `books`.
`Rater` rates deeds without a book.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lovepoints.community import Community, create, open
from lovepoints.desks.answers import Award, Decision, Deed
from lovepoints.desks.shop_answers import Quote, Redemption, ShelfItem
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

if TYPE_CHECKING:
    from lovepoints import papers as papers
    from lovepoints import testing as testing
    from lovepoints.rater import Estimate, Rater
else:

    def __getattr__(name: str) -> Any:  # Any: a module or a class, loaded when first asked for
        if name in ("papers", "testing"):
            return import_module(f"lovepoints.{name}")
        if name in ("Estimate", "Rater"):
            return getattr(import_module("lovepoints.rater"), name)
        raise AttributeError(f"module 'lovepoints' has no attribute {name!r}")


__all__ = [
    "Award",
    "BookDamaged",
    "Code",
    "Community",
    "Conflict",
    "Decision",
    "Deed",
    "Estimate",
    "LovepointsError",
    "NotFound",
    "Quote",
    "Rater",
    "Redemption",
    "Refused",
    "RulebookError",
    "ShelfItem",
    "StoreError",
    "create",
    "open",
]
