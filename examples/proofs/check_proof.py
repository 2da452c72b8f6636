"""Check that a line of somebody's book was never changed, without the program that made it.

    python check_proof.py PROOF.JSON [CODE]

Only Python and SHA-256 (RFC 6962). CODE is the one on the paper in your hand: the proof shows
that the line stands in the book of that paper. Without a CODE it prints the one that the proof
leads to, and shows nothing before you have found the same on paper.
"""

import hashlib
import json
import sys
from base64 import b64decode
from collections.abc import Callable

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def read(checkpoint: str) -> tuple:
    """Size and root of a checkpoint, and its code as it is printed: the size, 120 bits of the
    root, 20 of the book, two check digits."""
    origin, said, root = checkpoint.split("\n")[:3]
    size, hash_ = int(said), b64decode(root)
    mark = hashlib.sha256(origin.encode()).digest()[:5]
    bits = int.from_bytes(hash_[:15], "big") << 20 | int.from_bytes(mark, "big") >> 20
    text = "".join(LETTERS[bits >> shift & 31] for shift in range(135, -1, -5))
    groups = "-".join(text[at:at + 4] for at in range(0, 28, 4))
    return size, hash_, f"{size}-{groups}-{(size << 140 | bits) % 97:02}"


def climb(place: int, size: int, path: list, new: bytes, old: bytes = b"") -> tuple:
    """The roots that a hash (and an older one in its stead) leads to by a path."""
    last = size - 1
    for step in map(bytes.fromhex, path):
        if not last:
            raise ValueError("the path is too long")
        if place & 1 or place == last:
            new, old = node(step, new), node(step, old)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, step)
        place, last = place >> 1, last >> 1
    return (new, old) if last == 0 else (b"", b"")


def check(proof: dict) -> list:
    """What the proof shows: the code of its book, then line by line; else a ValueError."""
    size, root, code = read(proof["checkpoint"])
    seq, entry = json.loads(proof["entry"])["seq"], proof["entry"].encode()
    found, _ = climb(seq - 1, size, proof["path"], hashlib.sha256(b"\x00" + entry).digest())
    if not 0 < seq <= size or seq != proof["seq"] or found != root:
        raise ValueError("the entry is not in the book of this checkpoint")
    shown = [code, proof["entry"]]
    if older := proof.get("since"):
        first, then, before = read(older["checkpoint"])
        if older["checkpoint"].split("\n")[0] != proof["checkpoint"].split("\n")[0]:
            raise ValueError("the older checkpoint is of another book")
        check_growth(first, then, size, root, older["path"])
        shown.append(f"the book continues that of {before}")
    return shown


def check_growth(first: int, then: bytes, size: int, root: bytes, path: list) -> None:
    """A ValueError unless the book of `size` entries begins with that of the `first` ones."""
    if not 0 < first < size:
        good = first == size and then == root and not path
    else:
        path = path if first & (first - 1) else [then.hex(), *path]
        place, last = first - 1, size - 1
        while place & 1:
            place, last = place >> 1, last >> 1
        start = bytes.fromhex(path[0])
        good = climb(place, last + 1, path[1:], start, start) == (root, then)
    if not good:
        raise ValueError("the book does not continue that of the older checkpoint")


def main(checked: Callable) -> None:
    """Say what the proof of the command line shows, or that it shows nothing."""
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            proof = json.load(file)
        code, *shown = checked(proof.get("proof", proof))
        paper = sys.argv[2].upper() if len(sys.argv) > 2 else code
        if paper != code:
            raise ValueError(f"it leads to another paper: {code}")
    except (ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        sys.exit(f"不符 NOT PROVEN: {error!r}")
    print("\n".join(["相符 proven, in the book of", code, *shown]))


if __name__ == "__main__":
    main(check)
