"""O1: which invariants of a book do not hold, read from its file by another program.

`broken(path)` shares nothing with the library but the format: rows by sqlite3, entries by json,
rulebooks by tomllib. It never asks what the library thinks of them. `rulings.py` holds what needs
the rulebook's words, `beside.py` the register, the tree and other rows. I1 to I7 and I10 to I21
are answered; whether a request is answered twice alike (I8) and a refused one leaves nothing behind
(I9) takes somebody who asks, but what a sweep wrote without a verb is seen.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.beside import bytes_of, register, rows, tree
from tests.faults.rulings import Rulings

Body = dict[str, Any]  # Any: the JSON of an entry, a posting, a row
Place = tuple[str, str]
NEVER = 2**53 - 1
POSTING = {"amount", "source", "target", "unit"}
MOVING = {"adjust", "transfer", "expire", "settle", "receive", "give", "write_off"}
STILL = {"found", "appoint", "dismiss", "enrol", "area", "move", "leave", "describe", "adopt",
         "stock", "price", "reopen", "sweep", "open_window", "close_window", "lift", "close_period"}
ORDERED = {"redeem", "hold", "transfer", "settle", "debit", "give"}
"""Kinds that draw on live lots only; `WIDER` ones draw on what waits for its day after those."""
WIDER = {"adjust", "deduct", "confirm", "repair"}
SINKS = ("redeemed", "expired", "deducted", "given", "lost")


def broken(path: str | Path) -> frozenset[str]:
    """The names of the invariants that do not hold in the book."""
    return frozenset(details(path))


def details(path: str | Path) -> dict[str, list[str]]:
    """What does not hold, by the name of the invariant: where, and how."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        file.row_factory = sqlite3.Row
        tables = {name: [dict(row) for row in file.execute(f'SELECT * FROM "{name}"')]
                  for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='table'")
                  if not name.startswith("sqlite")}
        keys = {name: tuple(column["name"] for column in file.execute(
            f'PRAGMA table_info("{name}")') if column["pk"]) for name in tables}
    reading = _Reading(tables, keys)
    reading.read()
    return dict(sorted(reading.found.items(), key=lambda one: int(one[0][1:])))


