"""`python -m lovepoints` is the `lovepoints` command."""

from lovepoints.cli import main

if __name__ == "__main__":
    main()
