"""What the linter finds in a rulebook: (Chinese, English) pairs by code."""

from __future__ import annotations

from lovepoints.words import Table

FINDINGS: Table = {}
FINDING_REMEDIES: Table = {}
