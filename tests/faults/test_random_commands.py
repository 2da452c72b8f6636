"""R3: random commands, each of whose answers a small model foretells.

The model (`model.py`, on the lots of `model_lots.py`) knows no line of the library. It says whether
a verb is refused and with which code, what it answers otherwise, and what every passbook and the
shelf then show; so a wrong sum is seen at the step that makes it. Every eighth walk is on a file to
which two programs speak, and the oracle of R20 reads it at the end (O1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults import mutants
from tests.faults.mutants import CORE, DESKS, PASSBOOK, Edit
from tests.faults.simulating import Walked, shrunk, simulate

STEPS = 100
FILES = 8
"""One walk in so many is on a file."""
LIMITS, OBSTACLES = CORE + "rating.limits:", CORE + "passbooks.obstacles:"
SEEDS = 100
"""So many walks a mutant may hide in."""
BOUGHT = ("books", "goods", "counter")
Mutant = tuple[str, tuple[str, ...], tuple[Edit, ...]]
"""A name, the desks whose verbs show it, and what is changed."""


def _known(name: str, *desks: str) -> Mutant:
    """A mutant of R20, whose book a model sees go wrong, too."""
    known = mutants.MUTANTS[name]
    return name, desks, (*known.edits, *known.unguarded)


def _own(name: str, desks: tuple[str, ...], *edit: str) -> Mutant:
    where, old, new = edit
    return name, desks, (Edit(where, old, new),)


MUTANTS = (
    _known("what a request says is not compared", "books", "all"),
    _known("a correction moves nothing", "books"),
    _known("the oldest lot pays first", "books", "counter"),
    _known("what never ends pays first", *BOUGHT),
    _known("what has ended is spent", *BOUGHT),
    _known("what waits for its day is spent", "deeds", "counter"),
    _known("a lot ends a day early", "books", "all"),
    _known("a gift has the dates of its first lot", "books"),
    _known("what lapses stays set aside", *BOUGHT),
    _known("a reservation is collected after its time", *BOUGHT),
    _known("an entry is taken back twice", "books"),
    _known("what is gone goes below zero", "books"),
    _known("what was paid of a debt comes back as something new", "books"),
    _known("half hours are rounded up", "deeds"),
    _known("a deed is confirmed twice", "deeds"),
    _known("several pieces cost as much as one", "books", "counter"),
    _own("nobody asks whether there are points enough", BOUGHT, OBSTACLES + "_of_sums",
         "sums.get(PLAIN, 0)) is None:", "sums.get(PLAIN, 0)) == 0:"),
    _own("nobody asks whether there are goods enough", BOUGHT, OBSTACLES + "_of_items",
         "if shortages:", "if False:"),
    _own("what is kept for aid is handed out for points", BOUGHT, OBSTACLES + "_of_items",
         "- (kept :=", "- 0 * (kept :="),
    _own("a limit of an item forgets what is reserved", BOUGHT, CORE + "passbooks.baskets:stands",
         'return int(line["quantity"])\n    if "room"', 'return 0\n    if "room"'),
    _own("a part that is returned costs the first points", ("books", "counter"),
         CORE + "passbooks.returning:_first", "in taken:", "in reversed(list(taken)):"),
    _own("a reopened deed's points can be spent", ("deeds", "counter"), PASSBOOK + "is_live",
         "not lot.frozen and", ""),
    _own("a cap never begins anew", ("deeds",), LIMITS + "window", 'limit.each or "ever"',
         '"ever"'),
    _own("a cap lets one more through", ("deeds",), LIMITS + "allowed_by",
         "return int(limit.most)", "return int(limit.most) + 1"),
    _own("a notice is a day too short", ("deeds",), CORE + "rating.validity:effective_on",
         "notice + 1", "notice"),
    _own("what was given in other months counts", ("books",), DESKS + "books:Books._given",
         "date.fromisoformat(entry.day) in period", "True"),
    _own("a passbook as of a day to come is the one of today", ("books", "all"),
         DESKS + "passbooks:fold_due", "holder, now, terms", "holder, book.now(), terms"),
)


def test_every_command_does_what_the_model_says(
    count: Callable[..., int], tried: Callable[..., None],
) -> None:
    """Answers, refusals, passbooks and the shelf, at each step; and the file in the end."""
    refused = Counter[str]()
    for seed in range(count(pr=24, nightly=20_000, release=200_000)):
        walked = simulate(seed, STEPS, on_file=seed % FILES == 0)
        refused += walked.refused
        tried("R3", seeds=1, steps=walked.steps, refusals=walked.refused.total(),
              wrong=bool(walked.what))
        assert not walked.what, str(shrunk(walked))

    assert 20 <= len(refused), f"too tame: {refused}"
    tried("R3", codes_of_refusals=len(refused))


def _parted(mutant: Mutant, *, short: bool = False) -> Walked:
    """The first walk in which a broken library and the model part, or what it takes of it."""
    _, desks, edits = mutant
    with pytest.MonkeyPatch.context() as patch:
        for edit in edits:
            edit.plant(patch)
        walks = (simulate(seed, STEPS, desks) for seed in range(SEEDS))
        found = next((walked for walked in walks if walked.what), None)
        assert found, "the model sees nothing"
        return shrunk(found) if short else found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant[0])
def test_this_row_has_teeth(mutant: Mutant, tried: Callable[..., None]) -> None:
    """A library that is broken in one sentence parts from the model."""
    assert _parted(mutant).what
    tried("R3", mutants_found=1)


def test_what_is_printed_is_what_it_takes() -> None:
    """A walk that parts is cut down to the commands without which it would not."""
    (twice,) = (one for one in MUTANTS if one[0] == "an entry is taken back twice")

    found = _parted(twice, short=True)

    assert "reverse" == found.commands[-1].verb
    assert found.steps <= 5, str(found)
