"""Checkpoints: what of a journal is kept where its owner cannot change it.

The text form is C2SP `tlog-checkpoint` without extension lines: origin, size and root in base64,
one a line; then, if somebody signed, an empty line and the signature lines. It is exact, for
programs and for a QR. The *code* is for paper and for reading aloud: the size, 120 bits of the
root, 20 bits that tell the book, two check digits.

Why 120 bits. To find *another* journal for a code that is printed already would take 2**120
hashes. But whoever keeps the book also chose what stood in it before the code was printed, and
might look for two journals with one code: that takes the square root, 2**60 hashes of whole
entries, and a graphics card that does ten thousand million hashes a second needs years. With 80
bits it would need two minutes, which is why the code is not shorter.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from lovepoints.errors import brief
from lovepoints.words import say
from lovepoints.words.verifying import AGAINST, MISREAD

SIZE_MAX = 2**53 - 1
"""No journal is longer."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O (read as 1, 1, 0), no U
_LOOKALIKES = str.maketrans("ILO", "110")
_HEAD_BYTES, _HEAD_LETTERS, _MARK_LETTERS, _GROUP = 15, 24, 4, 4
_TAIL = _HEAD_LETTERS + _MARK_LETTERS + 2
KEPT_MAX = 20_000
"""No checkpoint, with all who signed it, has more characters."""
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_CODE = re.compile(rf"([0-9]{{1,16}})([{_ALPHABET}]{{28}})([0-9]{{2}})", re.ASCII)
_SIGNATURE = re.compile(r"\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}")

Outcome = Literal["holds", "differs", "shorter", "other_book"]


class Misread(ValueError):
    """What was typed is no checkpoint; `sentence()` says what to do about it."""

    def __init__(self, code: str, facts: Mapping[str, int | str]) -> None:
        self.code, self.facts = code, dict(facts)
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str | None = None) -> str:
        """What is wrong with it, and what to do, in `lang`."""
        return say(MISREAD, self.code, self.facts, lang)


@attrs.frozen(kw_only=True)
class PrintedCode:
    """The code of a checkpoint as it stands on paper; `str()` is its one written form.

    `head` is the beginning of the root, `mark` tells the book (not a secret, not a proof).
    """

    size: int
    head: str
    mark: str

    @classmethod
    def parse(cls, typed: str) -> PrintedCode:
        """The code as typed from paper.

        Case, hyphens, blanks and full width do not matter; O, I and L are read as 0, 1 and 1.
        The check digits are the whole number before them modulo 97: any one wrong sign and any
        two exchanged neighbours show.

        >>> str(PrintedCode.parse("１２ ooog40r4 0m30E209 l85G-R38E－5ABN-70"))
        '12-000G-40R4-0M30-E209-185G-R38E-5ABN-70'

        Raises:
            Misread: it has another shape, or its check digits do not fit.
        """
        plain = unicodedata.normalize("NFKC", typed[:KEPT_MAX]).upper()
        signs = "".join(filter(str.isalnum, plain)).translate(_LOOKALIKES)
        if not _TAIL < len(signs) <= _TAIL + 16:
            raise Misread("length", {"typed": typed[:60], "count": len(signs)})
        if strange := sorted({sign for sign in signs if sign not in _ALPHABET}):
            raise Misread("letters", {"typed": typed[:60], "letters": " ".join(strange[:9])})
        match = _CODE.fullmatch(signs)
        if not match:
            raise Misread("shape", {"typed": typed[:60]})
        size, letters = int(match[1]), match[2]
        if _check(size, letters) != int(match[3]) or size > SIZE_MAX:
            raise Misread("check", {"typed": typed[:60]})
        return cls(size=size, head=letters[:_HEAD_LETTERS], mark=letters[_HEAD_LETTERS:])

    def __str__(self) -> str:
        letters = self.head + self.mark
        groups = "-".join(letters[at:at + _GROUP] for at in range(0, len(letters), _GROUP))
        return f"{self.size}-{groups}-{_check(self.size, letters):02d}"


