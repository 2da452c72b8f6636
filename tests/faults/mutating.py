"""Small changes anywhere in the core, and how many of them the ordinary tests notice.

    python -m tests.faults.mutating --sample 150 [passbooks rating ...]

A mutant is one changed operator, constant, condition or dropped call inside a function. The tests
are collected once; one pass writes down which functions each test runs. Then every mutant lives in
a forked child, where the changed function takes the place of the honest one and the tests that run
it are told, the quickest first, until one fails. What hangs counts as noticed. What no test notices
is listed: it is either a test that is missing or a change that means nothing.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import copy
import importlib
import inspect
import os
import pickle
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import attrs
import pytest
from _pytest.runner import runtestprotocol

import lovepoints

ROOT = Path(lovepoints.__file__).parent
ROOMS = ("passbooks", "rating", "verifying", "folding", "checkpoints", "projecting", "merkle",
         "journal", "lives", "closing", "history", "values", "desks/command")
"""Where mutants live: files and folders of the core, and the keys."""
TESTS = ("tests/core", "tests/rulebooks", "tests/laws", "tests/desks", "tests/test_bugs.py",
         "tests/test_rater.py")
SECONDS = 30
"""The time that the tests of one mutant may take; with it over, it was not noticed."""
HUNG = 10 * SECONDS
"""The time by the wall after which a child is ended."""
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Place:
    """A function that mutants live in."""

    module: str
    name: str


@attrs.frozen
class Change:
    """One mutant: the `number`th change of a function, in words."""

    place: Place
    number: int
    what: str


# the changes of a piece of source


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What one node may become."""
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                ops = [*node.ops[:at], SWAPS[type(op)](), *node.ops[at + 1:]]
                yield _became(node, ast.Compare(node.left, ops, node.comparators))
        case ast.BoolOp():
            yield _became(node, ast.BoolOp(SWAPS[type(node.op)](), node.values))
        case ast.BinOp() if type(node.op) in SWAPS:
            yield _became(node, ast.BinOp(node.left, SWAPS[type(node.op)](), node.right))
        case ast.AugAssign() if type(node.op) in SWAPS:
            yield _became(node, ast.AugAssign(node.target, SWAPS[type(node.op)](), node.value))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield _became(node, node.operand)
        case ast.Constant(value=bool() | int()):
            value = not node.value if isinstance(node.value, bool) else node.value + 1
            yield _became(node, ast.Constant(value))
        case ast.Name(id=name) if name in NAMES:
            yield _became(node, ast.Name(NAMES[name], node.ctx))
        case ast.IfExp():
            yield _became(node, ast.IfExp(node.test, node.orelse, node.body))
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call() | ast.NamedExpr()):
            yield _became(node, ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse))
        case ast.Expr(value=ast.Call()):
            yield _became(node, ast.Pass())
        case ast.comprehension(ifs=[_, *_]):
            yield "a filter is gone", ast.comprehension(node.target, node.iter, [], node.is_async)


def _became(old: ast.expr | ast.stmt, new: ast.AST) -> tuple[str, ast.AST]:
    said = [ast.unparse(ast.fix_missing_locations(copy.deepcopy(ast.copy_location(one, old))))
            for one in (old, new)]
    first, second = (text.splitlines()[0] for text in said)
    return f"line {old.lineno}: {first}  ->  {second}", ast.copy_location(new, old)


class _Changing(ast.NodeTransformer):
    """Makes the `number`th change of a function, and counts what it could have made."""

    def __init__(self, number: int = -1) -> None:
        self.number = number
        self.found: list[str] = []

    def visit(self, node: ast.AST) -> Any:  # Any: a node, or what takes its place
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.arguments):
            return node  # sentences, our own mistakes, and defaults that were worked out before
        for what, new in changes(node):
            self.found.append(what)
            if len(self.found) - 1 == self.number:
                return new
        if isinstance(node, ast.AnnAssign):
            node.value = node.value and self.visit(node.value)
            return node
        if isinstance(node, Functions):
            node.body = [self.visit(one) for one in node.body]
            return node
        return self.generic_visit(node)


# functions of a module, in source and alive


def functions(tree: ast.Module) -> dict[str, Functions]:
    """Functions and methods by qualified name; inner ones belong to the outer, and of several
    with one name the last one lives."""
    def below(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, Functions]]:
        for node in body:
            if isinstance(node, Functions):
                yield prefix + node.name, node
            elif isinstance(node, ast.ClassDef):
                yield from below(node.body, f"{prefix}{node.name}.")

    return dict(below(tree.body, ""))


def alive(module: ModuleType) -> dict[str, FunctionType]:
    """The function objects of a module by qualified name, under whatever wraps them."""
    found: dict[str, FunctionType] = {}

    def look(thing: object) -> None:
        if isinstance(thing, property | classmethod | staticmethod):
            look(thing.fget if isinstance(thing, property) else thing.__func__)
        elif getattr(thing, "__module__", "") != module.__name__:
            return
        elif isinstance(thing, type):
            for one in vars(thing).values():
                look(one)
        elif inner := getattr(thing, "__wrapped__", None):
            look(inner)
        elif isinstance(thing, FunctionType):
            found[thing.__code__.co_qualname] = thing

    for thing in vars(module).values():
        look(thing)
    return found


def replace(module: ModuleType, name: str, change: Callable[[Functions], None]) -> bool:
    """Put a changed function where the honest one runs; False if it is not to be found."""
    tree = ast.parse(inspect.getsource(module))
    change(functions(tree)[name])
    code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec", dont_inherit=True)
    honest = alive(module).get(name)
    changed = {one.co_qualname: one for one in _codes(code)}.get(name)
    if honest is None or changed is None or \
            len(honest.__code__.co_freevars) != len(changed.co_freevars):
        return False
    honest.__code__ = changed
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _plant(change: Change) -> None:
    module = importlib.import_module(change.place.module)
    replace(module, change.place.name, lambda node: _Changing(change.number).visit(node))


