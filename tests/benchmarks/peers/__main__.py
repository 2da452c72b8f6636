"""`python -m tests.benchmarks.peers FOLDER`: install every peer into a Python of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from tests.benchmarks.peers import ALL, python_of


def main(folder: Path) -> None:
    """Install what is not there yet; say what could not be."""
    for peer in ALL:
        python = python_of(folder, peer)
        if not python.exists():
            venv.create(folder / peer.package, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", peer.package], check=False)
        print(peer.package, "is installed" if done.returncode == 0 else "could not be installed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
