"""lovepoints: points, passbooks and the love supermarket (爱心超市) of a community.

`create` founds a book, `open` opens it, and the community hands out its desks:
`residents`, `rulebooks`, `deeds`, `passbooks`, `shop`, `books`.
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
else:

    def __getattr__(name: str) -> Any:  # Any: a module; both are loaded when first asked for
        if name in ("papers", "testing"):
            return import_module(f"lovepoints.{name}")
        raise AttributeError(f"module 'lovepoints' has no attribute {name!r}")


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
    "Quote",
    "Redemption",
    "Refused",
    "RulebookError",
    "ShelfItem",
    "StoreError",
    "create",
    "open",
]
