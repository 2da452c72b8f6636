"""The rows of cards, PINs and tries, as frozen records; `tables.py` declares their keys.

What the journal may say (a card's id, that a PIN was set, that something is locked) is derived
from entries; what a person holds or knows is kept as a keyed digest in tables of its own.
"""

from __future__ import annotations

import attrs

from lovepoints.core.journal import sealed_digest


@attrs.frozen(kw_only=True)
class CardRow:
    """A card of a party, by a random id. `stopped` is the ISO day on which it was ("": it works);
    `follows` is the card that it replaced."""

    id: str
    party: str
    kind: str
    since: str
    stopped: str = ""
    follows: str = ""
    seq: int


@attrs.frozen(kw_only=True)
class Credential:
    """What can be tried and locked: "pin:<party>", "code:<redemption>", "device:<digest>".

    `serial` is the place of the entry that set it (0: a device); `locked` an ISO day or "".
    """

    subject: str
    since: str = ""
    locked: str = ""
    serial: int = 0


@attrs.frozen(kw_only=True)
class Token:
    """What a reader reads off a card, as a keyed digest; `key` seals it to the card's entry."""

    digest: str = attrs.field(repr=False)
    card: str
    party: str
    key: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Pin:
    """A PIN as scrypt stretched it, with the parameters of that time beside it."""

    party: str
    salt: bytes = attrs.field(repr=False)
    hash: bytes = attrs.field(repr=False)
    cost: int
    block: int
    lanes: int

    @property
    def seal(self) -> str:
        """What the entry that set the PIN says of it, under the salt: nobody plants another one
        unseen, and once the row is erased it says nothing."""
        return sealed_digest(self.salt, {"hash": self.hash.hex(), "cost": self.cost,
                                         "block": self.block, "lanes": self.lanes})


@attrs.frozen(kw_only=True)
class Tries:
    """Wrong tries at one subject on one device, and how many of them still count there.

    `since` is the uptime of the machine, in microseconds, at the newest one.
    """

    subject: str
    device: str
    wrong: int
    at_device: int
    since: int


@attrs.frozen(kw_only=True)
class Challenge:
    """The one number that a device shows and waits to have answered, and when it was made: by
    the clock, and by the machine's uptime."""

    device: str
    nonce: str = attrs.field(repr=False)
    made_at: int
    made_up: int
