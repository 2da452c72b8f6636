"""The oracle finds nothing in honest books; that it finds what is broken, the mutants show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from lovepoints.demo.playing import play
from tests.faults import oracle
from tests.laws import whole_book
from tests.laws.test_machine import Machine


class Watched(Machine):
    """The random machine, whose file the oracle reads at the end."""

    seen = 0

    def teardown(self) -> None:
        """Instead of the checks that the ordinary suite makes of it."""
        try:
            assert {} == oracle.details(self.twins._folder / "book.db")
            Watched.seen += self.twins.book._book.head()[0]
        finally:
            self.twins.close()


def test_nothing_is_found_in_books_of_the_random_machine(
    count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Whatever people say to a book, every invariant holds in its file."""
    books = count(pr=8, nightly=500, release=5_000)
    run_state_machine_as_test(Watched, settings=settings(
        max_examples=books, stateful_step_count=30, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=[*HealthCheck]))

    tried("R20", honest_books=books, their_entries=Watched.seen)


def test_nothing_is_found_in_the_year_to_look_at(tmp_path: Path) -> None:
    """The demo's book, and one with something in every table."""
    year = tmp_path / "year.db"
    play(year, seed=3, households=25)

    assert {} == oracle.details(year)
    assert {} == oracle.details(whole_book.build(tmp_path / "whole.db"))
