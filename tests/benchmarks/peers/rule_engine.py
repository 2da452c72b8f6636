"""rule-engine: one compiled rule."""

from __future__ import annotations

from importlib.metadata import version

import rule_engine

from tests.benchmarks.peers import rulesets

VERSION = version("rule-engine")
begin = rulesets.by_expression(lambda text: rule_engine.Rule(text).evaluate)
