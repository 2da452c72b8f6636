"""The programs of `examples/proofs`, which know nothing of the library: run, or imported."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

PROOFS = Path(__file__).resolve().parents[1] / "examples" / "proofs"
REFUSED = (ValueError, TypeError, LookupError, AttributeError)
"""What the programs answer as "not proven"."""
Told = dict[str, Any]
"""A proof as JSON values."""


def checker(name: str) -> ModuleType:
    """One of the programs, imported."""
    spec = importlib.util.spec_from_file_location(name, PROOFS / f"{name}.py")
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(PROOFS))
    try:
        spec.loader.exec_module(found)
    finally:
        sys.path.remove(str(PROOFS))
    return found


def ran(name: str, proof: Path, *paper: str) -> subprocess.CompletedProcess[str]:
    """What a program says when it runs alone, without any package that is installed."""
    return subprocess.run(
        [sys.executable, "-S", "-E", "-X", "utf8", str(PROOFS / f"{name}.py"), str(proof), *paper],
        text=True, encoding="utf-8", capture_output=True, check=False)


def written(told: Mapping[str, Any], path: Path) -> Path:
    """A proof in a file."""
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def forged(told: Told, signs: str = "0a5\"-,") -> Iterator[Told]:
    """The proof with each one of its signs changed: into each of `signs`, and taken away.
    What is no JSON any more is left out."""
    text = json.dumps(told, ensure_ascii=False)
    for at, sign in enumerate(text):
        for other in {*signs, ""} - {sign}:
            try:
                changed = json.loads(text[:at] + other + text[at + 1:])
            except ValueError:
                continue
            if changed != told:
                yield changed


def shown(check: Callable[[Told], list[str]], told: Told) -> list[str]:
    """What a program finds proven; nothing, if it refuses."""
    try:
        return check(told)
    except REFUSED:
        return []
