"""The tables a store keeps, declared once for every store: names, keys, indexes.

*journal* rows are written once and never touched again; *derived* rows are projections that
`projecting.py` can rebuild from the entries; *book* rows are the book's own secrets, key
register and counts of tries; *personal* rows hold what people wrote, show or know and are never
read by journal code.
Text sorts by code point everywhere (SQLite's BINARY).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import attrs

from lovepoints.core.card_rows import CardRow, Challenge, Credential, Pin, Token, Tries
from lovepoints.core.rows import (
    Appointment,
    Area,
    BackupRow,
    Balance,
    Bar,
    CheckpointRow,
    CloseLeaf,
    Credit,
    DeedRow,
    Due,
    EntryRow,
    Frontier,
    Item,
    KeyRow,
    Lot,
    Membership,
    Node256,
    Party,
    Passbook,
    Person,
    PostingRow,
    Price,
    RedemptionRow,
    RulebookRow,
    Sealed,
    Secret,
    Setting,
)
from lovepoints.core.rows_activities import ActivityRow, OccurrenceRow, TeamTerm
from lovepoints.core.rows_aid import AidCaseRow, FundRow, MoneyRow, PairingRow
from lovepoints.core.rows_notices import NoticeRow, ObjectionRow
from lovepoints.core.rows_privacy import Access, FeedPosition, Trace
from lovepoints.core.rows_work import RotaRow, ShiftRow, TaskKindRow, TaskMove, TaskRow


@attrs.frozen(kw_only=True)
class Index:
    """A named order of a table. Rows of one value sort on by the next columns, then the key."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str = ""
    """The one integer or text column that must be neither 0 nor "" for a row to be in the index."""


