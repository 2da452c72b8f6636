"""Check that your passbook was counted whole when somebody's book was closed.

    python check_balance.py PROOF.JSON [CODE]

CODE is the one on the notice in your hand. It prints what was counted for you, and the sums of
all: compare both with your passbook and with the notice. Every number on the way is added up:
who left you out, or counted you as less, could not have made this proof.
"""

import hashlib
import json

from check_proof import check, main


def plain(sums: dict) -> dict:
    """The sums, if none of them is negative: [had, owed] by kind of points."""
    if any(type(one) is not int or one < 0 for pair in sums.values() for one in pair):
        raise ValueError("a sum is negative")
    return sums


def total(one: dict, other: dict) -> dict:
    """Both sums added up."""
    return {unit: [a + b for a, b in zip(one.get(unit, (0, 0)), other.get(unit, (0, 0)),
                                         strict=True)]
            for unit in sorted({**one, **other})}


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
    if place or path:
        raise ValueError("the path does not lead to the root")
    return found


def check_balance(proof: dict) -> list:
    """What the proof shows: the code of its book, then line by line; else a ValueError."""
    (code, *_), said = check(proof), json.loads(proof["entry"])
    close, parts, own = said["details"], proof["balance"], {}
    if said["kind"] != "close_period" or len({part["place"] for part in parts}) < len(parts):
        raise ValueError("this is no entry of a close, or a part is shown twice")
    for part in parts:
        if climb(part, close["leaves"]) != [close["root"], close["sums"]]:
            raise ValueError("the passbook was not counted in this close")
        own = total(own, json.loads(part["leaf"])["sums"])
    holder, = {json.loads(part["leaf"])["holder"] for part in parts}
    return [code, f"passbook {holder}: [had, owed] {own}",
            f"all {close['passbooks']} passbooks up to {close['until']}: "
            f"[had, owed] {close['sums']}"]


if __name__ == "__main__":
    main(check_balance)
