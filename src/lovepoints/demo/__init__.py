"""A community's year, played with a real rulebook: for a first look, and for trying things out.

The same seed and number of households give the same book, byte for byte of its journal.
"""