def _watch(place: Place, seen: set[Place]) -> bool:
    """Let a function tell that it was run."""
    def tell(node: Functions) -> None:
        call = ast.parse(f"__import__('builtins').told({place.module!r}, {place.name!r})").body
        node.body = [*call, *node.body]

    builtins.told = lambda module, name: seen.add(Place(module, name))  # type: ignore[attr-defined]
    return replace(importlib.import_module(place.module), place.name, tell)


def catalogue(rooms: Sequence[str]) -> list[Change]:
    """All mutants of some rooms."""
    found = []
    for room in rooms:
        start = ROOT / room if "/" in room else ROOT / "core" / room
        files = sorted(start.glob("*.py")) if start.is_dir() else \
            sorted(start.parent.glob(f"{start.name}*.py"))
        for file in files:
            module = ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)
            for name, node in functions(
                    ast.parse(file.read_text(encoding="utf-8"))).items():
                (counting := _Changing()).visit(node)
                found += [Change(Place(module, name), number, what)
                          for number, what in enumerate(counting.found)]
    return found


# running


def _forked(job: Callable[[], object], seconds: int) -> Any:  # Any: what the job returns
    """What a job gives in a child of its own; None if it dies or takes too long."""
    with tempfile.TemporaryFile() as answer:
        child = os.fork()
        if not child:
            try:
                signal.alarm(seconds)
                quiet = os.open(os.devnull, os.O_WRONLY)
                os.dup2(quiet, 1), os.dup2(quiet, 2)
                pickle.dump(job(), answer)
                answer.flush()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        answer.seek(0)
        try:
            return pickle.load(answer)
        except (EOFError, pickle.UnpicklingError):
            return None


def _run(item: pytest.Item) -> bool:
    """Whether a test passes."""
    reports = runtestprotocol(item, nextitem=None, log=False)
    return not any(report.failed for report in reports)


@attrs.define
class Mutating:
    """Stands in for the loop of pytest over its tests."""

    changes: list[Change]
    survived: list[Change] = attrs.field(factory=list)
    killed: int = 0
    unreached: int = 0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Failures need not be small; what is found must be found again."""
        import hypothesis  # after pytest has looked at its plugin

        hypothesis.settings.register_profile(
            "mutating", database=None, derandomize=True,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate])
        hypothesis.settings.load_profile("mutating")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Each mutant against the tests that run its function."""
        took = _forked(partial(self._measured, session.items), 3600)
        assert took and len(took) > 0.9 * len(session.items), "the tests could not be watched"
        for number, change in enumerate(self.changes, 1):
            asked = sorted((seconds, at) for at, (seconds, places) in took.items()
                           if change.place in places)
            if not asked:
                self.unreached += 1
                noticed: object = False
            else:
                noticed = _forked(partial(self._try, change, session.items, asked), HUNG)
            if noticed is False:
                self.survived.append(change)
                _say(f"{change.place.module} {change.place.name} {change.what}"
                     f"{'' if asked else '  (no test runs it)'}")
            else:
                self.killed += 1
            if not number % 25:
                _say(f"-- {number} mutants, {self.killed} noticed")
        return True

    def _measured(self, items: list[pytest.Item]) -> dict[int, tuple[float, frozenset[Place]]]:
        """How long each test takes, and which functions it runs."""
        seen: set[Place] = set()
        for place in {change.place for change in self.changes}:
            if not _watch(place, seen):
                _say(f"?? {place.module} {place.name} cannot be replaced")
        found = {}
        for at, item in enumerate(items):
            seen.clear()
            start = time.perf_counter()
            if _run(item):
                found[at] = (time.perf_counter() - start, frozenset(seen))
        return found

    def _try(
        self, change: Change, items: list[pytest.Item], asked: list[tuple[float, int]],
    ) -> bool:
        """Whether a test notices a mutant."""
        _plant(change)
        start = time.process_time()
        for seconds, at in asked:
            signal.setitimer(signal.ITIMER_PROF, 2 + 10 * seconds)  # what turns for ever ends here
            if not _run(items[at]):
                return True
            if time.process_time() - start > SECONDS:
                break
        return False


def _say(line: str) -> None:
    print(line, file=sys.__stderr__, flush=True)


def mutate(
    rooms: Sequence[str] = ROOMS, *, sample: int = 0, seed: int = 1, tests: Sequence[str] = TESTS,
) -> Mutating:
    """Try all mutants of some rooms, or a sample of them."""
    every = catalogue(rooms)
    chosen = random.Random(seed).sample(every, sample) if 0 < sample < len(every) else every
    _say(f"{len(chosen)} of {len(every)} mutants")
    plugin = Mutating(chosen)
    pytest.main(["-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:terminal", *tests],
                plugins=[plugin])
    return plugin


def main() -> None:
    """Print what survives, and the share that is noticed."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("rooms", nargs="*", default=ROOMS)
    parser.add_argument("--sample", type=int, default=0, help="so many mutants (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="+", default=TESTS, help="the tests that are told")
    asked = parser.parse_args()
    done = mutate(asked.rooms, sample=asked.sample, seed=asked.seed, tests=asked.tests)
    tried = done.killed + len(done.survived)
    print(f"{tried} mutants, {done.killed} noticed ({done.killed * 100 // tried} %), "
          f"{done.unreached} where no test comes")


if __name__ == "__main__":
    main()