@attrs.frozen(kw_only=True)
class Table:
    """One table: its record class, its key columns, its indexes, and who may rewrite it."""

    name: str
    record: type[Any]  # Any: each table has a record class of its own
    key: tuple[str, ...]
    nature: Literal["journal", "derived", "book", "personal"] = "derived"
    indexes: tuple[Index, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The column names, in the order of the record's attributes."""
        return tuple(field.name for field in attrs.fields(self.record))


def _by(name: str, *columns: str, unique: bool = False, where: str = "") -> Index:
    return Index(name=name, columns=columns, unique=unique, where=where)


TABLES: tuple[Table, ...] = (
    Table(name="entry", record=EntryRow, key=("seq",), nature="journal", indexes=(
        _by("by_subject", "subject", "seq", where="subject"),
        _by("by_reverses", "reverses", unique=True, where="reverses"),
    )),
    Table(name="posting", record=PostingRow, key=("id",), nature="journal"),
    Table(name="balance", record=Balance, key=("account", "unit")),
    Table(name="lot", record=Lot, key=("id",), indexes=(
        _by("spendable", "account", "unit", "is_open", "ends_at", "id"),
        _by("by_end", "ends_at", "id", where="is_open"),
    )),
    Table(name="deed", record=DeedRow, key=("id",), indexes=(
        _by("by_doer", "doer", "day", "seq"),
        _by("by_holder", "holder", "day", "seq"),
        _by("by_status", "status", "seq"),
        _by("by_place", "place", "day", "seq", where="place"),
        _by("by_matter", "matter", "seq", where="matter"),
        _by("by_event", "event", "seq", where="event"),
    )),
    Table(name="credit", record=Credit, key=("deed", "stage", "doer", "unit"), indexes=(
        _by("by_doer", "doer", "day", "seq"),
        _by("by_holder", "holder", "day", "seq"),
        _by("by_household", "household", "day", "seq", where="household"),
        _by("by_area", "area", "day", "seq", where="area"),
        _by("by_day", "day", "seq"),
        _by("by_event", "event", "seq", where="event"),
        _by("by_place", "place", "seq", where="place"),
        _by("by_matter", "matter", "seq", where="matter"),
    )),
    Table(name="item", record=Item, key=("code",)),
    Table(name="price", record=Price, key=("item", "since", "seq")),
    Table(name="redemption", record=RedemptionRow, key=("id",), indexes=(
        _by("by_seq", "seq"),
        _by("by_holder", "holder", "day", "seq"),
        _by("by_state", "state", "lapses_at", "seq"),
    )),
    Table(name="party", record=Party, key=("id",), indexes=(
        _by("by_kind", "kind", "id"),
        _by("by_closed", "closed", "id"),
    )),
    Table(name="membership", record=Membership, key=("resident", "since"), indexes=(
        _by("by_household", "household", "since", "resident", where="household"),
    )),
    Table(name="appointment", record=Appointment, key=("actor", "role", "area", "since"), indexes=(
        _by("by_role", "role", "since", "actor"),
        _by("by_resident", "resident", "since", where="resident"),
    )),
    Table(name="area", record=Area, key=("code",)),
    Table(name="rulebook", record=RulebookRow, key=("digest", "seq"), indexes=(
        _by("by_effective", "effective", "seq"),
    )),
    Table(name="bar", record=Bar, key=("holder", "what", "since", "seq")),
    Table(name="due", record=Due, key=("id",), indexes=(
        _by("by_holder", "holder", "done", "at", "id"),
        _by("by_time", "done", "at", "id"),
    )),
    Table(name="passbook", record=Passbook, key=("holder",)),
    Table(name="setting", record=Setting, key=("name",)),
    Table(name="access", record=Access, key=("party", "seq")),
    Table(name="card", record=CardRow, key=("id",), indexes=(_by("by_party", "party", "seq"),)),
    Table(name="credential", record=Credential, key=("subject",)),
    Table(name="task_kind", record=TaskKindRow, key=("code",)),
    Table(name="task", record=TaskRow, key=("id",), indexes=(
        _by("by_state", "state", "due", "seq"),
        _by("by_day", "day", "seq"),
        _by("by_asker", "asker", "day", "seq", where="asker"),
        _by("by_deed", "deed", "seq", where="deed"),
    )),
    Table(name="task_move", record=TaskMove, key=("task", "seq"), indexes=(
        _by("by_day", "day", "seq"),
        _by("by_party", "party", "day", "seq", where="party"),
    )),
    Table(name="rota", record=RotaRow, key=("code",)),
    Table(name="shift", record=ShiftRow, key=("rota", "day", "start"), indexes=(
        _by("by_day", "day", "start", "rota"),
        _by("by_task", "task", unique=True),
    )),
    Table(name="activity", record=ActivityRow, key=("code",)),
    Table(name="occurrence", record=OccurrenceRow, key=("id",), indexes=(
        _by("by_day", "day", "seq"),
        _by("by_activity", "activity", "day", "seq"),
        _by("by_state", "state", "day", "seq"),
    )),
    Table(name="team_term", record=TeamTerm, key=("team", "resident", "since"), indexes=(
        _by("by_resident", "resident", "since", "team"),
    )),
    Table(name="aid_case", record=AidCaseRow, key=("id",), indexes=(
        _by("by_household", "household", "since", "seq"),
    )),
    Table(name="pairing", record=PairingRow, key=("id",), indexes=(
        _by("by_household", "household", "since", "seq"),
        _by("by_helper", "helper", "since", "seq"),
    )),
    Table(name="fund", record=FundRow, key=("code",)),
    Table(name="money", record=MoneyRow, key=("id",), indexes=(
        _by("by_fund", "fund", "seq"),
        _by("by_day", "day", "seq"),
        _by("by_party", "party", "day", "seq", where="party"),
    )),
    Table(name="notice", record=NoticeRow, key=("id",), indexes=(_by("by_seq", "seq"),)),
    Table(name="objection", record=ObjectionRow, key=("id",), indexes=(
        _by("by_notice", "notice", "line", "seq"),
        _by("by_deed", "deed", "seq"),
    )),
    Table(name="frontier", record=Frontier, key=("level",)),
    Table(name="node256", record=Node256, key=("index",)),
    Table(name="checkpoint", record=CheckpointRow, key=("size",), nature="book"),
    Table(name="backup", record=BackupRow, key=("noted_at", "name"), nature="book"),
    Table(name="close_leaf", record=CloseLeaf, key=("seq", "holder", "part"), nature="book"),
    Table(name="key_register", record=KeyRow, key=("key",), nature="book"),
    Table(name="secret", record=Secret, key=("name",), nature="book"),
    Table(name="feed_position", record=FeedPosition, key=("consumer",), nature="book"),
    Table(name="trace", record=Trace, key=("seq",), nature="book"),
    Table(name="tries", record=Tries, key=("subject", "device"), nature="book", indexes=(
        _by("by_device", "device", "subject"),
    )),
    Table(name="challenge", record=Challenge, key=("device",), nature="book"),
    Table(name="person", record=Person, key=("id",), nature="personal", indexes=(
        _by("by_code", "code", unique=True),
        _by("by_kind", "kind", "code"),
    )),
    Table(name="sealed", record=Sealed, key=("subject",), nature="personal"),
    Table(name="token", record=Token, key=("digest",), nature="personal", indexes=(
        _by("by_card", "card", unique=True),
        _by("by_party", "party", "card"),
    )),
    Table(name="pin", record=Pin, key=("party",), nature="personal"),
)
TABLE_OF: Mapping[type[Any], Table] = {table.record: table for table in TABLES}
