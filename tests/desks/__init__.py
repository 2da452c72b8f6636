"""The verbs, through the public API."""
