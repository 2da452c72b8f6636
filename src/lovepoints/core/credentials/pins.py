"""PINs: their form, which ones are too simple, and the slow digest that is kept of them."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

import attrs

from lovepoints.errors import brief

PIN_LEAST, PIN_MOST = 4, 12
"""The fewest and the most digits of a PIN."""
COST = 2**15
"""scrypt's n for PINs set now; a check then takes about a tenth of a second."""
COST_MOST = 2**20
_COMMON = frozenset({"2580", "0852", "147258", "258369", "159357", "159753", "123321", "5201314",
                     "1314520"})
_STEPS = frozenset({1, 2, 3, 7, 8, 9})
"""How far one digit of a run is from the next, up or down, round the ten."""
_TYPED_MOST = 64


@attrs.frozen(repr=False)
class Hidden:
    """Text that no repr, log or traceback shows.

    >>> Hidden("2846")
    <hidden>
    """

    text: str

    def __repr__(self) -> str:
        return "<hidden>"


def typed(text: object) -> Hidden:
    """What somebody typed at a keypad, full-width digits as plain ones; never an error that
    shows it. Too long or broken a text stands for one that fits nobody."""
    if not isinstance(text, str):
        raise TypeError("a PIN or code is text")
    if len(text) > _TYPED_MOST or any("\ud800" <= letter <= "\udfff" for letter in text):
        return Hidden("")
    return Hidden("".join(unicodedata.normalize("NFKC", text).split()))


def check_chosen(pin: Hidden) -> None:
    """A ValueError, which does not show it, for a PIN of anything but 4 to 12 digits."""
    if not (PIN_LEAST <= len(pin.text) <= PIN_MOST and pin.text.isascii() and pin.text.isdigit()):
        raise ValueError(f"a PIN has {PIN_LEAST} to {PIN_MOST} digits and nothing else")


def weakness(pin: Hidden, known: Iterable[str] = ()) -> str:
    """Why a PIN is too simple ("repeats", "run", "date", "common", "own"), or "".

    `known` is what others know of the person: her code, her telephone number.

    >>> [weakness(Hidden(pin)) for pin in ("0000", "1234", "1987", "2580", "2846")]
    ['repeats', 'run', 'date', 'common', '']
    """
    digits = pin.text
    if len(set(digits)) <= 2 or (digits + digits).find(digits, 1) < len(digits):
        return "repeats"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    if len(steps) == 1 and steps <= _STEPS:
        return "run"
    if _is_date(digits):
        return "date"
    if digits in _COMMON:
        return "common"
    return "own" if any(digits in _digits_of(one) for one in known) else ""


def _digits_of(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isdecimal())


def _is_date(digits: str) -> bool:
    """A year, a month and day, or a whole date, as people write their birthdays."""
    shapes = {4: ((4, 0, 0), (0, 2, 2)), 6: ((2, 2, 2), (4, 2, 0)), 8: ((4, 2, 2),)}
    return any(_fits_shape(digits, *shape) for shape in shapes.get(len(digits), ()))


def _fits_shape(digits: str, years: int, months: int, days: int) -> bool:
    year, month, day = digits[:years], digits[years:years + months], digits[years + months:]
    if years == 4 and not "1900" <= year <= "2099":
        return False
    try:
        # 2000 was a leap year, so that every day of any year is one of it.
        date(2000, int(month or 1), int(day or 1) if days else 1)
    except ValueError:
        return False
    return True


@attrs.frozen(kw_only=True)
class Stretching:
    """scrypt's parameters: n, r and p."""

    cost: int = COST
    block: int = 8
    lanes: int = 1

    def __call__(self, key: bytes, pin: Hidden, salt: bytes) -> bytes:
        """The slow digest of a PIN under the book's key; so much work for each guess."""
        keyed = hmac.digest(key, b"pin\0" + pin.text.encode(), "sha256")
        return hashlib.scrypt(keyed, salt=salt, n=self.cost, r=self.block, p=self.lanes,
                              maxmem=256 * self.cost * self.block * self.lanes + 2**20, dklen=32)


def checked_cost(cost: object) -> int:
    """scrypt's n as a program may set it: a power of two."""
    if isinstance(cost, bool) or not isinstance(cost, int):
        raise TypeError(f"pin_cost= is a whole number, not {brief(cost)}")
    if not 2 <= cost <= COST_MOST or cost & (cost - 1):
        raise ValueError(f"pin_cost= is a power of two up to 2**20, not {cost}")
    return cost


def fits(key: bytes, pin: Hidden, kept: tuple[bytes, bytes, Stretching] | None, cost: int) -> bool:
    """Whether a PIN is the kept one (salt, hash, parameters); None fits nothing.

    The work is that of `cost` in each case: nobody can tell by the time whether there is a PIN,
    nor whether it was set when the cost was lower.
    """
    salt, hash_, stretching = kept or (b"nobody has this salt", b"", Stretching(cost=cost))
    is_same = hmac.compare_digest(stretching(key, pin, salt), hash_)
    while stretching.cost < cost:
        # n, 2n, 4n ... beside the first n add up to the cost of now.
        stretching(key, pin, salt)
        stretching = attrs.evolve(stretching, cost=stretching.cost * 2)
    return is_same and kept is not None
