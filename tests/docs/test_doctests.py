"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import lovepoints

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(lovepoints.__path__, "lovepoints.")
    if not module.name.endswith("__main__"))


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_say_what_happens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `>>>` line of a module's docstrings gives the answer below it."""
    monkeypatch.setenv("LOVEPOINTS_LANG", "en")

    found = doctest.testmod(importlib.import_module(name))

    assert 0 == found.failed


def test_there_are_docstrings_to_try() -> None:
    """The search for examples finds the modules that have some."""
    finder = doctest.DocTestFinder()

    tried = sum(len(test.examples) for name in MODULES
                for test in finder.find(importlib.import_module(name)))

    assert tried > 40
