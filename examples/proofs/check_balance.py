"""Check that your passbook was counted whole when somebody's book was closed.

    python check_balance.py PROOF.JSON

It prints what was counted for you, the published sums, and the code of the checkpoint. Compare
all three with your passbook, with the notice, and with the paper in your hand. Every number on
the way is added up: who left you out, or counted you as less, could not have made this proof.
"""

import hashlib
import json
import sys

from check_proof import check


def plain(sums: dict) -> dict:
    """The sums, if none of them is negative: [had, owed] by kind of points."""
    if any(type(one) is not int or one < 0 for pair in sums.values() for one in pair):
        raise ValueError("a sum is negative")
    return sums


def total(one: dict, other: dict) -> dict:
    """Both sums added up."""
    return {unit: [a + b for a, b in zip(one.get(unit, (0, 0)), other.get(unit, (0, 0)),
                                         strict=True)]
            for unit in {**one, **other}}


def node(left: list, right: list) -> list:
    """The hash over two subtrees and their sums, and both added up."""
    text = json.dumps({"left": left, "right": right}, sort_keys=True, separators=(",", ":"))
    return [hashlib.sha256(b"\x01" + text.encode()).hexdigest(), total(left[1], right[1])]


def climb(part: dict, leaves: int) -> list:
    """What a part of a passbook leads to: the root, and the sums of everything."""
    found = [hashlib.sha256(b"\x00" + part["leaf"].encode()).hexdigest(),
             plain(json.loads(part["leaf"])["sums"])]
    place, last, path = part["place"], leaves - 1, list(part["path"])
    while last:
        if place ^ 1 <= last:
            hash_, sums = path.pop(0)
            beside = [hash_, plain(sums)]
            found = node(beside, found) if place & 1 else node(found, beside)
        place, last = place >> 1, last >> 1
    return found if not place and not path else []


def check_balance(proof: dict) -> list:
    """What the proof shows, line by line; a ValueError if it shows nothing."""
    shown, entry, parts = check(proof), json.loads(proof["entry"]), proof["balance"]
    said, own = entry["details"], {}
    if entry["kind"] != "close_period" or len({part["place"] for part in parts}) < len(parts):
        raise ValueError("this is no entry of a close, or a part is shown twice")
    for part in parts:
        if climb(part, said["leaves"]) != [said["root"], said["sums"]]:
            raise ValueError("the passbook was not counted in this close")
        own = total(own, json.loads(part["leaf"])["sums"])
    holders = {json.loads(part["leaf"])["holder"] for part in parts}
    return [*shown[1:], f"passbook {holders}: [had, owed] {own}",
            f"all {said['passbooks']} passbooks up to {said['until']}: [had, owed] {said['sums']}"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    print("\n".join(check_balance(given.get("proof", given))))
