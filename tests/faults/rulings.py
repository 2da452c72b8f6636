"""What the oracle must know of rulebooks, prices and people: learned from entries, read as TOML.

Only plain terms are understood (whole points, grades, points for a unit; a cap in points by
resident, household, holder or community and calendar period); of others nothing is claimed.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

Body = dict[str, Any]  # Any: the JSON of an entry, the TOML of a rulebook
EXACT = {"code", "title", "clause", "points", "grades", "confirm", "confidential", "group",
         "notice_days", "deduction", "also"}
"""The keys of a rule whose worth nothing but a limit can cut."""
ROUNDING = {"down": ROUND_DOWN, "half-up": ROUND_HALF_UP, "up": ROUND_UP}
SHORT = {"half-hour-down": ("0.5", "down"), "hour-up": ("1", "up"), "hour-down": ("1", "down"),
         "half-hour-up": ("0.5", "up")}


class Rulings:
    """What the entries so far say of terms and people."""

    def __init__(self, say: Callable[[str, int, str], None],
                 local: Callable[[int], datetime]) -> None:
        self.say, self.local = say, local
        self.books: list[tuple[str, int, str, Body]] = []
        """From which day on, adopted by which entry, digest, text."""
        self.prices: list[tuple[str, int, str, Body]] = []
        self.units: set[str] = set()
        self.deeds: dict[str, Body] = {}
        self.homes: defaultdict[str, dict[str, Body]] = defaultdict(dict)
        self.persons: defaultdict[str, set[str]] = defaultdict(set)
        self.clears = False

    def learn(self, body: Body) -> None:
        """Take in the rows that an entry makes or changes."""
        rows = body.get("details", {}).get("rows", {})
        for row in rows.get("rulebook", ()):
            book = tomllib.loads(row["text"], parse_float=Decimal)
            self.books.append((row["effective"], body["seq"], row["digest"], book))
            self.books.sort(key=lambda one: one[:2])
            self.units |= {_unit(kind["code"]) for kind in _kinds(book)}
            self.clears |= any(one.get("clears") for one in book.get("sanction", ()))
        for row in rows.get("item", ()):
            self.units.add(f"item:{row['code']}")
        for row in rows.get("price", ()):
            self.prices.append((row["since"], body["seq"], row["item"], row["amounts"]))
        for row in rows.get("deed", ()):
            self.deeds[row["id"]] = {**self.deeds.get(row["id"], {}), **row}
        for row in rows.get("membership", ()):
            known = self.homes[row["resident"]]
            known[row["since"]] = {**known.get(row["since"], {}), **row}
        for row in rows.get("appointment", ()):
            self.persons[row["actor"]] |= {row.get("resident", "")} - {""}

    def is_unit(self, unit: str) -> bool:
        return unit in self.units

    def price(self, item: str, day: str) -> Body | None:
        """What a piece cost on a day: the latest begun, of those the latest said."""
        found = [one for one in self.prices if one[2] == item and one[0] <= day]
        return max(found, key=lambda one: one[:2])[3] if found else None

    def ends(self, seq: int, moment: datetime) -> None:
        """I14: a lot ends with its last local day, or when a clearing comes."""
        moments = {time()} | {one["at"] for _, _, _, book in self.books
                              for one in book.get("clearing", ()) if "at" in one}
        if moment.time() not in moments:
            self.say("I14", seq, f"a lot ends in the middle of a day, {moment}")

    def judge(self, body: Body) -> None:
        """I10 and I21 of one entry."""
        seq, kind = body["seq"], body["kind"]
        if digest := body.get("rulebook"):
            day = self._counting_day(body) if kind == "confirm" else body["day"]
            known = [one for one in self.books if one[2] == digest]
            if not known or (kind in ("confirm", "redeem", "hold")
                             and self._in_force(day)[2] != digest):
                self.say("I10", seq, "its rulebook was not in force")
        if kind in ("confirm", "reject", "duplicate"):
            self._by_another(body)
        if kind == "confirm" and body.get("details", {}).get("awards"):
            self._awarded(body)

    # I10

    def _in_force(self, day: str) -> tuple[str, int, str, Body]:
        found = [one for one in self.books if one[0] <= day]
        return found[-1] if found else ("", 0, "", {})

    def _counting_day(self, body: Body) -> str:
        """The day that decides the rulebook, as the one of the deed's day says."""
        deed, today = self.deeds[body["subject"]], self._day(body)
        says = self._in_force(deed["day"]) if self._in_force(deed["day"])[2] else \
            self._in_force(today)
        days: dict[str, str] = {"deed_day": deed["day"], "report_day": deed["reported_on"],
                                "confirm_day": today}
        return days[says[3].get("counts_on", "deed_day")]

    def _day(self, body: Body) -> str:
        return self.local(body["at"]).date().isoformat()

    def _awarded(self, body: Body) -> None:
        """No more than the rule says, exactly that where nothing cuts it; and moved as said."""
        book = self._in_force(self._counting_day(body))[3]
        deed = self.deeds[body["subject"]]
        rule: Body = next((one for one in book.get("rule", ()) if one["code"] == deed["rule"]), {})
        main = _kinds(book)[0]
        worth = _worth(rule, deed, body["details"].get("verdict", {}))
        for award in body["details"]["awards"]:
            parts = dict(award["parts"])
            points = abs(parts.get(_unit(main["code"]), 0))
            if worth is None or len(deed["details"]["doers"]) > 1:
                break
            most = int((worth.scaleb(main.get("decimals", 0))).to_integral_value(ROUND_DOWN))
            cut = set(rule) - EXACT or "ceiling" in main or award.get("waiting") or any(
                rule["code"] in one.get("rules", (rule["code"],)) for one in book.get("limit", ()))
            if points > most or (points < most and not cut):
                self.say("I10", body["seq"], f"it awards {points}, the rule says {most}")
        if "deduction" not in rule:
            said = Counter({(f"passbook/{one['holder']}", unit): points
                            for one in body["details"]["awards"] for unit, points in one["parts"]})
            moved: Counter[tuple[str, str]] = Counter()
            for one in body.get("postings", ()):
                if one["source"] == "issued" and "opens" in one:
                    moved[one["target"], one["unit"]] += one["amount"]
            if len({one["holder"] for one in body["details"]["awards"]}) == len(
                    body["details"]["awards"]) and +said != +moved:
                self.say("I10", body["seq"], f"it moves {+moved} and awards {+said}")

    # I17

    def close(self, credits: list[Body], deeds: Iterable[Body], bodies: Iterable[Body]) -> None:
        """I17: what a deed moved is what its live decisions count for, and caps are kept."""
        moved: Counter[tuple[str, str]] = Counter()
        for body in bodies:
            for one in body.get("postings", ()) if body["subject"].startswith("d-") else ():
                moved[body["subject"], one["unit"]] += one["amount"] * (
                    (one["source"] == "issued") - (one["target"] == "issued"))
        worth: Counter[tuple[str, str]] = Counter()
        for row in credits:
            worth[row["deed"], row["unit"]] += max(0, row["points"])
        if odd := {deed for deed, unit in {*moved, *worth}
                   if moved[deed, unit] != worth[deed, unit]}:
            self.say("I17", 0, f"{sorted(odd)} moved otherwise than they count")
        for deed in self.deeds.values():
            live = [one["stage"] for one in deed["details"].get("decisions", ())
                    if not one.get("taken_back") and "+" not in one["stage"]]
            if len({*live}) < len(live):
                self.say("I17", 0, f"{deed['id']} is paid a stage twice")
        for since, until, book in self._terms():
            for limit in book.get("limit", ()):
                self._capped(limit, book, [row for row in credits if since <= row["day"] < until])

    def _terms(self) -> list[tuple[str, str, Body]]:
        if not self.books:
            return []
        ends = [*(one[0] for one in self.books[1:]), "9999-12-31"]
        return [(one[0], end, one[3]) for one, end in zip(self.books, ends, strict=True)
                if one[0] < end]

    def _capped(self, limit: Body, book: Body, credits: list[Body]) -> None:
        per = {"resident": "doer", "household": "household", "holder": "holder",
               "community": ""}.get(limit["per"])
        width = {"month": 7, "year": 4, "day": 10}.get(limit.get("each", ""))
        if per is None or width is None or {"within", "same", "groups"} & set(limit) or \
                limit.get("of", "points") != "points" or limit.get("crossing") == "warn" or \
                "year_start" in book or "kind" not in limit:
            return
        (kind,) = (one for one in _kinds(book) if one["code"] == limit["kind"])
        most = int(Decimal(limit["most"]).scaleb(kind.get("decimals", 0)))
        used: Counter[tuple[str, str]] = Counter()
        for row in credits:
            if row["unit"] == _unit(kind["code"]) and row["rule"] in limit.get(
                    "rules", (row["rule"],)):
                used[row[per] if per else "", row["day"][:width]] += max(0, row["points"])
        if over := {place: n for place, n in used.items() if n > most}:
            self.say("I17", 0, f"{limit['code']} allows {most}, and has {over}")

    # I21

    def _by_another(self, body: Body) -> None:
        """Whoever decides a deed neither did nor wrote it down, nor lives with a doer."""
        deed = self.deeds[body["subject"]]
        me = {body["by"]} | self.persons[body["by"]]
        doers = set(deed["details"]["doers"])
        writer = {deed["reporter"]} | self.persons[deed["reporter"]]
        eve = (date.fromisoformat(deed["day"]) - timedelta(days=1)).isoformat()
        days = (eve, deed["day"], self.local(body["recorded_at"]).date().isoformat())
        homes = [{self._home(one, day) for one in some for day in days} - {""}
                 for some in (me, doers)]
        if me & doers or homes[0] & homes[1]:
            self.say("I21", body["seq"], f"{body['by']} decides on what was done at home")
        if me & writer and not any(_recorders(book) for _, _, _, book in self.books):
            self.say("I21", body["seq"], f"{body['by']} decides on what was written down by the "
                     f"same person")

    def _home(self, person: str, day: str) -> str:
        terms = [row for since, row in self.homes[person].items() if since <= day]
        last = max(terms, key=lambda row: str(row["since"]), default={})
        return str(last.get("household", "")) if last.get("until", "9999-12-31") >= day else ""


