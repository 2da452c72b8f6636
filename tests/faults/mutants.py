"""The library broken on purpose, one sentence of its source at a time, and what that must break.

A mutant names functions and a change of their text; the exact set of invariants that the oracle and
the story then find broken; and, where another guard of the library stands behind the changed line,
that guard. A mutant whose text is no longer there fails: it must follow the code.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from types import ModuleType
from typing import Any

import attrs
import pytest

CORE, DESKS, STORES = "lovepoints.core.", "lovepoints.desks.", "lovepoints.stores."
BOOKS, COMMAND = DESKS + "books:Books.", DESKS + "command:"
PASSBOOK, RETURNING = CORE + "passbooks.passbook:", CORE + "passbooks.returning:"
PROJECTING, REDEEMING = CORE + "projecting:", CORE + "passbooks.redeeming:"
DECIDING, LIVES = DESKS + "deciding:", CORE + "lives:"


@attrs.frozen
class Edit:
    """One change: the function as `module:name` or `module:Class.name`, its text, the new text."""

    where: str
    old: str
    new: str

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        """Put the changed function wherever the library holds the honest one."""
        name, _, path = self.where.partition(":")
        module = importlib.import_module(name)
        owner: Any = module
        *outer, last = path.split(".")
        for one in outer:
            owner = getattr(owner, one)
        honest = getattr(owner, last)
        source = getattr(honest, "source", "") or textwrap.dedent(inspect.getsource(honest))
        assert source.count(self.old) == 1, f"{self.where} has no {self.old!r}: follow the code"
        scope: dict[str, Any] = {}
        exec(compile(source.replace(self.old, self.new), self.where, "exec"),
             module.__dict__, scope)
        scope[last].source = source.replace(self.old, self.new)
        for holder in [owner] if outer else _holders(honest, last):
            patch.setattr(holder, last, scope[last])


def _holders(honest: object, name: str) -> list[ModuleType]:
    """The modules of the library that hold a function under its name."""
    return [module for key, module in sys.modules.items()
            if key.startswith("lovepoints") and getattr(module, name, None) is honest]


@attrs.frozen
class Mutant:
    """A broken library. `guard`: what stops it; `unguarded` takes the guard away as well.
    `is_untold`: the file does not tell, and whoever verifies it later finds nothing."""

    name: str
    breaks: frozenset[str]
    edits: tuple[Edit, ...]
    guard: str = ""
    unguarded: tuple[Edit, ...] = ()
    is_untold: bool = False


def _mutant(
    name: str, breaks: str, *edits: tuple[str, str, str], guard: str = "",
    unguarded: tuple[tuple[str, str, str], ...] = (), is_untold: bool = False,
) -> Mutant:
    return Mutant(name, frozenset(breaks.split()), tuple(Edit(*one) for one in edits), guard,
                  tuple(Edit(*one) for one in unguarded), is_untold)


_LOT_GUARD = (PROJECTING + "_move_lot", "if free < 0 or held < 0 or free + held > lot.granted:",
              "if False:")
_LIMIT_GUARD = (PROJECTING + "limit_broken", "    return amount < 0", "    return False")
_BELOW_ZERO = (_LOT_GUARD, _LIMIT_GUARD, (STORES + "shape:Shape.check", "if not check.holds(row):",
                                            "if False:"))
_NEW_GUARD = (STORES + "sqlite_rows:SqliteRows._check_new", "table.shape, table.shape.table.name",
              "table.shape, ''\n    return")
_SETTLE = (COMMAND + "Command.settle", "    self._settled[holder] = None\n",
           "    self._settled[holder] = None\n    if self.verb != 'sweep':\n        return\n")

KEYS = (
    _mutant("a key is looked up before others have used it", "I7 I8",
            (COMMAND + "perform", "_repeat(book, verb, sealed, key, said)", "None")),
    _mutant("a refusal is not kept", "I8",
            (COMMAND + "perform", "if no.code not in UNRECORDED and", "if False and"),
            is_untold=True),
    _mutant("what a request says is not compared", "I7",
            (COMMAND + "_digest", "*said.items()", ""), is_untold=True),
    _mutant("a request's digest tells the time", "I8",
            (COMMAND + "_digest", "*said.items()", "*said.items(), ('now', book.clock())"),
            is_untold=True),
    _mutant("a refusal leaves behind what the calendar owed", "I9",
            (COMMAND + "perform", "with book.store.verb():", "with __import__('contextlib')."
             "nullcontext():"), is_untold=True),
)
BALANCES = (
    _mutant("what a lot once had is spent", "I12",
            (PASSBOOK + "_up_to", "min(lot.free, amount)", "min(lot.granted, amount)"),
            guard="BookDamaged", unguarded=_BELOW_ZERO),
    _mutant("what another program wrote is not looked at before the lock", "I3 I4 I8 I12",
            (STORES + "kept:Kept.forget", "self._tables, self._undo, self.version = {}, [], -1",
             "self._undo, self.version = [], -1\n    self._tables = {"
             "record: table for record, table in self._tables.items()\n        "
             "if record.__name__ in ('Balance', 'Lot')}")),
    _mutant("the target of a posting gets nothing", "I2 I3 I4 I14",
            (PROJECTING + "_moved", "rows.put(Balance(", "amount > 0 or rows.put(Balance(")),
    _mutant("a balance does not count its postings", "I4",
            (PROJECTING + "_moved", "before.version + 1", "before.version")),
    _mutant("a place in the journal stays empty", "I6 I18",
            (COMMAND + "_begin", "key=key, seq=seq)", "key=key, seq=seq + (seq == 40))"),
            guard="ValueError", unguarded=(_NEW_GUARD,)),
    _mutant("the wall clock says when something was recorded", "I6",
            (COMMAND + "_begin", "max(book.clock(), recorded_at + 1)", "book.clock()")),
    _mutant("a correction moves nothing", "I1",
            (BOOKS + "adjust", "opens=opens),))", "opens=opens),)[amount == 1:])")),
)
LOTS = (
    _mutant("the oldest lot pays first", "I13",
            (PASSBOOK + "order", "(lot.ends_at, lot.id)", "lot.id")),
    _mutant("what never ends pays first", "I13",
            (PASSBOOK + "order", "(lot.ends_at, lot.id)",
             "(lot.ends_at < Opens().ends_at, lot.ends_at, lot.id)")),
    _mutant("what waits for a decision is spent", "I13",
            (PASSBOOK + "is_live", "not lot.frozen and ", "")),
    _mutant("what waits for its day is spent", "I13",
            (PASSBOOK + "is_live", "lot.available_at <= now < lot.ends_at", "now < lot.ends_at")),
    _mutant("what has ended is spent", "I14",
            (PASSBOOK + "is_live", "lot.available_at <= now < lot.ends_at",
             "lot.available_at <= now"),
            guard="what is due is written first", unguarded=(_SETTLE,)),
    _mutant("a lot expires twice", "I5 I12",
            (PASSBOOK + "expire", "lot.unit, lot.free, lot.id),)",
             "lot.unit, lot.free, lot.id),) * 2"),
            guard="BookDamaged", unguarded=_BELOW_ZERO),
    _mutant("what is held expires", "I11",
            (PASSBOOK + "expire", "if lot.free:", "if lot.free or lot.held:"),
            (PASSBOOK + "expire", "(Posting(lot.account, EXPIRED, lot.unit, lot.free, lot.id),)",
             "tuple(Posting(one, EXPIRED, lot.unit, many, lot.id) for one, many in "
             "((lot.account, lot.free), (held(lot.account), lot.held)) if many)")),
    _mutant("a lot ends a day early", "I14",
            (PASSBOOK + "expire", "lot.ends_at <= now]", "lot.ends_at <= now + 86_400_000_000]"),
            (CORE + "passbooks.dues:_may_move", "first.ends_at <= scene.now",
             "first.ends_at <= scene.now + 86_400_000_000")),
    _mutant("days end when they end in Greenwich", "I14",
            (CORE + "values:Calendar.end_of", "self.start_of(day + timedelta(days=1))",
             "self.start_of(day + timedelta(days=1)) + 8 * 3_600_000_000")),
    _mutant("a gift has the dates of its first lot", "I12",
            (CORE + "passbooks.transferring:transfer", "by_id[lot], amount",
             "attrs.evolve(by_id[lot], ends_at=by_id[shares[0][0]].ends_at), amount")),
)
HOLDS = (
    _mutant("what lapses stays set aside", "I11",
            (RETURNING + "_let_go", "*_each(held(account)", "*(lambda *_: ())(held(account)")),
    _mutant("a reservation is collected twice", "I5 I11 I12 I13 I16",
            (RETURNING + "collect", 'row.state != "held" or ', ""),
            guard="BookDamaged", unguarded=_BELOW_ZERO),
    _mutant("more is handed over than was reserved", "I16",
            (RETURNING + "_over", "if pieces > present.get(item, 0):", "if False:")),
    _mutant("what is not collected comes back as a new lot", "I12",
            (RETURNING + "collect", "*_each(held(account), account, _less(",
             "*(lambda source, target, moves: (Posting(source, target, unit, amount, lot, Opens("
             "now, lots[lot].ends_at)) for unit, lot, amount in moves))("
             "held(account), account, _less(")),
    _mutant("a reservation is collected after its time", "I11",
            (RETURNING + "collect", " or row.lapses_at <= now", ""),
            guard="what is due is written first", unguarded=(_SETTLE,)),
)
REVERSALS = (
    _mutant("an entry is taken back twice", "I15",
            (BOOKS + "reverse", 'find(EntryRow, "by_reverses", seq, limit=1)',
             'find(EntryRow, "by_reverses", -1, limit=1)'),
            guard="ValueError", unguarded=(_NEW_GUARD,)),
    _mutant("a return is taken back", "I15",
            (BOOKS + "reverse", 'if entry.kind == "reverse":', "if False:"),
            guard="only some kinds are taken back",
            unguarded=((BOOKS + "reverse", "if entry.kind not in REVERSIBLE:", "if False:"),)),
    _mutant("what is gone goes below zero", "I5 I12",
            (PASSBOOK + "_draw_back", "Posting(owed(holder), posting.source, posting.unit, rest, 0",
             "Posting(posting.target, posting.source, posting.unit, rest, lot"),
            guard="BookDamaged", unguarded=_BELOW_ZERO),
    _mutant("what is taken back goes into another lot", "I15",
            (PASSBOOK + "take_back", "                               posting.lot))",
             "0, Opens(now) if posting.source == base else None))")),
    _mutant("what was paid of a debt comes back as something new", "I15",
            (CORE + "passbooks.awarding:exchanged", "now, paid=paid,", "now, paid=(),")),
)
RULES = (
    _mutant("the rulebook of today rates", "I10",
            (CORE + "rating.facts:rating_rulebook", "return in_force(terms, day), day",
             "return in_force(terms, decided_on), decided_on")),
    _mutant("half hours are rounded up", "I10",
            (CORE + "rating.worth:to_steps", "0, rounding)", '0, "up")')),
    _mutant("more is credited than awarded", "I10 I17",
            (PASSBOOK + "credit", "part.unit, part.points, opens", "part.unit, part.points + 1, "
             "opens")),
    _mutant("months begin when they begin in Greenwich", "I17",
            (CORE + "values:Calendar.period", "    match each:",
             "    if each == 'month' and day.day == 1:\n        day -= timedelta(days=1)\n"
             "    match each:")),
    _mutant("a cap does not see what its own batch was paid", "I17",
            (COMMAND + "Command.write", "self.book.count(entry)", "None")),
    _mutant("a deed is confirmed twice", "I17",
            (LIVES + "wrong_state", "if deed.status in MOVES[move]:", "if True:")),
    _mutant("whoever lives with the doer confirms", "I21",
            (DECIDING + "_own", "bool((mine & theirs) - {\"\"})", "False")),
    _mutant("the doer confirms", "I21",
            (LIVES + "own_deed", 'actor.resident in doers:',
             "False:"),
            guard="who lives with the doer does not confirm", unguarded=(
                (DECIDING + "_own", "bool((mine & theirs) - {\"\"})", "False"),)),
    _mutant("whoever wrote a deed down confirms it", "I21",
            (LIVES + "own_deed", "if is_recorder and not confirm.recorder:", "if False:")),
)
SHOP = (
    _mutant("goods go out in an entry of their own", "I11 I16",
            (DESKS + "counter:_drafted", "    return _draft(command",
             "    command.write(_draft(command, 'give', row, tuple(\n"
             "        one for one in postings if one.unit[:5] == 'item:'), seen.rulebook))\n"
             "    postings = tuple(one for one in postings if one.unit[:5] != 'item:')\n"
             "    return _draft(command")),
    _mutant("goods go out and the book does not say so", "I16",
            (REDEEMING + "Settlement._postings", "return (*paid, *given)",
             "return (*paid, *(given if goods != GIVEN else ()))")),
    _mutant("a late slip pays the price of today", "I16",
            (CORE + "passbooks.baskets:price_now", "counter.day", "counter.holding.day")),
    _mutant("several pieces cost as much as one", "I16",
            (CORE + "passbooks.baskets:asked_of", "amount * quantity", "amount * bool(quantity)")),
)
TREE = (
    _mutant("the postings of an entry are not hashed", "I18",
            (PROJECTING + "append", "leaf_hash(body)",
             "leaf_hash(attrs.evolve(entry, postings=()).body)")),
    _mutant("the tree grows without a prefix on its nodes", "I18",
            (CORE + "merkle:node_hash", 'b"\\x01" + ', "")),
    _mutant("the tree grows outside of the transaction", "I18",
            (PROJECTING + "grow", "rows.get(Frontier, level)",
             "rows.__dict__.setdefault('apart', {}).get(level)"),
            (PROJECTING + "grow", "    rows.put(Frontier(level=level, hash=node))",
             "    rows.put(Frontier(level=level, hash=node))\n"
             "    rows.__dict__.setdefault('apart', {})[level] = rows.get(Frontier, level)")),
    _mutant("the tree misses an entry now and then", "I18",
            (PROJECTING + "refold", "    grow(", "    entry.seq % 16 and grow(")),
)
ROWS = (
    _mutant("a row that an entry changes stays as it was", "I19",
            (PROJECTING + "_change", "        rows.put(attrs.evolve(present, **values))",
             "        entry.seq % 16 and rows.put(attrs.evolve(present, **values))")),
    _mutant("the words of an entry stand in any order", "I20",
            (CORE + "journal:canonical_bytes", "_ENCODER.encode(value)",
             "__import__('json').dumps(value, ensure_ascii=False, separators=(',', ':'))")),
)
MUTANTS = {one.name: one for one in (
    *KEYS, *BALANCES, *LOTS, *HOLDS, *REVERSALS, *RULES, *SHOP, *TREE, *ROWS)}
