"""zen-engine: one compiled expression."""

from __future__ import annotations

from importlib.metadata import version

import zen

from tests.benchmarks.peers import rulesets

VERSION = version("zen-engine")
begin = rulesets.by_expression(lambda text: zen.compile_expression(text).evaluate)
