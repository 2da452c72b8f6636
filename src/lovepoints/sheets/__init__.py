"""Spreadsheets as a door of the book: a year of deeds read, tried, and brought in.

A sheet is text with columns (CSV); the book stays the truth. Nothing here decides: each row
becomes a report and a confirmation through the public verbs.
"""

from __future__ import annotations

from lovepoints.sheets.importing import Imported, bring_in
from lovepoints.sheets.moving import MovedIn, MovedTable, move_in
from lovepoints.sheets.problems import Problem

__all__ = ["Imported", "MovedIn", "MovedTable", "Problem", "bring_in", "move_in"]
