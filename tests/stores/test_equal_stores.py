"""Any sequence of writes and reads gives the same answers on memory and on SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.rows import Area, Balance, EntryRow, Lot, Membership, Person
from lovepoints.core.store import Store
from lovepoints.errors import LovepointsError
from lovepoints.stores import dump, sqlite
from lovepoints.stores.memory import MemoryStore
from lovepoints.stores.promises import entry, lot

text = st.sampled_from(["", "a", "ab", "b", "一", "𠮷", "Z"])
small = st.integers(-1, 4)
rows = st.one_of(
    st.builds(Area, code=text, parent=text),
    st.builds(Balance, account=text, unit=text, amount=small),
    st.builds(lambda number, ends, free: lot(number, ends, granted=4, free=free,
                                             is_open=int(free > 0)), small, small, small),
    st.builds(lambda seq, subject, reverses: entry(seq, key=f"{seq}{subject}", subject=subject,
                                                   reverses=reverses),
              st.integers(1, 5), text, st.integers(0, 3)),
    st.builds(Person, id=text, kind=text, code=text),
    st.builds(Membership, resident=text, since=text, household=text),
)
bound = st.none() | small | text
finds = st.sampled_from([
    (Area, "", ()), (Balance, "", (text,)),
    (Lot, "spendable", (text, text, small)), (EntryRow, "", ()),
    (EntryRow, "by_subject", (text,)), (EntryRow, "by_reverses", ()),
    (Person, "by_code", ()), (Person, "by_kind", (text,)), (Membership, "", (text,)),
    (Membership, "by_household", (text, text)),
])


@st.composite
def steps(draw: Any) -> tuple[Any, ...]:
    """One thing to do: put, drop, find with bounds, or a torn block of puts."""
    match draw(st.sampled_from(["put", "put", "put", "drop", "find", "torn"])):
        case "put":
            return "put", draw(rows)
        case "drop":
            record, key = draw(st.sampled_from([
                (Area, (text,)), (Balance, (text, text)), (Lot, (small,)), (EntryRow, (small,)),
            ]))
            return "drop", record, tuple(draw(part) for part in key)
        case "torn":
            return "torn", draw(st.lists(rows, max_size=4))
        case _:
            record, index, parts = draw(finds)
            equal = tuple(draw(part) for part in parts[:draw(st.integers(0, len(parts)))])
            how = {"low": draw(bound), "high": draw(bound), "reverse": draw(st.booleans()),
                   "limit": draw(st.integers(0, 3))}
            return "find", record, index, equal, how


class Torn(Exception):
    """Leaves a block in the middle."""


def answer(store: Store, step: tuple[Any, ...]) -> Any:
    """What the step gives: rows, nothing, or the class of its error."""
    try:
        match step:
            case "put", row:
                with store.verb():
                    store.put(row)
            case "drop", record, key:
                store.drop(record, *key)
            case "torn", several:
                with store.verb():
                    for row in several:
                        store.put(row)
                    raise Torn
            case "find", record, index, equal, how:
                return store.find(record, index, *equal, **how)
    except (LovepointsError, ValueError, TypeError, Torn) as error:
        return type(error)
    return None


@contextmanager
def both() -> Any:
    """A memory store and a joined SQLite store whose host rolls everything back."""
    host = sqlite3.connect(":memory:", isolation_level=None)
    host.execute("BEGIN")
    try:
        yield MemoryStore(), sqlite.join(host)
    finally:
        host.close()


@given(st.lists(steps(), max_size=25), st.booleans())
@settings(max_examples=50, deadline=None)
def test_memory_and_sqlite_cannot_be_told_apart(todo: list[Any], torn: bool) -> None:
    """The same steps give the same answers and errors, and leave the same bytes."""
    with both() as (memory, joined):
        answers = []
        for store in (memory, joined):
            try:
                with store.writing():
                    answers.append([answer(store, step) for step in todo])
                    if torn:
                        raise Torn
            except Torn:
                pass

        assert answers[0] == answers[1]
        assert dump(memory) == dump(joined)
        assert not torn or not any(dump(memory).values())


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.lists(steps(), max_size=6)),
                max_size=6))
@settings(max_examples=25, deadline=None)
def test_what_is_kept_in_memory_follows_other_programs(
    turns: list[tuple[bool, bool, list[Any]]],
) -> None:
    """Two programs on one file answer as one memory store does, whoever wrote last, and whether
    a transaction was kept or torn."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/book.db"
        sqlite.create(path, durability="normal").close()
        with closing(sqlite.open_(path)) as one, closing(sqlite.open_(path)) as other:
            memory = MemoryStore()
            for is_other, torn, todo in turns:
                answers = []
                for store in (memory, other if is_other else one):
                    try:
                        with store.writing():
                            answers.append([answer(store, step) for step in todo])
                            if torn:
                                raise Torn
                    except Torn:
                        pass
                assert answers[0] == answers[1]
                for store in (one, other):
                    with store.reading():
                        assert list(memory.scan(Lot)) == store.find(Lot)
                        assert memory.find(Person, "by_code") == store.find(Person, "by_code")


def test_every_table_keeps_its_rows() -> None:
    """One row of every record class goes through both stores unchanged."""
    made = {"str": "x", "int": 1, "bytes": b"\x00" * 32, "Details": {"a": [1]}}
    special = {"source": "issued", "target": "given", "free": 0, "held": 1}

    with both() as stores:
        for store in stores:
            for record in sqlite.schema.SHAPES:
                row = record(**{
                    field.name: special.get(field.name, made[str(field.type)])
                    for field in attrs.fields(record)
                })
                with store.writing():
                    store.put(row)

                assert [row] == list(store.scan(record)) == store.find(record)

        assert dump(stores[0]) == dump(stores[1])
