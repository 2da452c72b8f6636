"""Checks a rulebook: reads it, lints it, plays its cases, and says what a new one changes.

>>> report = check('''
... title = "Rules"
... effective = 2026-01-01
... [[rule]]
... code = "patrol"
... title = "Patrol"
... points = { per = "hour", value = 2 }
... [[case]]
... title = "Two hours"
... deeds = [{ rule = "patrol", on = 2026-03-07, hours = 2 }]
... points = [5]
... ''')
>>> print(report.differences[0].sentence("en"))
deed 1 should get 5 points, but got 4
"""

from __future__ import annotations

from lovepoints.checking.comparing import CaseChange, Comparison, compare
from lovepoints.checking.reporting import CaseResult, Difference, Report, check

__all__ = [
    "CaseChange", "CaseResult", "Comparison", "Difference", "Report", "check", "compare",
]
