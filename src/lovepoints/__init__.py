"""lovepoints: points, passbooks and the love supermarket (爱心超市) of a community.

`create` founds a book, `open` opens it, and the community hands out its desks:
`residents`, `rulebooks`, `deeds`, `passbooks`, `cards`, `shop`, `books`.
`Rater` rates deeds without a book.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from lovepoints.community import Community, create, open
    from lovepoints.desks.answers import Award, Decision, Deed
    from lovepoints.desks.carding import Card
    from lovepoints.desks.shop_answers import Quote, Redemption, ShelfItem
    from lovepoints.rater import Estimate, Rater
else:
    # Each name is loaded when it is first asked for: a program that shows its first screen before
    # it opens a book need not wait for the book.
    _HOMES = {
        "Community": "community", "create": "community", "open": "community",
        "Award": "desks.answers", "Decision": "desks.answers", "Deed": "desks.answers",
        "Card": "desks.carding", "Quote": "desks.shop_answers", "Redemption": "desks.shop_answers",
        "ShelfItem": "desks.shop_answers", "Estimate": "rater", "Rater": "rater",
    }

    def __getattr__(name: str) -> Any:  # Any: a module, a class or a function
        if name in ("papers", "testing"):
            return import_module(f"lovepoints.{name}")
        if name not in _HOMES:
            raise AttributeError(f"module 'lovepoints' has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"lovepoints.{_HOMES[name]}"), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *_HOMES, "papers", "testing"})


__all__ = [
    "Award",
    "BookDamaged",
    "Card",
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
