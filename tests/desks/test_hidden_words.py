"""Names, phones and whatever somebody wrote stand in no error, no log and no traceback (S4)."""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from lovepoints.community import Community
from lovepoints.core.privacy import SEALED
from lovepoints.testing import community
from tests import test_doors

CANARY, NUMBER = "CANARYQ9", 13_900_471_147
PERSONAL = {name for fields in SEALED.values() for name in fields} - {"code"}
"""What the data map calls personal, but codes: by these people are called, in errors too."""
WRONG = (CANARY + "\0", CANARY * 1000, CANARY.encode(), [CANARY], {"of": CANARY},
         (CANARY, CANARY), NUMBER, f"\u202e{CANARY}", f"{CANARY}\ud800")
"""What no verb takes for such a word."""


def _doors() -> Iterator[tuple[str, str]]:
    """Every personal word that some verb takes."""
    book = community()
    for verb in test_doors.VERBS:
        desk, name = verb.split(".")
        for parameter in inspect.signature(getattr(getattr(book, desk), name)).parameters:
            if parameter in PERSONAL and (verb, parameter) != ("books.transfer", "to"):  # a code
                yield verb, parameter


DOORS = list(_doors())


@pytest.fixture(scope="module")
def told() -> tuple[Community, dict[str, Any]]:  # Any: what `test_doors` calls its things
    """A book in which every verb has something to do."""
    book, names, _ = test_doors.told_book()
    return book, names


def answered(
    told: tuple[Community, dict[str, Any]], verb: str, **odd: object,  # Any: as above
) -> BaseException | None:
    """What a verb answers that is told something odd; whatever it does is taken back."""
    book, names = told
    said = {name: names.get(value, value) if isinstance(value, str) else value
            for name, value in test_doors.VERBS[verb].items()}
    call = test_doors._tried if book._book.store.is_writable else test_doors._outcome
    return call(book, verb, {**said, **odd})


def shown(error: BaseException | None) -> str:
    """All that a program prints of an error: message, facts, notes, causes, where it came from."""
    if error is None:
        return ""
    return "".join((*traceback.format_exception(error), repr(error), repr(error.args),
                    repr(error.__dict__)))


def test_the_words_are_asked_for_at_many_doors() -> None:
    """Names, phones, notes, reasons, donors, proxies: the list is made from the data map."""
    assert {"name", "phone", "note", "place", "evidence", "reason", "donor", "proxy",
            "text"} <= {parameter for _, parameter in DOORS}
    assert len(DOORS) > 40


@pytest.mark.parametrize(("verb", "parameter"), DOORS)
def test_no_error_repeats_a_personal_word(
    told: tuple[Community, dict[str, Any]], verb: str, parameter: str,  # Any: as above
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A wrong word is not shown in what is said about it; a right one is not shown when
    something else is wrong: an unknown actor, a book that may not be written to."""
    caplog.set_level(logging.DEBUG)
    book = told[0]

    wrong = [answered(told, verb, **{parameter: word}) for word in WRONG]
    others = [answered(told, verb, **{parameter: CANARY, "by": "staff:nobody"})]
    book._book.store.is_writable = False
    others.append(answered(told, verb, **{parameter: CANARY}))
    book._book.store.is_writable = True

    assert None not in wrong
    assert any(others)
    every = [*map(shown, (*wrong, *others)), caplog.text]
    assert [] == [some for some in every if CANARY in some or str(NUMBER) in some]
