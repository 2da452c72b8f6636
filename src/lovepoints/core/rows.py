"""The rows a store keeps, as frozen records; `tables.py` declares their keys and indexes.

There are no nulls: "" or 0 is "none", `NEVER` and `FOR_EVER` are "without end".
Days are ISO text, instants whole microseconds, points smallest parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs

from lovepoints.core.values import NEVER

Details: TypeAlias = Mapping[str, Any]
"""A column of canonical JSON; Any: see `journal.Json`."""

FOR_EVER = "9999-12-31"
"""The last day (ISO text) of what has no last day."""


@attrs.frozen(kw_only=True)
class EntryRow:
    """One line of the journal: `body` is what is hashed, `leaf` its RFC 6962 leaf hash."""

    seq: int
    key: str
    kind: str
    subject: str
    day: str
    recorded_at: int
    reverses: int = 0
    body: bytes
    leaf: bytes


@attrs.frozen(kw_only=True)
class PostingRow:
    """One movement, with both running balances after it and both accounts' previous posting."""

    id: int
    source: str
    target: str
    unit: str
    amount: int
    lot: int = 0
    source_after: int
    source_prev: int
    target_after: int
    target_prev: int


@attrs.frozen(kw_only=True)
class Balance:
    """What an account has of a unit; `version` counts its postings, `last` is the newest."""

    account: str
    unit: str
    amount: int = 0
    version: int = 0
    last: int = 0


@attrs.frozen(kw_only=True)
class Lot:
    """One credit, or one delivery of goods: `granted`, of which `free` and `held` are left.

    Spendable in [available_at, ends_at) unless `frozen`. `is_open` = free + held > 0.
    """

    id: int
    account: str
    unit: str
    granted: int
    free: int
    held: int = 0
    available_at: int = 0
    ends_at: int = NEVER
    frozen: int = 0
    is_open: int = 1


@attrs.frozen(kw_only=True)
class DeedRow:
    """The present state of a deed. `doers` and `decisions` live in `details`.

    `details`: doers [pseudonyms], quantities {name: text}, attributes, end_day, channel,
    confirmations [{by, grades, points, stage, seq}], decisions [{seq, stage, award ...}],
    waiting {unit: amount}, of (duplicate of), work (the task or occurrence that it ended),
    automatic ...
    """

    id: str
    rule: str
    reporter: str
    doer: str
    holder: str
    household: str = ""
    area: str = ""
    day: str
    reported_on: str
    status: str
    event: str = ""
    place: str = ""
    matter: str = ""
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Credit:
    """What one deed counts for in limits, tiers, streaks and rankings; one row a doer and unit.

    `points` are smallest parts, negative for deductions; `times` is 1 if the deed counted once;
    `quantity` is the counted quantity in millionths. A decision that is taken back leaves zeros.
    """

    deed: str
    stage: str = ""
    doer: str
    unit: str
    rule: str
    holder: str
    household: str = ""
    area: str = ""
    day: str
    earned_on: str = ""
    event: str = ""
    place: str = ""
    matter: str = ""
    points: int
    times: int = 1
    quantity: int = 0
    seq: int


@attrs.frozen(kw_only=True)
class Item:
    """Goods or a service. `stocked` 0: a service or partner goods without a shelf."""

    code: str
    title: str
    kind: str = "goods"
    measure: str = ""
    stocked: int = 1
    low: int = 0
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Price:
    """A price from a day on; `amounts` {unit: smallest parts}, `cash` fen noted beside it."""

    item: str
    since: str
    seq: int
    amounts: Details
    cash: int = 0


