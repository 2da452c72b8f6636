"""The village, lived once for all papers."""

from tests.papers.village import lived as lived
