"""A rulebook as text: read with every problem located, linted, written, compared; cases."""
