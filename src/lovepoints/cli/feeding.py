"""`feed`: the book's entries as events, a line each, for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import attrs

import lovepoints
from lovepoints.cli.failing import Misuse
from lovepoints.cli.voice import Outcome, Voice


def feed(
    voice: Voice, book: Path, by: str, after: int | None, consumer: str | None,
    acknowledge: int | None, limit: int,
) -> Outcome:
    """Print the events after an entry, or those that a consumer has not acknowledged yet."""
    if after is not None and consumer:
        raise Misuse("after_consumer", {})
    if acknowledge is not None and not consumer:
        raise Misuse("acknowledge_whose", {})
    with lovepoints.open(book, by=by, readonly=acknowledge is None) as community:
        told: dict[str, object] = {}
        if consumer and acknowledge is not None:
            try:
                position = community.feed.acknowledge(consumer, acknowledge)
            except ValueError:
                raise Misuse("acknowledge_beyond", {"seq": str(acknowledge)}) from None
            told = attrs.asdict(position)
        events = (community.feed.next(consumer, limit=limit) if consumer
                  else community.feed.after(after or 0, limit=limit))
    return Outcome(lines=tuple(json.dumps(one, ensure_ascii=False) for one in events),
                   told={**told, "events": list(events)})
