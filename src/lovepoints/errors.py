"""The errors of lovepoints, and the ordered codes of every polite *no*.

```
LovepointsError
├── RulebookError     a rulebook file has problems; all of them are in `.problems`
├── Refused           a business *no*: `.code`, `.facts`, and a sentence in two languages
├── Conflict          a key was used before for another request; `.field` names the difference
├── NotFound          no such resident, deed, item, entry ...
├── BookDamaged       the book contradicts itself; it is read-only from now on
└── StoreError        the store could not do it (busy, full, read-only, not a book, newer book)
```

A wrong call (a float for an amount, an unknown keyword) is a plain `TypeError` or `ValueError`.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from enum import StrEnum
from reprlib import Repr
from typing import Any

BRIEF_MAX = 80
"""The most characters of a value that an error repeats."""


class Code(StrEnum):
    """Why something was refused. The order is the precedence: the first that applies is given.

    The names are the contract; sentences live in `lovepoints.words` and may improve.
    """

    # before the key is looked at; nothing is recorded
    LIMIT_EXCEEDED = "limit_exceeded"
    LEDGER_READONLY = "ledger_readonly"
    NOT_PERMITTED = "not_permitted"
    LOCKED = "locked"
    TRY_LATER = "try_later"
    NOT_RECOGNISED = "not_recognised"
    CARD_NOT_VALID = "card_not_valid"
    # time and rulebook; from here on a refusal burns its key
    PERIOD_SEALED = "period_sealed"
    RULEBOOK_UNKNOWN = "rulebook_unknown"
    RULEBOOK_RETROACTIVE = "rulebook_retroactive"
    RULE_NOT_IN_FORCE = "rule_not_in_force"
    # whether this person may, before anything is told of what she may not
    HOLD_UNKNOWN = "hold_unknown"
    NOT_HOLDER = "not_holder"
    SELF_CONFIRMATION = "self_confirmation"
    REQUEST_NEEDED = "request_needed"
    # the state of what it is about
    ACCOUNT_CLOSED = "account_closed"
    CODE_TAKEN = "code_taken"
    DEED_ALREADY_PAID = "deed_already_paid"
    STATE_NOT_FITTING = "state_not_fitting"
    ALREADY_CONFIRMED_BY_YOU = "already_confirmed_by_you"
    GRADES_DIFFER = "grades_differ"
    NO_PLACE_LEFT = "no_place_left"
    ERASURE_BLOCKED = "erasure_blocked"
    HOLD_ALREADY_COLLECTED = "hold_already_collected"
    HOLD_ALREADY_RELEASED = "hold_already_released"
    HOLD_ALREADY_LAPSED = "hold_already_lapsed"
    REVERSAL_OF_REVERSAL = "reversal_of_reversal"
    REVERSAL_EXISTS = "reversal_exists"
    NOT_REVERSIBLE = "not_reversible"
    # what was said
    AMOUNT_RANGE = "amount_range"
    PIN_TOO_SIMPLE = "pin_too_simple"
    FACT_MISSING = "fact_missing"
    PRECONDITION_MISSING = "precondition_missing"
    REPORTED_TOO_LATE = "reported_too_late"
    DUPLICATE_CHECKIN = "duplicate_checkin"
    AMOUNT_NOT_BY_RULE = "amount_not_by_rule"
    CHOICE_NEEDED = "choice_needed"
    REASON_NEEDED = "reason_needed"
    EXCEEDS_HOLD = "exceeds_hold"
    EXCEEDS_REDEMPTION = "exceeds_redemption"
    # passbook and shelf
    BARRED = "barred"
    TRANSFER_NOT_ALLOWED = "transfer_not_allowed"
    LOT_EXPIRED = "lot_expired"
    LOT_FROZEN = "lot_frozen"
    NO_PRICE = "no_price"
    INSUFFICIENT_POINTS = "insufficient_points"
    INSUFFICIENT_STOCK = "insufficient_stock"
    FUND_SHORT = "fund_short"
    PRICE_CHANGED = "price_changed"
    WINDOW_CLOSED = "window_closed"
    BELOW_MINIMUM = "below_minimum"
    NOT_A_MULTIPLE = "not_a_multiple"
    TOO_OFTEN = "too_often"
    ITEM_LIMIT = "item_limit"
    RESERVED_ITEM = "reserved_item"


class LovepointsError(Exception):
    """The base of every error that the library raises on purpose."""


class RulebookError(LovepointsError):
    """A rulebook cannot be used. `problems` holds every located problem, not only the first."""

    def __init__(self, problems: Sequence[Any]) -> None:
        # Any: a `core.rulefile.Problem`; the errors stand below the core and cannot name it.
        self.problems = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))


class Refused(LovepointsError):
    """A polite no. `code` and `facts` are the contract; `str()` is a sentence for a person."""

    def __init__(
        self, code: Code, facts: Mapping[str, Any] | None = None, *, key: str = "",
        is_repeat: bool = False,
    ) -> None:
        self.code = Code(code)
        self.facts = dict(facts or {})
        self.key = key
        self.is_repeat = is_repeat
        super().__init__(code, self.facts)
        if self.facts:
            self.add_note(f"facts: {self.facts}")  # for a programmer's traceback; not in str()

    def sentence(self, lang: str | None = None) -> str:
        """The refusal as a sentence in `lang` ("zh" or "en"; left out: the program's language)."""
        from lovepoints.words import refusal

        return refusal(self.code, self.facts, lang)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence()}"


