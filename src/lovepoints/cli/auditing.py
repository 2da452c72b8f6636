"""`inspect`: what an auditor looks at first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import lovepoints
from lovepoints import papers
from lovepoints.cli.failing import Misuse
from lovepoints.cli.voice import Outcome, Voice, page_columns


def inspect(
    voice: Voice, book: Path, by: str, since: str, until: str, reason: str, count: int,
    is_csv: bool,
) -> Outcome:
    """Say where to look first, and draw what is to be checked again."""
    first, last = (_day(one) for one in (since, until))
    with lovepoints.open(book) as community:
        try:
            found = community.books.inspect(first, last, reason=reason, count=count, by=by)
        except ValueError as error:
            raise Misuse("plain", {"what": str(error)}) from None
        page = found.to_csv(voice.lang).rstrip() if is_csv else papers.inspection_report(
            found, width=page_columns(), lang=voice.lang, community=community.name)
    return Outcome(lines=(page,), told=found.plain(voice.lang))


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Misuse("bad_day", {"value": said}) from None
