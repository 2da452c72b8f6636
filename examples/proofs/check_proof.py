"""Check a proof from somebody's book, without the program that made it: only Python and SHA-256.

    python check_proof.py PROOF.JSON

Prints what is proven and the checkpoint that it leads to. Compare its root with the paper.
"""

import hashlib
import json
import sys
from base64 import b64decode


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 6962)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leads_to(text: str, place: int, size: int, path: list[str]) -> bytes:
    """The root that a leaf's text at `place` of `size` leaves leads to by this path."""
    found, last = hashlib.sha256(b"\x00" + text.encode()).digest(), size - 1
    for step in map(bytes.fromhex, path):
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return found if last == 0 else b""


def check(proof: dict) -> list[str]:
    """What the proof shows; a ValueError if it shows nothing."""
    origin, size, root = proof["checkpoint"].split("\n")[:3]
    entry, balance = json.loads(proof["entry"]), proof.get("balance")
    found = leads_to(proof["entry"], proof["seq"] - 1, int(size), proof["path"])
    if found != b64decode(root) or entry["seq"] != proof["seq"]:
        raise ValueError("the entry is not in the book of this checkpoint")
    if not balance:
        return [f"{origin} {size} {root}", proof["entry"]]
    said = entry["details"]
    found = leads_to(balance["leaf"], balance["place"], said["leaves"], balance["path"])
    if entry["kind"] != "close_period" or found.hex() != said["root"]:
        raise ValueError("the balance was not counted in this close")
    return [f"{origin} {size} {root}", balance["leaf"], f"{said['until']} {said['totals']}"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print("\n".join(check(json.load(file))))
