"""The desks: where verbs are said. They load, ask the core, and write; they decide nothing."""
