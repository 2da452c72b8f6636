"""The `lovepoints` command and its demo."""
