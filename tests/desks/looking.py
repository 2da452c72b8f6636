"""What the tests of the shop look at."""

from __future__ import annotations

import pytest

from lovepoints.community import Community
from lovepoints.core.journal import Entry
from lovepoints.errors import Refused
from lovepoints.stores import dump

KIOSK = "kiosk:1"


def last(book: Community) -> Entry:
    """The newest entry."""
    return list(book.books.entries())[-1]


def contents(book: Community) -> dict[str, object]:
    """All that the book holds, but the register of used keys."""
    rows = dump(book._book.store)
    rows.pop("key_register")
    return dict(rows)


def free(book: Community, item: str) -> int:
    """How many pieces can be handed out."""
    return book.shop.item(item).free


def available(book: Community, holder: str) -> object:
    """What a passbook can spend."""
    return book.passbooks[holder].available


def refused(book: Community, verb: str, *said: object, **more: object) -> Refused:
    """The polite no that a verb of the shop meets."""
    with pytest.raises(Refused) as no:
        getattr(book.shop, verb)(*said, **more)
    return no.value
