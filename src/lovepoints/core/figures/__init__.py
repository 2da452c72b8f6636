"""The figures that communities publish, each by its definition (docs/reference/figure.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lovepoints.core.figures.activities import ACTIVITIES
from lovepoints.core.figures.aid import AID
from lovepoints.core.figures.facts import Facts
from lovepoints.core.figures.figure import Figure
from lovepoints.core.figures.matters import MATTERS
from lovepoints.core.figures.people import PEOPLE
from lovepoints.core.figures.points import POINTS
from lovepoints.core.figures.rotas import ROTAS
from lovepoints.core.figures.supplies import SUPPLIES
from lovepoints.core.figures.work import WORK

FIGURES: Mapping[str, Callable[[Facts], Figure]] = dict(
    sorted({**POINTS, **MATTERS, **WORK, **PEOPLE, **SUPPLIES, **ACTIVITIES, **AID,
            **ROTAS}.items()))
"""Every figure by its number."""
