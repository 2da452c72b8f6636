"""One journal: postings, entries, and the canonical bytes that are hashed.

Points and goods move by the same sentence: `Posting(source, target, unit, amount)`. Every unit
therefore sums to zero by construction. An entry holds all that a rebuild needs and no word
about a person: people are pseudonyms, keys and places are keyed digests.
"""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs

from lovepoints.core.values import NEVER, whole
from lovepoints.errors import BookDamaged, brief

# What canonical JSON may hold: no float, no null.
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"
Details: TypeAlias = Mapping[str, Any]  # Any: the Json above; mypy cannot narrow nested aliases

LINES_MAX = 4095
"""The most postings of one entry."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading bytes that no program of ours wrote may end in."""
_STEP = 4096
_ENCODER = json.JSONEncoder(  # what goes round in circles never gets past `_check`
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
_INTEGER_MAX = 2**53 - 1


@attrs.frozen
class Opens:
    """The dates of a lot that a posting opens: spendable in [available_at, ends_at)."""

    available_at: int = 0
    ends_at: int = NEVER


@attrs.frozen
class Posting:
    """`amount` smallest parts of `unit` move from `source` to `target`.

    `lot` names the lot that is drawn on (or given back to); 0 where the source has no lots.
    `opens` makes a new lot at the target; its id is the id of the posting.
    """

    source: str
    target: str
    unit: str
    amount: int
    lot: int = 0
    opens: Opens | None = None

    def __attrs_post_init__(self) -> None:
        whole(self.amount)
        if self.source == self.target:
            raise ValueError(f"a posting needs two accounts, not twice {brief(self.source)}")

    def to_json(self) -> dict[str, Json]:
        """The posting as it stands in the entry's canonical bytes."""
        out: dict[str, Json] = {
            "amount": self.amount, "source": self.source, "target": self.target, "unit": self.unit,
        }
        if self.lot:
            out["lot"] = self.lot
        if self.opens:
            out["opens"] = [self.opens.available_at, self.opens.ends_at]
        return out

    @classmethod
    def from_json(cls, out: Details) -> Posting:
        """The posting that `to_json` wrote."""
        opens = Opens(*out["opens"]) if "opens" in out else None
        return cls(out["source"], out["target"], out["unit"], out["amount"], out.get("lot", 0),
                   opens)


@attrs.frozen(kw_only=True)
class Draft:
    """What a decision wants written: an entry without its place, its time of writing, its writer.

    `day` is the local day (ISO) on which it counts; `at` the instant at which it happened;
    `subject` the opaque id of what it is about; `details` what a rebuild needs beyond postings.
    """

    kind: str
    subject: str
    at: int
    day: str
    rulebook: str = ""
    rule: str = ""
    reverses: int = 0
    details: Details = attrs.field(factory=dict)
    postings: tuple[Posting, ...] = ()


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the journal. Immutable; `seq` is dense from 1."""

    seq: int
    key: str
    kind: str
    subject: str
    at: int
    day: str
    recorded_at: int
    by: str
    role: str
    rulebook: str = ""
    rule: str = ""
    reverses: int = 0
    details: Details = attrs.field(factory=dict)
    postings: tuple[Posting, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The entry as the object that is hashed: empty fields are left out."""
        out: dict[str, Json] = {
            "v": 1, "seq": self.seq, "key": self.key, "kind": self.kind, "subject": self.subject,
            "at": self.at, "day": self.day, "recorded_at": self.recorded_at, "by": self.by,
            "role": self.role,
        }
        for name in ("rulebook", "rule", "reverses", "details"):
            if value := getattr(self, name):
                out[name] = value
        if self.postings:
            out["postings"] = [posting.to_json() for posting in self.postings]
        return out

    @classmethod
    def from_bytes(cls, body: bytes) -> Entry:
        """The entry that `canonical_bytes(entry.to_json())` wrote.

        Raises:
            ValueError: a later format. BookDamaged: anything else that no entry can be.
        """
        try:
            out = json.loads(body)
            version = out.pop("v")
            if version == 1:
                lines = out.get("postings", ())
                out["postings"] = tuple(Posting.from_json(line) for line in lines)
                entry = cls(**out)
                entry.details.keys()  # a mapping, as whatever reads on takes for granted
                return entry
        except UNREADABLE as error:
            raise BookDamaged(f"an entry cannot be read ({type(error).__name__})") from error
        raise ValueError("this entry has a later format than this program knows")

    @property
    def body(self) -> bytes:
        """The bytes that are hashed into the tree."""
        return canonical_bytes(self.to_json())


def sealed_digest(key: bytes, details: Details) -> str:
    """What an entry says of words kept outside it: a digest under the subject's own key.

    It proves the words while they are there; once key and words are erased it says nothing.
    """
    return hmac.digest(key, canonical_bytes(dict(details)), "sha256").hex()


def posting_id(seq: int, line: int) -> int:
    """The id of line `line` (from 0) of entry `seq`; also the id of the lot that it opens."""
    return seq * _STEP + line + 1


def seq_of(posting: int) -> int:
    """The entry that a posting id or lot id belongs to."""
    return posting // _STEP


def line_of(posting: int) -> int:
    """The line (from 0) inside its entry that a posting id or lot id names."""
    return posting % _STEP - 1


def entered(draft: Draft, *, seq: int, key: str, recorded_at: int, by: str, role: str) -> Entry:
    """The entry that a draft becomes at its place in the journal."""
    if len(draft.postings) > LINES_MAX:
        raise ValueError(f"an entry has at most {LINES_MAX} postings, not {len(draft.postings)}")
    return Entry(
        seq=seq, key=key, kind=draft.kind, subject=draft.subject, at=draft.at, day=draft.day,
        recorded_at=recorded_at, by=by, role=role, rulebook=draft.rulebook, rule=draft.rule,
        reverses=draft.reverses, details=draft.details, postings=draft.postings,
    )


def canonical_bytes(value: Any) -> bytes:  # Any: it is checked here, piece by piece
    """`value` as the one sequence of bytes that means it (a subset of RFC 8785).

    UTF-8, sorted ASCII keys, no spaces, no floats, no null, integers within +-(2**53-1),
    strings in NFC. Anything else is a ValueError.

    >>> canonical_bytes({"b": [1, True], "a": "爱心"}).decode()
    '{"a":"爱心","b":[1,true]}'
    """
    _check(value)
    return _ENCODER.encode(value).encode()


def _check(value: Any) -> None:  # Any: see canonical_bytes
    """Look at every piece of it. One loop without calls: each entry passes here several times."""
    pieces = [value]
    while pieces:
        piece = pieces.pop()
        kind = type(piece)
        if kind is str:
            if not piece.isascii():
                _check_text(piece)
        elif kind is int:
            if not -_INTEGER_MAX <= piece <= _INTEGER_MAX:
                raise ValueError(f"{piece} is beyond 2**53-1 and would not survive every JSON "
                                 f"reader")
        elif kind is dict:
            for key in piece:
                if not isinstance(key, str) or not key.isascii():
                    raise ValueError(f"a canonical key is ASCII text, not {brief(key)}")
            pieces += piece.values()
        elif kind is list or kind is tuple:
            pieces += piece
        elif kind is not bool:
            pieces.append(_plainly(piece))


def _plainly(piece: Any) -> Any:  # Any: see canonical_bytes
    """A piece of a class of its own (a StrEnum, say) as the plain one that JSON makes of it."""
    if isinstance(piece, str):
        return str.__str__(piece)
    if isinstance(piece, int):
        return int(piece)
    if isinstance(piece, dict):
        return dict(piece)
    if isinstance(piece, list | tuple):
        return list(piece)
    raise ValueError(f"{brief(piece)} has no canonical form")


def _check_text(text: str) -> None:
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError(f"{brief(text)} is not in Unicode NFC")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"{brief(text)} holds half of a surrogate pair")