class Conflict(LovepointsError):
    """A key came back with other content. `field` is the first declared field that differs; ""
    where nothing is known of the first request any more, because somebody in it was erased."""

    def __init__(self, key: str, field: str) -> None:
        self.key = key
        self.field = field
        what = f"another request: {brief(field)} differs" if field else "a request that was erased"
        super().__init__(
            f"key {brief(key)} was used before for {what}; use a new key for a new request")


class NotFound(LovepointsError, LookupError):
    """Nothing in this book has that name. `noun` is what was looked for, `name` what was asked."""

    def __init__(self, noun: str, name: object) -> None:
        self.noun = noun
        self.name = name
        super().__init__(f"no {noun} {brief(name)} in this book")


class BookDamaged(LovepointsError):
    """The book contradicts itself. `seq` is the first bad entry (0: none in particular)."""

    def __init__(self, what: str, *, seq: int = 0) -> None:
        self.what = what
        self.seq = seq
        super().__init__(f"entry {seq}: {what}" if seq else what)


class StoreError(LovepointsError):
    """The store could not do it; `code` is busy, storage_full, read_only, no_access, not_a_book,
    newer_book, exists, missing, closed or storage_error. A call with a key may be repeated
    safely."""

    def __init__(self, code: str, what: str) -> None:
        self.code = code
        super().__init__(what)


class _Brief(Repr):
    """`repr`, but short, and never an error of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 2, BRIEF_MAX, BRIEF_MAX

    def repr_int(self, x: int, level: int) -> str:
        """A huge number by its length: Python refuses to write it out."""
        return super().repr_int(x, level) if x.bit_length() < 256 else f"<{x.bit_length()} bits>"

    def repr_bytes(self, x: bytes, level: int) -> str:
        """The beginning of many bytes."""
        cut = builtins.repr(x[:BRIEF_MAX])
        return cut if len(x) <= BRIEF_MAX else f"{cut}..."

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:  # Any: whatever a caller said
        """A wide mapping by its size, for sorting it would take a while."""
        return super().repr_dict(x, level) if len(x) <= self.maxdict else f"<dict of {len(x)}>"

    def repr_set(self, x: set[Any], level: int) -> str:  # Any: whatever a caller said
        """A wide set by its size."""
        return super().repr_set(x, level) if len(x) <= self.maxset else f"<set of {len(x)}>"

    def repr_frozenset(self, x: frozenset[Any], level: int) -> str:  # Any: as above
        """As `repr_set`."""
        return self.repr_set(set(x), level) if len(x) <= self.maxset else f"<set of {len(x)}>"


def brief(value: object) -> str:
    """`repr(value)` as an error may repeat it: short, whatever was said, and safe to print.

    >>> brief("0421"), brief([[[[[]]]]]), brief(10**5000)
    ("'0421'", '[[[...]]]', '<16610 bits>')
    """
    return _BRIEF.repr(value)[:BRIEF_MAX * 2]


_BRIEF = _Brief()
