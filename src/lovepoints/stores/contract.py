"""What every store must do, as a test class: derive from it and say how a store is made.

```python
class TestMine(StoreContract):
    def make_store(self):
        return MyStore(...)
```

Each method whose name begins with `test_` is one promise; pytest collects them, any other
runner can call them. A skipped promise is a broken one.
"""

from __future__ import annotations

import threading

import attrs

from lovepoints.core.rows import Area, Balance, EntryRow, Frontier, Lot, Person
from lovepoints.errors import BookDamaged
from lovepoints.stores import dump
from lovepoints.stores.promises import RowPromises, Torn, entry, lot, posting, raising


class StoreContract(RowPromises):
    """Every promise of a store: those about rows, refusals and transactions.

    `make_store` gives a new, empty, writable store each time.
    """

    # what is refused

    def test_a_journal_row_is_never_touched_again(self) -> None:
        """Putting it again, even unchanged, or dropping it is a ValueError."""
        with self._store(entry(1), posting(4097)) as store:
            before = dump(store)
            for row in (entry(1), entry(1, kind="other"), posting(4097, amount=1)):
                with raising(ValueError), store.writing():
                    store.put(row)
            with raising(ValueError), store.writing():
                store.drop(EntryRow, 1)

            assert before == dump(store)

    def test_entries_are_dense(self) -> None:
        """An entry has the next number or none."""
        with self._store(entry(1)) as store:
            for seq in (3, 0):
                with raising(ValueError), store.writing():
                    store.put(entry(seq))

            assert [entry(1)] == list(store.scan(EntryRow))

    def test_unique_values_are_unique(self) -> None:
        """A second row with a unique value is a ValueError and leaves the first one alone."""
        first = Person(id="r-1", kind="resident", code="0421")

        with self._store(first, entry(1), entry(2, reverses=1)) as store:
            for row in (Person(id="r-2", kind="staff", code="0421"), entry(3, reverses=1)):
                with raising(ValueError), store.writing():
                    store.put(row)
            with store.writing():
                store.put(attrs.evolve(first, kind="staff"))
                store.put(entry(3))

            assert [attrs.evolve(first, kind="staff")] == list(store.scan(Person))

    def test_pieces_are_the_same_rows_as_plain_columns(self) -> None:
        """In the order of the key, between bounds, across the borders of pieces; and the engine
        finds nothing wrong with the file."""
        rows = [Area(code=f"a-{number:04}") for number in range(1101)]
        notes = [Balance(account=f"a-{number // 2:04}", unit=f"u{number % 2}", amount=number)
                 for number in range(1101)]

        with self._store(*rows, *notes) as store:
            codes = [row for piece in store.pieces(Area, "code") for row in piece]
            middle = [row for piece in store.pieces(Balance, low="a-0001", high="a-0549")
                      for row in piece]
            empty = list(store.pieces(Balance, low="b"))

            assert [(row.code,) for row in rows] == codes
            assert [attrs.astuple(row) for row in notes[2:1100]] == middle
            assert ([], ()) == (empty, store.examine())
            with raising(TypeError):
                list(store.pieces(Balance, "unit"))

    def test_a_row_against_the_checks_is_damage(self) -> None:
        """Amounts are positive, accounts differ, hashes fit, limits hold, lots add up."""
        wrong = [
            posting(4097, amount=0), posting(4097, target="issued"), entry(1, leaf=b"short"),
            Balance(account="passbook/r-1", unit="point", amount=-1),
            Balance(account="issued", unit="point", amount=1),
            Balance(account="passbook/r-1/owed", unit="point", amount=1),
            lot(1, free=21), lot(1, free=-1, held=1), lot(1, free=0), lot(1, free=10, held=11),
        ]

        with self._store() as store:
            before = dump(store)
            for row in wrong:
                with raising(BookDamaged), store.writing():
                    store.put(row)

            assert before == dump(store)

    def test_writing_has_its_block(self) -> None:
        """put and drop outside writing(), a nested writing() and one in reading() are refused."""
        with self._store(Area(code="a")) as store:
            with raising(RuntimeError):
                store.put(Area(code="b"))
            with raising(RuntimeError):
                store.drop(Area, "a")
            with raising(RuntimeError), store.verb():
                pass
            with store.writing(), raising(RuntimeError), store.writing():
                pass
            with store.reading(), raising(RuntimeError), store.writing():
                pass

            assert [Area(code="a")] == list(store.scan(Area))

    # transactions

    def test_an_exception_leaves_the_store_as_it_was(self) -> None:
        """After a torn writing() every table is equal, byte for byte."""
        with self._store(entry(1), lot(1), Area(code="a"), Balance(account="a", unit="u")) as store:
            before = dump(store)
            with raising(Torn), store.writing():
                store.put(entry(2))
                store.put(lot(1, 5, free=1))
                store.put(Balance(account="a", unit="u", amount=5, version=1))
                store.drop(Area, "a")
                store.put(Area(code="b"))
                raise Torn

            assert before == dump(store)
            assert [lot(1)] == store.find(Lot, "spendable", "passbook/r-1", "point", 1)

    def test_a_torn_verb_undoes_only_itself(self) -> None:
        """What was written before and after it in the same transaction stays."""
        with self._store() as store:
            with store.writing():
                with store.verb():
                    store.put(Area(code="first"))
                with raising(Torn), store.verb():
                    store.put(Area(code="second"))
                    store.drop(Area, "first")
                    raise Torn
                store.put(Area(code="third"))
            found = [area.code for area in store.scan(Area)]

        assert ["first", "third"] == found

    def test_verbs_nest(self) -> None:
        """A torn inner verb leaves the outer one; a torn outer one takes the inner along."""
        with self._store() as store:
            with store.writing():
                with store.verb():
                    store.put(Area(code="outer"))
                    with raising(Torn), store.verb():
                        store.put(Area(code="inner"))
                        raise Torn
                with raising(Torn), store.verb():
                    with store.verb():
                        store.put(Area(code="lost"))
                    raise Torn
            found = [area.code for area in store.scan(Area)]

        assert ["outer"] == found

    def test_a_failed_put_spoils_nothing(self) -> None:
        """A caller that handles the error goes on in the same transaction."""
        with self._store(Person(id="r-1", kind="resident", code="0421")) as store:
            with store.writing():
                store.put(Area(code="before"))
                with raising(ValueError):
                    store.put(Person(id="r-2", kind="resident", code="0421"))
                store.put(Area(code="after"))
            found = [area.code for area in store.scan(Area)]

        assert ["after", "before"] == found

    def test_a_writer_reads_what_it_wrote(self) -> None:
        """Inside writing(), and in reading() inside it, the new rows are there."""
        with self._store() as store, store.writing():
            store.put(Frontier(level=3, hash=b"x"))
            with store.reading():
                found = store.get(Frontier, 3), store.find(Frontier)

        assert (Frontier(level=3, hash=b"x"), [Frontier(level=3, hash=b"x")]) == found

    def test_threads_take_turns(self) -> None:
        """Eight threads count one row up; no turn is lost, no half turn is seen."""
        with self._store(Balance(account="a", unit="u"), Balance(account="b", unit="u")) as store:
            torn: list[tuple[int, ...]] = []

            def count() -> None:
                for _ in range(10):
                    with store.writing():
                        for account in ("a", "b"):
                            row = store.get(Balance, account, "u")
                            assert row is not None
                            store.put(attrs.evolve(row, amount=row.amount + 1))
                    with store.reading():
                        seen = tuple(row.amount for row in store.find(Balance))
                    if len(set(seen)) != 1:
                        torn.append(seen)

            threads = [threading.Thread(target=count) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            found = [row.amount for row in store.scan(Balance)]

        assert ([80, 80], []) == (found, torn)

    def test_a_note_never_outlives_what_it_follows_from(self) -> None:
        """It is gone with the next change, torn ones too; none is made of what may be undone. One
        that is meant to last was made in reading() as well."""
        with self._store() as store:
            store.note("outside", 1)
            with store.reading():
                store.note("a", 1)
                store.note("a", 2, lasting=True)
            assert store.noted("a") in (1, None)
            with raising(Torn), store.writing():
                assert store.noted("a") is None
                store.note("b", 1)
                store.note("b", 2, lasting=True)
                with store.reading():
                    store.note("c", 1)
                    store.note("c", 2, lasting=True)
                raise Torn

            found = [store.noted(name) for name in ("outside", "a", "b", "c")]
            lasting = [store.noted(name, lasting=True) for name in ("b", "c")]

            assert [None] * 6 == found + lasting
            assert store.noted("a", lasting=True) in (2, None)

    def test_a_store_says_what_it_is(self) -> None:
        """describe() is text throughout and names the engine; the flags are plain booleans."""
        with self._store() as store:
            facts = store.describe()

            assert all(isinstance(text, str) for pair in facts.items() for text in pair)
            assert facts["engine"]
            assert (True, bool) == (store.is_writable, type(store.is_joined))
