"""What stands beside the journal, for the oracle: the register of keys, the tree, other rows."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]  # Any: a row, or the JSON of an entry
Tables = dict[str, list[Body]]
Say = Callable[[str, int, str], None]


def register(tables: Tables, bodies: list[Body], say: Say) -> None:
    """I7: each key once, for the entry that it made, or for a refusal that made none."""
    made = {body["key"]: body for body in bodies}
    if len(made) < len(bodies):
        say("I7", 0, "a key has two entries")
    (secret,) = (row["value"] for row in tables["secret"] if row["name"] == "book")
    rows = {row["key"]: row for row in tables["key_register"]}
    for key, row in rows.items():
        body = made.get(key)
        said = json.dumps({"name": "verb", "value": row["verb"]}, separators=(",", ":"))
        digest = hmac.digest(secret, said.encode(), "sha256")[:8]
        if (bool(row["code"]) == bool(row["seq"]) or (body or {"seq": 0})["seq"] != row["seq"]
                or (row["digest"] and row["digest"][32:40] != digest)):
            say("I7", row["seq"], f"the register tells otherwise of its {row['verb']}")
    for key, body in made.items():
        if not key.startswith("lp:") and key not in rows:
            say("I7", body["seq"], "its key is not in the register")


def tree(tables: Tables, rows: list[Body], say: Say) -> None:
    """I18: leaves over the bytes, the tree over the leaves, and every root remembered."""
    levels: list[list[bytes]] = [[]]
    for row in rows:
        leaf = hashlib.sha256(b"\0" + row["body"]).digest()
        if leaf != row["leaf"]:
            say("I18", row["seq"], "its leaf is not the hash of its bytes")
        levels[0].append(leaf)
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([hashlib.sha256(b"\1" + below[at] + below[at + 1]).digest()
                       for at in range(0, len(below) - 1, 2)])
    stored = {row["level"]: row["hash"] for row in tables["frontier"]}
    nodes = {row["index"]: row["hash"] for row in tables["node256"]}
    size = len(rows)
    if any(stored.get(level) != full[-1] for level, full in enumerate(levels)
           if size >> level & 1):
        say("I18", size, "the frontier is not that of the leaves")
    if nodes != dict(enumerate(levels[8] if len(levels) > 8 else [])):
        say("I18", size, "the nodes kept for proofs are not those of the leaves")
    for row in tables["checkpoint"]:
        if row["root"] != _root(levels[0][:row["size"]]):
            say("I18", row["size"], "a remembered root was another")


def _root(leaves: list[bytes]) -> bytes:
    """The tree of RFC 6962 as its text defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def rows(tables: Tables, keys: dict[str, tuple[str, ...]], bodies: list[Body], say: Say) -> None:
    """I19: every row that entries name stands as the last of them says, and there is no other."""
    said: dict[str, dict[tuple[Any, ...], Body]] = {}
    for body in bodies:
        for name, changes in body.get("details", {}).get("rows", {}).items():
            known = said.setdefault(name, {})
            for change in changes:
                row = {**({"seq": body["seq"]} if "seq" in keys[name] else {}), **change}
                place = tuple(row[column] for column in keys[name])
                known[place] = {**known.get(place, {}), **row}
    for name in {*said} - {"lot"}:  # lots are counted
        stored = {tuple(row[column] for column in keys[name]): row for row in tables[name]}
        odd = [place for place in {*said[name], *stored}
               if not _alike(said[name].get(place), stored.get(place))]
        if odd:
            say("I19", 0, f"{name} {sorted(odd)} are stored otherwise than the entries say")


def _alike(said: Body | None, stored: Body | None) -> bool:
    return bool(said and stored) and all(
        value == (json.loads(stored[name]) if isinstance(value, dict) else stored[name])
        for name, value in said.items())


def bytes_of(tables: Tables, bodies: list[Body], say: Say) -> None:
    """I20: the bytes of an entry are the only ones that mean it, so that whoever writes it down
    again gets the same root."""
    for row, body in zip(tables["entry"], bodies, strict=True):
        only = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if row["body"] != only.encode():
            say("I20", row["seq"], "others would write it down in other bytes")
