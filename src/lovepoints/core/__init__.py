"""The pure core: no clock, no disk, no randomness, no network."""