@attrs.frozen(kw_only=True)
class Checkpoint:
    """The tree of the book `origin` had this root when it had `size` leaves.

    `signatures` are whole C2SP signature lines; they are kept, not checked.
    """

    origin: str
    size: int
    root: bytes = attrs.field(repr=lambda root: root.hex())
    signatures: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.origin or not self.origin.isprintable() or self.origin.strip() != self.origin:
            raise ValueError(f"the origin of a checkpoint is one printable line, "
                             f"not {brief(self.origin)}")
        if isinstance(self.size, bool) or not isinstance(self.size, int):
            raise TypeError(f"the size of a checkpoint is a whole number, not {brief(self.size)}")
        if not 0 <= self.size <= SIZE_MAX:
            raise ValueError(f"the size of a checkpoint is not negative and at most {SIZE_MAX}")
        if len(self.root) != 32:
            raise ValueError(f"a root has 32 bytes, not {len(self.root)}")
        for line in self.signatures:
            if not _SIGNATURE.fullmatch(line):
                raise ValueError(f"not a signature line: {brief(line)}")

    def to_text(self) -> str:
        r"""The checkpoint as C2SP text; every line ends with a newline.

        >>> Checkpoint(origin="lovepoints/demo", size=1, root=bytes(32)).to_text()
        'lovepoints/demo\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'
        """
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.signatures:
            lines += ["", *self.signatures]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint that `to_text` wrote; anything else is a ValueError."""
        if not text.endswith("\n"):
            raise ValueError("a checkpoint ends with a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not _SIZE.fullmatch(lines[1]):
            raise ValueError("a checkpoint has three lines: origin, size, root in base64")
        if lines[3:] and (lines[3] or len(lines) == 4):
            raise ValueError("after the root only an empty line and signature lines may follow")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error as error:
            raise ValueError(f"the root is not base64: {error}") from None
        if base64.b64encode(root).decode() != lines[2]:
            raise ValueError("the root is not written in its one base64 form")
        return cls(origin=lines[0], size=int(lines[1]), root=root, signatures=tuple(lines[4:]))

    @property
    def code(self) -> str:
        """The code for paper: size, 120 bits of the root, 20 of the book, two check digits.

        >>> Checkpoint(origin="demo", size=12, root=bytes(range(32))).code
        '12-000G-40R4-0M30-E209-185G-R38E-5ABN-70'
        """
        return str(self.printed)

    @property
    def printed(self) -> PrintedCode:
        """What of it stands on paper."""
        mark = hashlib.sha256(self.origin.encode()).digest()
        return PrintedCode(
            size=self.size, head=_written(self.root[:_HEAD_BYTES], _HEAD_LETTERS),
            mark=_written(mark[:5], 8)[:_MARK_LETTERS])

    def matches(self, code: str) -> bool:
        """Whether a code from paper speaks of this book, size and root.

        Raises:
            Misread: the code was misread; its check digits do not fit.
        """
        return PrintedCode.parse(code) == self.printed


Kept: TypeAlias = "Checkpoint | PrintedCode"
"""What somebody kept of a journal outside of it."""


def read_kept(text: Kept | str) -> Kept:
    r"""What was kept outside: the exact text of a checkpoint, or the code from paper.

    >>> read_kept("lovepoints/demo\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").size
    1

    Raises:
        Misread: it is neither. TypeError: not even text.
    """
    if isinstance(text, Checkpoint | PrintedCode):
        return text
    if not isinstance(text, str):
        raise TypeError(f"a checkpoint is kept as text, not as {brief(text)}")
    if len(text) > KEPT_MAX or len(text.strip().splitlines()) < 2:
        return PrintedCode.parse(text)
    try:
        return Checkpoint.parse(text.replace("\r\n", "\n"))
    except ValueError as error:
        raise Misread("text", {"typed": text.splitlines()[0][:60], "why": str(error)}) from None


@attrs.frozen(kw_only=True)
class Comparison:
    """What a checkpoint from outside says about the book of now.

    `outcome`: "holds", the first `size` entries are the ones of then; "differs", they are not;
    "shorter", `missing` entries of then are not there (cut off, or an older copy was put back);
    "other_book", it was printed by another community.
    """

    size: int
    outcome: Outcome
    missing: int = 0
    kept: str
    """The code, as it stands on paper."""

    @property
    def facts(self) -> dict[str, int | str]:
        """What its sentence speaks of."""
        return {"size": self.size, "missing": self.missing, "kept": self.kept}

    def sentence(self, lang: str | None = None) -> str:
        """The outcome as a sentence in `lang`."""
        return say(AGAINST, self.outcome, self.facts, lang)


class Misfit(ValueError):
    """A checkpoint that was kept cannot prove what is asked; `sentence()` says why.

    `code`: an outcome of a `Comparison` ("differs", "shorter", "other_book"); or "newer", the
    entry was written after the checkpoint; or "later", it is later than the one it should precede.
    """

    def __init__(self, code: str, facts: Mapping[str, int | str]) -> None:
        self.code, self.facts = code, dict(facts)
        super().__init__(self.sentence("en"))

    def sentence(self, lang: str | None = None) -> str:
        """Why it proves nothing, in `lang`."""
        return say(AGAINST, self.code, self.facts, lang)


def compare(kept: Kept, origin: str, entries: int, root: bytes | None) -> Comparison:
    """Hold what was kept against the book `origin` of `entries` entries, which had `root` at
    the size that was kept (None: it cannot be told any more)."""
    then = Checkpoint(origin=origin or "-", size=kept.size, root=root or bytes(32))
    if isinstance(kept, PrintedCode):
        printed, is_same = kept, kept.head == then.printed.head
        is_ours = kept.mark == then.printed.mark
    else:
        printed, is_same, is_ours = kept.printed, kept.root == root, kept.origin == origin
    outcome: Outcome = "differs"
    if not is_ours and origin:
        outcome = "other_book"
    elif kept.size > entries:
        outcome = "shorter"
    elif root is not None and is_same:
        outcome = "holds"
    return Comparison(size=kept.size, outcome=outcome, kept=str(printed),
                      missing=kept.size - entries if outcome == "shorter" else 0)


def _written(head: bytes, letters: int) -> str:
    number = int.from_bytes(head)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(letters * 5 - 5, -1, -5))


def _check(size: int, letters: str) -> int:
    number = size
    for letter in letters:
        number = number * 32 + _ALPHABET.index(letter)
    return number % 97