@attrs.frozen(kw_only=True)
class RedemptionRow:
    """A hand-over, or a hold until one. State: held, collected, released, lapsed.

    `details`: lines [{item, quantity, unit_price {unit: n}, lots [[lot, n]], returned}],
    points [[unit, lot, n]] as taken, proxy, collected_by ...
    """

    id: str
    holder: str
    doer: str = ""
    day: str
    state: str
    lapses_at: int = NEVER
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Party:
    """A resident, household, team or staff account by pseudonym, with dated attributes.

    `details`: attributes {name: [[since, value], ...]}, head, guardian ...
    """

    id: str
    kind: str
    opened: str
    closed: str = FOR_EVER
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Membership:
    """A resident belongs to a household and an area from `since` to `until`, both included."""

    resident: str
    since: str
    until: str = FOR_EVER
    household: str = ""
    area: str = ""
    part: str = "member"


@attrs.frozen(kw_only=True)
class Appointment:
    """An actor holds a role (in an area) on dated terms; `resident` is the officer's own record."""

    actor: str
    role: str
    area: str = ""
    since: str
    until: str = FOR_EVER
    resident: str = ""


@attrs.frozen(kw_only=True)
class Area:
    """A node of the tree community -> grid -> building."""

    code: str
    parent: str = ""
    title: str = ""


@attrs.frozen(kw_only=True)
class RulebookRow:
    """An adopted rulebook: in force from `effective` until a later one is."""

    digest: str
    effective: str
    seq: int
    title: str
    text: str


@attrs.frozen(kw_only=True)
class Bar:
    """A dated bar of a holder: `what` is "redeem", "earn" or "transfer"."""

    holder: str
    what: str
    since: str
    until: str = FOR_EVER
    sanction: str = ""
    seq: int


@attrs.frozen(kw_only=True)
class Due:
    """Something the calendar will do to a holder: a deduction after its notice, for instance."""

    id: str
    holder: str
    kind: str
    at: int
    done: int = 0
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Passbook:
    """A holder's passbook; `settled_to` is the instant up to which calendar entries are written."""

    holder: str
    opened: str
    closed: str = FOR_EVER
    settled_to: int = 0
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Setting:
    """A state of the book as a whole: the window of the shop, damage found, its version."""

    name: str
    value: Details


@attrs.frozen(kw_only=True)
class Frontier:
    """One hash of the tree's frontier: a complete subtree of 2**level leaves at its edge."""

    level: int
    hash: bytes


@attrs.frozen(kw_only=True)
class Node256:
    """The hash of the complete subtree over leaves [index * 256, index * 256 + 256)."""

    index: int
    hash: bytes


@attrs.frozen(kw_only=True)
class CheckpointRow:
    """A remembered checkpoint: the tree had this root at this size."""

    size: int
    root: bytes
    noted_at: int = 0


@attrs.frozen(kw_only=True)
class BackupRow:
    """A verified copy of the book: the name of its file, its size and its root."""

    noted_at: int
    name: str
    size: int
    root: bytes


@attrs.frozen(kw_only=True)
class CloseLeaf:
    """A part of what the period close of entry `seq` counted for a holder, and the salt that
    hides it; `sums` {unit: [has, owes]}."""

    seq: int
    holder: str
    part: int
    salt: bytes
    sums: Details


@attrs.frozen(kw_only=True)
class KeyRow:
    """A used key (as keyed digest): what was asked, and how it ended.

    `digest`: 32 bytes over all fields, then 8 bytes per declared field. `code` "" = applied.
    """

    key: str
    verb: str
    digest: bytes
    code: str = ""
    facts: Details = attrs.field(factory=dict)
    seq: int = 0
    recorded_at: int


@attrs.frozen(kw_only=True)
class Secret:
    """A random key of the book; never leaves the file."""

    name: str
    value: bytes


@attrs.frozen(kw_only=True)
class Person:
    """Who a pseudonym is. `code` is what people know ("0421", "staff:wang")."""

    id: str
    kind: str
    code: str
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Sealed:
    """What somebody wrote about one subject (place, note, donor ...), with the case's own key."""

    subject: str
    key: bytes
    details: Details = attrs.field(factory=dict)
