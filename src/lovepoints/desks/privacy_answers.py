"""What the privacy desk returns: frozen nouns, none of which shows a personal word in its repr."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs


def _hidden() -> str:
    return attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Personal:
    """Who somebody is, as one look gave it. Words are left out of its `repr`, so that they do
    not get into logs and tracebacks."""

    code: str = _hidden()
    name: str = _hidden()
    phone: str = _hidden()
    guardian: str = _hidden()
    consent: str = _hidden()
    pseudonym: str = ""
    kind: str = ""
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Words:
    """What was written about a deed: place, note, evidence ...; `reasons` of its decisions by
    entry."""

    deed: str
    words: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    reasons: Mapping[int, str] = attrs.field(factory=dict, repr=False)
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Request:
    """Somebody's application to be told who is behind a deed; `seq` is its number."""

    seq: int
    deed: str
    day: date
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Reporter:
    """Who reported a deed and who did it, as the custodian tells whoever asked in `request`."""

    deed: str
    request: int
    reported_by: str = _hidden()
    resident: str = _hidden()
    joint: tuple[str, ...] = attrs.field(default=(), repr=False)
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Look:
    """One line of the log: on `day`, `by` (in `role`) saw `what` of somebody, for a reason."""

    seq: int
    day: date
    what: str
    by: str
    role: str
    reason: str = _hidden()


@attrs.frozen(kw_only=True)
class Erasure:
    """What an erasure took away.

    `words`: subjects whose words went; `requests`: used keys of which only the key is left;
    `mentions`: cases of others in whose words the same name or phone stands, for `redact`;
    `copies`: noted backups that may still hold them. `is_wiped`: no byte of it is left in the
    book's own files; else others kept the file busy, or it is a host's, and `wipe()` is to be
    said later.
    """

    pseudonym: str
    words: int = 0
    requests: int = 0
    mentions: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    is_wiped: bool = False
    seq: int = 0
    key: str = ""
    is_repeat: bool = False


@attrs.frozen(kw_only=True)
class Erased:
    """One line of the register: on `day` a person (`what` is "erase") or the words about one case
    ("redact") were taken away. `subject` is a pseudonym or the number of a case."""

    what: str
    subject: str
    day: date
    seq: int