def _kinds(book: Body) -> list[Body]:
    return book.get("kind") or [{"code": "point"}]


def _unit(kind: str) -> str:
    return "point" if kind == "point" else f"point:{kind}"


def _recorders(book: Body) -> bool:
    terms = [book.get("confirm", {}), *(one.get("confirm", {}) for one in book.get("rule", ()))]
    return any(one.get("recorder") for one in terms)


def _worth(rule: Body, deed: Body, verdict: Body) -> Decimal | None:
    """What a rule says of a deed before anything is cut; None where its terms are not plain."""
    points = rule.get("points")
    if isinstance(points, int | Decimal):
        return Decimal(points)
    if not isinstance(points, dict):
        return None
    if "grades" in rule:
        found = points.get((verdict.get("grades") or [""])[0])
        return None if found is None else Decimal(found)
    if set(points) - {"per", "value", "step", "round"} or "per" not in points:
        return None
    (quantity,) = deed["details"].get("quantities", {"": ""}).values()
    step, rounding = SHORT.get(points.get("round", ""), (points.get("step"),
                                                         points.get("round", "down")))
    counted = Decimal(quantity or 0)
    if step is not None:
        counted = (counted / Decimal(step)).to_integral_value(ROUNDING[rounding]) * Decimal(step)
    return counted * Decimal(points["value"])
