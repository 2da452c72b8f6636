"""The stories of `examples/`, run with their output compared."""
