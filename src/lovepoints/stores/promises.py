"""What every store must do with rows: keep them whole, and find them in their orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from lovepoints.core.rows import (
    FOR_EVER,
    Area,
    Balance,
    Due,
    EntryRow,
    Item,
    Lot,
    Membership,
    PostingRow,
    Setting,
)
from lovepoints.core.store import Store
from lovepoints.core.values import NEVER
from lovepoints.stores import dump

WHOLE_MAX = 2**53 - 1
ODD_NAMES = (
    "𠮷野家", "𬀩", "阿·依古丽", "\u200b看不见", "\u202e倒", "e\u0301", "Ω", "a\x00b", " ", "'; --",
)


def entry(seq: int, **changes: Any) -> EntryRow:  # Any: columns of an entry
    """A plausible entry row."""
    columns: dict[str, Any] = {
        "seq": seq, "key": f"key-{seq}", "kind": "award", "subject": f"d-{seq % 3}",
        "day": "2026-03-01", "recorded_at": seq, "body": b"{}", "leaf": bytes(32),
    }
    return EntryRow(**(columns | changes))


def posting(number: int, **changes: Any) -> PostingRow:  # Any: columns of a posting
    """A plausible posting row."""
    columns: dict[str, Any] = {
        "id": number, "source": "issued", "target": "passbook/r-1", "unit": "point",
        "amount": 20, "source_after": -20, "source_prev": 0, "target_after": 20, "target_prev": 0,
    }
    return PostingRow(**(columns | changes))


def lot(number: int, ends_at: int = NEVER, **changes: Any) -> Lot:  # Any: columns of a lot
    """A plausible open lot."""
    columns: dict[str, Any] = {
        "id": number, "account": "passbook/r-1", "unit": "point", "granted": 20, "free": 20,
        "ends_at": ends_at,
    }
    return Lot(**(columns | changes))


class Torn(Exception):
    """What a test raises to leave a block in the middle."""


@contextmanager
def raising(*kinds: type[Exception]) -> Iterator[None]:
    """The block raises one of these."""
    try:
        yield
    except kinds:
        return
    raise AssertionError(f"nothing was raised; expected one of {kinds}")


class RowPromises:
    """The promises about rows. `make_store` gives a new, empty, writable store each time."""

    def make_store(self) -> Store:
        """A new, empty store; the contract closes it."""
        raise TypeError("derive from lovepoints.testing.StoreContract and define make_store()")

    @contextmanager
    def _store(self, *rows: object) -> Iterator[Store]:
        with closing(self.make_store()) as store:
            with store.writing():
                for row in rows:
                    store.put(row)
            yield store

    # rows

    def test_a_row_comes_back_as_it_was_put(self) -> None:
        """Every type of column survives: whole numbers to 2**53-1, text, bytes, details."""
        rows = [
            Balance(account="a", unit="point", amount=WHOLE_MAX, version=0, last=0),
            Balance(account="issued", unit="point", amount=-WHOLE_MAX),
            entry(1, body=bytes(range(256)), leaf=bytes(range(32))),
            Item(code="rice", title="大米 5 公斤", details={"a": [1, {"b": True}], "c": ""}),
            Lot(id=1, account="a", unit="u", granted=1, free=0, held=1, ends_at=NEVER),
        ]

        with self._store(*rows) as store:
            found = [store.get(Balance, "a", "point"), store.get(Balance, "issued", "point"),
                     store.get(EntryRow, 1), store.get(Item, "rice"), store.get(Lot, 1)]

        assert rows == found

    def test_nothing_is_none(self) -> None:
        """A key that no row has gives None."""
        with self._store() as store:
            found = store.get(Area, "grid-07"), store.get(Balance, "a", "point")

        assert (None, None) == found

    def test_a_second_put_replaces(self) -> None:
        """The row with the same key is replaced, in every order that it stood in."""
        with self._store(lot(1, 50), lot(2, 60)) as store:
            with store.writing():
                store.put(lot(1, 70))
            found = store.find(Lot, "spendable", "passbook/r-1", "point", 1)

        assert [lot(2, 60), lot(1, 70)] == found

    def test_a_dropped_row_is_gone(self) -> None:
        """It is gone from its key and from every order; dropping it again is nothing."""
        with self._store(lot(1), lot(2)) as store:
            with store.writing():
                store.drop(Lot, 1)
                store.drop(Lot, 1)
            found = store.get(Lot, 1), store.find(Lot, "spendable", "passbook/r-1", "point", 1)

        assert (None, [lot(2)]) == found

    def test_odd_names_come_back_letter_by_letter(self) -> None:
        """Rare Han, zero width, bidi and NUL are neither lost nor changed, as key and as value."""
        with self._store(*(Area(code=name, title=name) for name in ODD_NAMES)) as store:
            found = [store.get(Area, name) for name in ODD_NAMES]
            in_order = [area.code for area in store.scan(Area)]

        assert [Area(code=name, title=name) for name in ODD_NAMES] == found
        assert sorted(ODD_NAMES) == in_order

    def test_details_have_one_form(self) -> None:
        """Equal details are equal bytes, in whatever order they were said."""
        with self._store(Setting(name="a", value={"b": 1, "a": [2]}),
                         Setting(name="b", value={"a": (2,), "b": 1})) as store:
            kept = dump(store)["setting"]

        assert [("a", '{"a":[2],"b":1}'), ("b", '{"a":[2],"b":1}')] == kept

    def test_a_stored_row_cannot_be_changed_from_outside(self) -> None:
        """What the caller does to its details afterwards stays its own."""
        details: dict[str, Any] = {"doers": ["r-1"]}

        with self._store(Item(code="a", title="", details=details)) as store:
            details["doers"].append("r-2")
            first = store.get(Item, "a")
            assert first is not None
            first.details["doers"].append("r-3")
            second = store.get(Item, "a")

        assert Item(code="a", title="", details={"doers": ["r-1"]}) == second

    def test_a_wrong_type_is_refused(self) -> None:
        """No float, bool, None or over-large number gets in, nor details without a form."""
        wrong = [
            Balance(account="a", unit="u", amount=1.0),  # type: ignore[arg-type]
            Balance(account="a", unit="u", amount=True),
            Balance(account="a", unit=None),  # type: ignore[arg-type]
            Balance(account="a", unit="u", amount=WHOLE_MAX + 1),
            Area(code="\ud800"),
            Setting(name="a", value={"x": 0.5}),
            Setting(name="a", value={"x": "e\u0301"}),
        ]

        with self._store() as store:
            before = dump(store)
            for row in wrong:
                with raising(TypeError, ValueError), store.writing():
                    store.put(row)

            assert before == dump(store)

    def test_a_wrong_key_is_a_wrong_call(self) -> None:
        """A key of another type or length is a TypeError, not an empty answer."""
        with self._store(entry(1)) as store:
            for key in [("1",), (1, 2), (), (True,)]:
                with raising(TypeError):
                    store.get(EntryRow, *key)
            with raising(TypeError):
                store.get(str, "a")
            with raising(TypeError):
                store.find(Balance, "", "a", "u", low=1)

    # orders

    def test_text_sorts_by_code_point(self) -> None:
        """No locale and no folding: capitals before small letters, 𠮷 after 龥."""
        names = ["Z", "a", "é", "一", "龥", "𠮷"]

        with self._store(*(Area(code=name) for name in reversed(names))) as store:
            found = [area.code for area in store.find(Area)]

        assert names == found

    def test_find_sorts_by_index_then_key(self) -> None:
        """Lots come soonest end first, then never-ending, then by id."""
        lots = [lot(5, 90), lot(3), lot(4, 90), lot(2), lot(1, 80, is_open=0, free=0)]

        with self._store(*lots) as store:
            found = [one.id for one in store.find(Lot, "spendable", "passbook/r-1", "point", 1)]

        assert [4, 5, 2, 3] == found

    def test_find_is_bounded_on_both_sides(self) -> None:
        """`low` and `high` are both included; `reverse` turns the order; `limit` cuts it."""
        with self._store(*(lot(number, number * 10) for number in range(1, 8))) as store:
            def ids(**how: Any) -> list[int]:  # Any: arguments of find
                found = store.find(Lot, "spendable", "passbook/r-1", "point", 1, **how)
                return [one.id for one in found]

            found = [
                ids(low=30), ids(high=30), ids(low=20, high=40), ids(low=21, high=29),
                ids(low=20, high=40, reverse=True), ids(limit=2), ids(reverse=True, limit=2),
                ids(low=50, high=20),
            ]

        assert [
            [3, 4, 5, 6, 7], [1, 2, 3], [2, 3, 4], [], [4, 3, 2], [1, 2], [7, 6], [],
        ] == found

    def test_find_by_key(self) -> None:
        """The index "" is the key: some of its columns equal, the next one bounded."""
        terms = [Membership(resident=name, since=day)
                 for name in ("r-1", "r-2") for day in ("2026-01-01", "2026-02-01", "2026-03-01")]

        with self._store(*terms) as store:
            found = [
                store.find(Membership, "", "r-2"),
                store.find(Membership, "", "r-1", high="2026-02-15", reverse=True, limit=1),
                store.find(Membership, low="r-2", limit=1),
                store.find(Membership, "", "r-3"),
            ]

        assert [terms[3:], [terms[1]], [terms[3]], []] == found

    def test_find_does_not_mistake_a_beginning(self) -> None:
        """An equal column is wholly equal: r-1 does not find r-10."""
        rows = [Due(id=name, holder=name, kind="expire", at=1) for name in ("r-1", "r-10")]

        with self._store(*rows) as store:
            found = store.find(Due, "by_holder", "r-1")

        assert rows[:1] == found

    def test_a_partial_index_holds_what_it_names(self) -> None:
        """Rows whose `where` column is 0 or "" are not in the index."""
        with self._store(entry(1), entry(2, subject="", reverses=1), entry(3)) as store:
            found = [row.seq for row in store.find(EntryRow, "by_subject")]
            reversals = [row.seq for row in store.find(EntryRow, "by_reverses")]

        assert ([3, 1], [2]) == (found, reversals)

    def test_scan_walks_every_row_once(self) -> None:
        """All rows by key, also where they are read in pieces; `after` skips what is done."""
        rows = [Balance(account=f"a-{number // 3:04}", unit=f"u-{number % 3}")
                for number in range(2500)]

        with self._store(*reversed(rows)) as store:
            whole, rest = list(store.scan(Balance)), list(store.scan(Balance, "a-0831"))
            none = list(store.scan(Area))

        assert rows == whole
        assert rows[2496:] == rest
        assert [] == none

    def test_never_and_for_ever_are_values(self) -> None:
        """What has no end is its own value and survives storage."""  # bug 36
        with self._store(lot(1), Membership(resident="r-1", since="2026-01-01")) as store:
            kept, term = store.get(Lot, 1), store.get(Membership, "r-1", "2026-01-01")

        assert kept is not None and NEVER == kept.ends_at
        assert term is not None and term.until == FOR_EVER