class _Reading:
    """One book, read entry by entry."""

    def __init__(self, tables: dict[str, list[Body]], keys: dict[str, tuple[str, ...]]) -> None:
        self.tables, self.keys = tables, keys
        self.rows = sorted(tables["entry"], key=lambda row: row["seq"])
        self.bodies: list[Body] = [json.loads(row["body"]) for row in self.rows]
        self.by_seq = {body["seq"]: body for body in self.bodies}
        zone = self.bodies[0]["details"]["rows"]["setting"][0]["value"]["zone"]
        self.zone = ZoneInfo(zone)
        self.postings = {row["id"]: row for row in tables["posting"]}
        self.found: defaultdict[str, list[str]] = defaultdict(list)
        self.now: Counter[Place] = Counter()
        self.versions: Counter[Place] = Counter()
        self.last: dict[Place, int] = {}
        self.lots: dict[int, Body] = {}
        self.held: defaultdict[str, Counter[tuple[str, str, int]]] = defaultdict(Counter)
        self.sunk: defaultdict[str, Counter[Place]] = defaultdict(Counter)
        self.redemptions: dict[str, Body] = {}
        self.resolved: Counter[str] = Counter()
        self.services: dict[str, bool] = {}
        self.rulings = Rulings(self.say, self.local)

    def say(self, name: str, seq: int, what: str) -> None:
        self.found[name].append(f"entry {seq}: {what}")

    def local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment / 1_000_000, tz=self.zone)

    def read(self) -> None:
        """Everything, entry by entry, and then what is stored beside the journal."""
        for body in self.bodies:
            self.rulings.learn(body)
            self._shape(body)
            eligible = self._eligible(body)
            for line, posting in enumerate(body.get("postings", ())):
                self._post(body, body["seq"] * 4096 + line + 1, posting)
            self._limits(body)
            self._order(body, eligible)
            self._freeze(body)
            self._shop(body)
            if body["kind"] == "reverse":
                self._reversal(body)
            if body["kind"] == "sweep":
                self._swept(body)
            self.rulings.judge(body)
        self._journal()
        self._stored()
        register(self.tables, self.bodies, self.say)
        tree(self.tables, self.rows, self.say)
        rows(self.tables, self.keys, self.bodies, self.say)
        bytes_of(self.tables, self.bodies, self.say)
        self.rulings.close(self.tables["credit"], self.tables["deed"], self.bodies)

    # entry by entry

    def _shape(self, body: Body) -> None:
        """I1: what an entry of this kind and its postings look like."""
        seq, postings, details = body["seq"], body.get("postings", ()), body.get("details", {})
        for item in details.get("rows", {}).get("item", ()):
            self.services[item["code"]] = not item["stocked"]
        moves = body["kind"] in MOVING and not self.services.get(details.get("item", ""))
        if moves > bool(postings) or (body["kind"] in STILL and postings):
            self.say("I1", seq, f"{len(postings)} postings in {body['kind']}")
        for one in postings:
            if not POSTING <= set(one) or type(one["amount"]) is not int or one["amount"] <= 0 \
                    or one["source"] == one["target"]:
                self.say("I1", seq, f"no posting: {one}")
            if not self.rulings.is_unit(one["unit"]):
                self.say("I1", seq, f"unknown unit {one['unit']}")
            lot = self.lots.get(one.get("lot", 0))
            if "lot" in one and (lot is None or lot["unit"] != one["unit"]):
                self.say("I1", seq, f"lot {one['lot']} is not one of {one['unit']}")
            if _is_base(one["source"]) and not one.get("lot"):
                self.say("I1", seq, f"{one['source']} gives without naming a lot")

    def _post(self, body: Body, number: int, one: Body) -> None:
        """I4 and the bounds of I12; everything that later entries are held against."""
        seq, unit, amount = body["seq"], one["unit"], one["amount"]
        row = self.postings.pop(number, None)
        said = (one["source"], one["target"], unit, amount, one.get("lot", 0))
        if row is None or said != tuple(row[name] for name in (
                "source", "target", "unit", "amount", "lot")):
            self.say("I4", seq, f"posting {number} is not stored as it was said")
        for side, sign in (("source", -1), ("target", 1)):
            place = (one[side], unit)
            self.now[place] += sign * amount
            self.versions[place] += 1
            if row and (self.now[place], self.last.get(place, 0)) != (
                    row[f"{side}_after"], row[f"{side}_prev"]):
                self.say("I4", seq, f"{place} stands at {self.now[place]}, not as posting "
                         f"{number} says")
            self.last[place] = number
            if one[side].endswith("/held"):
                self.held[body["subject"]][one[side], unit, one.get("lot", 0)] += sign * amount
            if one[side] in SINKS:
                self.sunk[body["subject"]][one[side], unit] += sign * amount
        self._move_lot(body, number, one)

    def _move_lot(self, body: Body, number: int, one: Body) -> None:
        lot, opens = self.lots.get(one.get("lot", 0)), one.get("opens")
        if lot:
            base = lot["account"]
            lot["free"] -= one["amount"] * (one["source"] == base)
            lot["held"] -= one["amount"] * (one["source"] == f"{base}/held")
            if not opens:
                lot["free"] += one["amount"] * (one["target"] == base)
                lot["held"] += one["amount"] * (one["target"] == f"{base}/held")
            if lot["free"] < 0 or lot["held"] < 0 or lot["free"] + lot["held"] > lot["granted"]:
                self.say("I12", body["seq"], f"lot {lot['id']} has {lot['free']} and "
                         f"{lot['held']} of {lot['granted']}")
        if opens:
            if lot and _is_base(one["source"]) and opens != [lot["available_at"], lot["ends_at"]]:
                self.say("I12", body["seq"], f"lot {lot['id']} is given on with other dates")
            if one["source"].endswith("/held"):
                self.say("I12", body["seq"], "what was held comes back as another lot")
            self.lots[number] = {
                "id": number, "account": one["target"], "unit": one["unit"], "frozen": 0,
                "granted": one["amount"], "free": one["amount"], "held": 0,
                "available_at": opens[0], "ends_at": opens[1]}
            if one["target"] != "shelf" and opens[1] != NEVER:
                self.rulings.ends(body["seq"], self.local(opens[1]))

    def _limits(self, body: Body) -> None:
        """I5: no account on the wrong side of zero after an entry."""
        for one in body.get("postings", ()):
            for account in (one["source"], one["target"]):
                amount = self.now[account, one["unit"]]
                below = account in ("issued", "supplier") or account.endswith("/owed")
                if amount > 0 if below else amount < 0:
                    self.say("I5", body["seq"], f"{account} stands at {amount} {one['unit']}")

    # lots

    def _moment(self, body: Body) -> int:
        moment: int = body["at"] if body["by"] == "lp" else body["recorded_at"]
        return moment

    def _draws(self, body: Body) -> Iterator[Body]:
        """The postings that take from whichever lots come first."""
        for one in body.get("postings", ()):
            if _is_base(one["source"]) and one.get("lot") and (
                    body["kind"] in ORDERED
                    or (body["kind"] in WIDER and one["target"] == "deducted"
                        and not self.rulings.clears)):
                yield one

    def _eligible(self, body: Body) -> dict[Place, dict[int, tuple[bool, int, int]]]:
        """The lots that may be drawn on before an entry moves them, each with its place."""
        moment, is_wide = self._moment(body), body["kind"] in WIDER
        return {place: {
            number: (lot["available_at"] > moment, lot["ends_at"], number)
            for number, lot in self.lots.items()
            if (lot["account"], lot["unit"]) == place and not lot["frozen"]
            and moment < lot["ends_at"] and (lot["available_at"] <= moment or is_wide)}
            for place in {(one["source"], one["unit"]) for one in self._draws(body)}}

    def _order(self, body: Body, eligible: dict[Place, dict[int, tuple[bool, int, int]]]) -> None:
        """I13, and of I14 that nothing is spent after its end and nothing ends before it."""
        used: defaultdict[Place, set[int]] = defaultdict(set)
        for one in self._draws(body):
            used[one["source"], one["unit"]].add(one["lot"])
        for place, lots in used.items():
            if ended := [lot for lot in lots if lot in self.lots
                         and self.lots[lot]["ends_at"] <= self._moment(body)]:
                self.say("I14", body["seq"], f"lots {ended} are spent after their end")
            odd = [lot for lot in lots if lot not in eligible[place] and lot not in ended]
            last = max((eligible[place][lot] for lot in lots if lot in eligible[place]),
                       default=(False, 0, 0))
            early = [lot for lot, where in eligible[place].items()
                     if where < last and self.lots[lot]["free"] > 0]
            if odd or early:
                self.say("I13", body["seq"], f"lots {odd} may not be drawn on, {early} come first")
        if body["kind"] == "expire":
            for one in body["postings"]:
                if self.lots[one["lot"]]["ends_at"] > body["recorded_at"]:
                    self.say("I14", body["seq"], f"lot {one['lot']} expires before its end")

    def _freeze(self, body: Body) -> None:
        for change in body.get("details", {}).get("rows", {}).get("lot", ()):
            self.lots[change["id"]]["frozen"] = change.get("frozen", 0)

    def _swept(self, body: Body) -> None:
        """I14: nothing that has ended is left free after a sweep."""
        left = [lot["id"] for lot in self.lots.values() if lot["account"] != "shelf"
                and lot["ends_at"] <= body["at"] and lot["free"] > 0]
        if left:
            self.say("I14", body["seq"], f"lots {left} have ended and are not swept")

    # shop

    def _shop(self, body: Body) -> None:
        """I11 and I16 for the one redemption that an entry speaks of."""
        subject, rows = body["subject"], body.get("details", {}).get("rows", {})
        seq = body["seq"]
        if any(one[side].endswith("/held") for one in body.get("postings", ())
               for side in ("source", "target")) and not subject.startswith("x-"):
            self.say("I11", seq, f"{body['kind']} moves what is held")
        for row in rows.get("redemption", ()):
            before = self.redemptions.get(row["id"])
            self.redemptions[row["id"]] = row = {**(before or {}), **row}
            self._hold(body, before, row)
            self._price(body, row)

    def _hold(self, body: Body, before: Body | None, row: Body) -> None:
        seq, kind, id_ = body["seq"], body["kind"], row["id"]
        self.resolved[id_] += kind in ("collect", "release", "lapse")
        if self.resolved[id_] > 1 or (before and before["state"] != "held" and kind != "return"):
            self.say("I11", seq, f"{id_} is let go of again")
        lapses_at = (before or {}).get("lapses_at", NEVER)
        if kind == "collect" and body["recorded_at"] >= lapses_at:
            self.say("I11", seq, f"{id_} is collected after its time")
        expected: Counter[tuple[str, str, int]] = Counter()
        if row["state"] == "held":
            for unit, lot, amount in row["details"]["points"]:
                expected[f"passbook/{row['holder']}/held", unit, lot] += amount
            for line in row["details"]["lines"]:
                for lot, amount in line["lots"]:
                    expected["shelf/held", f"item:{line['item']}", lot] += amount
        if {place: n for place, n in self.held[id_].items() if n} != dict(expected):
            self.say("I11", seq, f"{id_} is {row['state']} and holds {dict(self.held[id_])}")

    def _price(self, body: Body, row: Body) -> None:
        """I16: points and goods move in one entry, as many as the prices of the day say."""
        is_new, moved = body["kind"] in ("redeem", "hold"), Counter[str]()
        if is_new:
            for one in body.get("postings", ()):
                moved[one["unit"]] += one["amount"]
        else:
            for (account, unit), amount in self.sunk[row["id"]].items():
                moved[unit] += amount * (account in ("redeemed", "given"))
        wanted: Counter[str] = Counter()
        for line in row["details"]["lines"]:
            pieces = line["quantity"] if is_new else line["handed"] - line["returned"]
            wanted.update({unit: n * pieces for unit, n in line["unit_price"].items()})
            wanted[f"item:{line['item']}"] += pieces * bool(line["lots"])
            if is_new and line["unit_price"] != self.rulings.price(line["item"], body["day"]):
                self.say("I16", body["seq"], f"{line['item']} is not at the price of its day")
        if "" in wanted:  # a plain sum is paid in whichever kinds
            for sums in (wanted, moved):
                points = [unit for unit in sums if not unit.startswith("item:")]
                sums[""] = sum(sums.pop(unit) for unit in points)
        if +moved != +wanted:
            self.say("I16", body["seq"], f"{row['id']} moves {+moved}, and is worth {+wanted}")

    # reversals

    def _reversal(self, body: Body) -> None:
        """I15: onto an entry that is no return, once; as much to the same people, the same lots."""
        seq, first = body["seq"], self.by_seq[body["reverses"]]
        again = [one["seq"] for one in self.bodies if one.get("reverses") == first["seq"]]
        if first.get("reverses") or again[0] < seq:
            self.say("I15", seq, f"entry {first['seq']} is returned already, or is a return")
        moved: Counter[tuple[str, str, str]] = Counter()
        lots: Counter[int] = Counter()
        has_debt = False
        for line, one in enumerate(first.get("postings", ())):
            moved[_party(one["source"]), _party(one["target"]), one["unit"]] += one["amount"]
            lots[one.get("lot", 0)] += one["amount"] * ("opens" not in one)
            lots[first["seq"] * 4096 + line + 1] -= one["amount"] * ("opens" in one)
            has_debt |= one["source"].endswith("/owed")
        opened = {lot for lot, amount in lots.items() if amount < 0}
        for one in body.get("postings", ()):
            lot, source = one.get("lot", 0), one["source"]
            owner = self.lots[lot]["account"] if source == "expired" and lot else source
            if (parties := (_party(one["target"]), _party(owner)))[0] != parties[1]:
                moved[*parties, one["unit"]] -= one["amount"]
            if has_debt and one.get("opens") and not source.startswith("passbook/"):
                self.say("I15", seq, "what was paid of a debt comes back as something new")
            if lot and lot not in lots and not has_debt:
                self.say("I15", seq, f"lot {lot} had nothing to do with entry {first['seq']}")
            lots[lot] += one["amount"] * (1 if lot in opened else -1)
        drawn = [lot for lot, amount in lots.items() if lot and amount > 0]
        if any(moved.values()) or drawn:
            self.say("I15", seq, f"entry {first['seq']} is not taken back: {moved} {drawn}")

    # what is stored beside the entries

    def _journal(self) -> None:
        """I6, and of I9 that what the calendar did was written along with somebody's verb."""
        times = [body["recorded_at"] for body in self.bodies]
        for place, (row, body) in enumerate(zip(self.rows, self.bodies, strict=True), 1):
            if not place == row["seq"] == body["seq"] or (
                    place > 1 and times[place - 1] <= times[place - 2]):
                self.say("I6", row["seq"], "it is out of place or of time")
        group: list[Body] = []
        for body in self.bodies:
            if group and body["recorded_at"] != group[-1]["recorded_at"] + 1:
                self._written(group)
                group = []
            group.append(body)
        self._written(group)

    def _written(self, group: list[Body]) -> None:
        if all(one["by"] == "lp" for one in group):
            self.say("I9", group[0]["seq"], "no verb wrote what the calendar did")

    def _stored(self) -> None:
        """I2, I3, I4, I12: balances and lots as they are stored."""
        sums: Counter[str] = Counter()
        stored = {(row["account"], row["unit"]): row for row in self.tables["balance"]}
        for place in {*stored, *self.versions}:
            row = stored.get(place, {"amount": 0, "version": 0, "last": 0})
            sums[place[1]] += row["amount"]
            if row["amount"] != self.now[place]:
                self.say("I3", 0, f"{place} is stored as {row['amount']}, not {self.now[place]}")
            if (row["version"], row["last"]) != (self.versions[place], self.last.get(place, 0)):
                self.say("I4", 0, f"{place} has {row['version']} postings, not "
                         f"{self.versions[place]}")
        if self.postings:
            self.say("I4", 0, f"postings of no entry: {[*self.postings]}")
        for unit, total in sums.items():
            if total:
                self.say("I2", 0, f"all {unit} together are {total}")
        totals: Counter[Place] = Counter()
        for lot in self.lots.values():
            totals[lot["account"], lot["unit"]] += lot["free"]
            totals[f"{lot['account']}/held", lot["unit"]] += lot["held"]
        bases = {place for place in self.now if _is_base(place[0].removesuffix("/held"))}
        for place in {*totals, *bases}:
            if totals[place] != self.now[place]:
                self.say("I12", 0, f"{place} has {self.now[place]}, its lots {totals[place]}")
        found = {row["id"]: {name: value for name, value in row.items() if name != "is_open"}
                 for row in self.tables["lot"]}
        if odd := [number for number in {*found, *self.lots}
                   if found.get(number) != self.lots.get(number)]:
            self.say("I12", 0, f"lots {odd} are stored otherwise")


def _is_base(account: str) -> bool:
    """Whether an account has lots: the shelf, or a passbook itself."""
    return account == "shelf" or (account.startswith("passbook/") and account.count("/") == 1)


def _party(account: str) -> str:
    """Whether a holder has a point or owes it is one question for a return."""
    return "/".join(account.split("/")[:2]) if account.startswith("passbook/") else account
