"""common-expression-language: one compiled program."""

from __future__ import annotations

from importlib.metadata import version

import cel

from tests.benchmarks.peers import rulesets

VERSION = version("common-expression-language")
begin = rulesets.by_expression(lambda text: cel.compile(text).execute)
