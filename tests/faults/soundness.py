"""O1 and O2: is the book sound, and is everything in it that was acknowledged?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

import lovepoints as lp
from lovepoints.core.rows import KeyRow
from tests.faults.small_book import ADMIN, acts
from tests.laws import ledger


@attrs.frozen
class Look:
    """What a book holds: why it is not sound (nothing, if it is), and its used keys."""

    problems: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    secret: bytes = b""
    entries: int = 0


def look(path: str | Path) -> Look:
    """Open the book as its owner would after the fault, and verify it in two ways."""
    with lp.open(path, by=ADMIN) as community:
        store = community._book.store
        problems = [problem.what for problem in community.books.check().problems]
        if not store.is_writable:
            problems.append(f"may only be read: {store.describe()['differences']}")
        try:
            ledger.check(store)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            problems.append(f"second reading: {type(error).__name__} {error}")
        return Look(tuple(problems), frozenset(row.key for row in store.scan(KeyRow)),
                    community._book.secret(), community._book.head()[0])


def lost(community: lp.Community, keys: Mapping[str, str]) -> list[str]:
    """The acknowledged keys that the book does not know (O2, by key)."""
    book = community._book
    return [key for key in keys if book.store.get(KeyRow, book.sealed(key, "key")) is None]


def changed(community: lp.Community, keys: Mapping[str, str], prefix: str) -> list[str]:
    """The acknowledged keys that answer otherwise when they are said again (O2, by saying)."""
    before = community._book.head()[0]
    wanted, found = set(keys), []
    for act in acts(prefix):
        if not wanted:
            break
        if wanted.issuperset(act.keys):
            answers = dict(zip(act.keys, act.say(community), strict=True))
            found += [key for key, answer in answers.items() if keys[key] != answer]
        wanted -= set(act.keys)
        if community._book.head()[0] != before:
            return [*found, f"{act.keys[-1]} was carried out twice"]
    return found
