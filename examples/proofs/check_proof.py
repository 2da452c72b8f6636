"""Check that a line of somebody's book was never changed, without the program that made it.

    python check_proof.py PROOF.JSON

Only Python and SHA-256 (RFC 6962). It prints what was written and the code of the checkpoint that
the proof leads to. Compare the code with the paper in your hand: if it is the same, the line
stands in the book of the paper. Without such a paper the proof shows nothing.
"""

import hashlib
import json
import sys
from base64 import b64decode

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def code(checkpoint: str) -> str:
    """The code of a checkpoint as it is printed: size, 120 bits of the root, 20 of the book."""
    origin, size, root = checkpoint.split("\n")[:3]
    head, mark = b64decode(root)[:15], hashlib.sha256(origin.encode()).digest()[:5]
    bits = int.from_bytes(head, "big") << 20 | int.from_bytes(mark, "big") >> 20
    text = "".join(LETTERS[bits >> shift & 31] for shift in range(135, -1, -5))
    groups = "-".join(text[at:at + 4] for at in range(0, 28, 4))
    return f"{size}-{groups}-{(int(size) << 140 | bits) % 97:02}"


def read(checkpoint: str) -> tuple:
    """Size and root of a checkpoint."""
    _, size, root = checkpoint.split("\n")[:3]
    return int(size), b64decode(root)


def climb(place: int, size: int, path: list, new: bytes, old: bytes = b"") -> tuple:
    """The roots that a hash (and an older one in its stead) leads to by a path."""
    last = size - 1
    for step in map(bytes.fromhex, path):
        if place & 1 or place == last:
            new, old = node(step, new), node(step, old)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, step)
        place, last = place >> 1, last >> 1
    return (new, old) if last == 0 else (b"", b"")


def check(proof: dict) -> list:
    """What the proof shows, line by line; a ValueError if it shows nothing."""
    size, root = read(proof["checkpoint"])
    seq, entry = json.loads(proof["entry"])["seq"], proof["entry"].encode()
    found, _ = climb(seq - 1, size, proof["path"], hashlib.sha256(b"\x00" + entry).digest())
    if not 0 < seq <= size or seq != proof["seq"] or found != root:
        raise ValueError("the entry is not in the book of this checkpoint")
    shown = [proof["entry"], f"entry {seq} of the book {code(proof['checkpoint'])}"]
    if older := proof.get("since"):
        check_growth(*read(older["checkpoint"]), size, root, older["path"])
        shown.append(f"which continues the book {code(older['checkpoint'])}")
    return shown


def check_growth(first: int, then: bytes, size: int, root: bytes, path: list) -> None:
    """A ValueError unless the book of `size` entries begins with that of the `first` ones."""
    if first == size and not path:
        good = then == root
    else:
        path = path if first & (first - 1) else [then.hex(), *path]
        place, last = first - 1, size - 1
        while place & 1:
            place, last = place >> 1, last >> 1
        start = bytes.fromhex(path[0])
        good = 0 < first < size and climb(place, last + 1, path[1:], start, start) == (root, then)
    if not good:
        raise ValueError("the book does not continue that of the older checkpoint")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        proof = json.load(file)
    print("\n".join(check(proof.get("proof", proof))))
