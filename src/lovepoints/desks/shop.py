"""The shop's desk."""

from __future__ import annotations

import attrs

from lovepoints.desks.book import Book


@attrs.frozen
class Shop:
    """`community.shop`"""

    _book: Book
