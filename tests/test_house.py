"""The rules of the house that a machine can hold: floors, sizes, purity, names, light imports."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import lovepoints

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "lovepoints"
FILES = sorted(SOURCE.rglob("*.py"))
LINES_MAX = 400
FUNCTION_MAX = 45
FLOORS = (
    ("errors", "words"),
    ("core",),
    ("desks", "stores"),
    ("community", "rater"),
    ("testing", "checking", "sheets"),
    ("papers",),
    ("demo",),
    ("cli",),
)
"""From the ground up. A file imports from its own floor and from those below it."""
IMPURE = {"time", "datetime.now", "os", "random", "secrets", "socket", "sqlite3", "subprocess",
          "tempfile", "threading", "urllib", "sqlite_utils", "click", "pathlib", "io"}

RUNS = {"eval", "exec", "compile", "__import__"}
"""Calls that run what they are given."""
UNSAFE = {"pickle", "shelve", "yaml", "marshal", "imp", "runpy"}
"""Modules that load what may run, or what only a trusted program may have written."""
OWN_BYTES = {"core/folding.py"}
"""Files that use `marshal` for bytes that never leave the memory of the process."""

EXECUTES = {"execute", "executemany", "executescript", "rows", "query"}
MADE = {
    "stores/examining.py": ("PRAGMA integrity_check", "SELECT 1 FROM"),
    "stores/opening.py": ("PRAGMA ",),
    "stores/schema.py": ("DROP INDEX IF EXISTS",),
}
"""How statements begin that are put together where they are said, of names only."""


def _modules(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def _floor(part: str) -> int:
    for number, names in enumerate(FLOORS):
        if any(part == name or part.startswith(name) for name in names):
            return number
    raise AssertionError(f"{part} has no floor; give it one in FLOORS")


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_every_test_is_told() -> None:
    """`pytest` alone runs all there are, but for the fault rows and the benchmarks."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "tool"]["pytest"]["ini_options"]["testpaths"]
    found = {path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}

    assert [] == sorted(str(path) for path in found if path.parts[1] not in ("faults", "benchmarks")
                        and not any(path.is_relative_to(one) for one in told))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_imports_go_down(path: Path) -> None:
    """A file imports only from its own floor and from the floors below."""
    part = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if part in ("__init__", "__main__"):
        return

    above = [module for module in _modules(path) if module.startswith("lovepoints.")
             and _floor(module.split(".")[1]) > _floor(part)]

    assert [] == above


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_files_have_one_subject(path: Path) -> None:
    """No file has more than 400 lines, no function more than 45."""
    text = path.read_text(encoding="utf-8")

    long = [f"{node.name}: {node.end_lineno - node.lineno + 1}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.end_lineno
            and node.end_lineno - node.lineno + 1 > FUNCTION_MAX]

    assert [] == long
    assert text.count("\n") <= LINES_MAX


@pytest.mark.parametrize("path", [path for path in FILES if "core" in path.parts], ids=_name)
def test_the_core_is_pure(path: Path) -> None:
    """The core never meets clock, disk, network, randomness or a store."""
    text = path.read_text(encoding="utf-8")

    met = [module for module in _modules(path) if module.split(".")[0] in IMPURE]

    assert [] == met
    assert ".today()" not in text
    assert ".now(" not in text.replace("command.now(", "")


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_nothing_that_is_loaded_can_run(path: Path) -> None:
    """Rulebooks are TOML, everything else is JSON; no text becomes a program (S29)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    runs = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name) and node.func.id in RUNS]
    loads = [module for module in _modules(path) if module.split(".")[0] in UNSAFE]

    assert ([], ["marshal"] if _name(path) in OWN_BYTES else []) == (runs, loads)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_values_are_never_part_of_a_statement(path: Path) -> None:
    """SQL is constant or made of the schema's own names, in the stores alone (S19)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    made = [ast.unparse(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute) and node.func.attr in EXECUTES
            and node.args and not isinstance(node.args[0], ast.Constant | ast.Name | ast.Attribute)]

    assert [] == [text for text in made
                  if not text.lstrip("f'").startswith(MADE.get(_name(path), ("no such text",)))]


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_floats_and_no_broad_excepts(path: Path) -> None:
    """Amounts are whole: no float literal where they are met; and no error is swallowed
    wholesale: a broad except only undoes and raises on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    amounts = not {"stores", "cli", "demo"} & set(path.parts)

    floats = [node.lineno for node in ast.walk(tree)
              if amounts and isinstance(node, ast.Constant) and isinstance(node.value, float)]
    broad = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)
             and (node.type is None or (isinstance(node.type, ast.Name)
                                        and node.type.id in ("Exception", "BaseException")))
             and not isinstance(node.body[-1], ast.Raise)]

    assert ([], []) == (floats, broad)


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_public_object_is_documented(path: Path) -> None:
    """Modules, public classes and public functions say what they are."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    silent = [node.name for node in [*tree.body, *(inner for node in tree.body
              if isinstance(node, ast.ClassDef) for inner in node.body)]
              if isinstance(node, ast.FunctionDef | ast.ClassDef)
              and not node.name.startswith("_") and not ast.get_docstring(node)]

    assert ast.get_docstring(tree)
    assert [] == silent


def test_import_is_light() -> None:
    """`import lovepoints` loads neither sqlite_utils nor click nor the papers."""
    code = ("import sys, lovepoints; print(sorted(name for name in sys.modules if name.split('.')"
            "[0] in ('sqlite_utils', 'click', 'sqlite3', 'pytest', 'hypothesis')"
            " or name.startswith('lovepoints.papers')))")

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                             check=True).stdout.strip()

    assert "[]" == printed


def test_public_names_are_few_and_present() -> None:
    """The root offers at most 40 names, all of them there."""
    missing = [name for name in lovepoints.__all__ if not hasattr(lovepoints, name)]

    assert [] == missing
    assert len(lovepoints.__all__) <= 40
