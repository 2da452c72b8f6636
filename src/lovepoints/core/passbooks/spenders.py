"""Who may stand at the counter for a passbook: holder, members of the household, proxies.

A passbook of one's own is always the holder's to spend. For a household's passbook
`Redemption.spenders` says which members may: `head`; `adults` (everybody but minors); `members`.
`proxy = "named"` lets somebody else fetch who is named, for a member who may spend;
`"anyone"` lets whoever brings the passbook fetch. Nobody acts for another passbook by herself.
"""

from __future__ import annotations

import attrs

from lovepoints.core.deeds import Refusal
from lovepoints.core.terms import Redemption
from lovepoints.errors import Code

PARTS = {"head": ("head",), "adults": ("head", "member"), "members": ("head", "member", "minor")}
"""The parts of a household that may spend, by `Redemption.spenders`."""


@attrs.frozen(kw_only=True)
class Comer:
    """Who comes. `kind`: whose passbook it is ("resident", "household", "team"); `part`: what the
    one who spends is in that household ("" for a passbook of one's own, or if nobody was named).

    `is_alone`: says it herself, without an office; `is_own`: the passbook is hers or her
    household's; `has_proxy`: somebody else was named to fetch it.
    """

    kind: str
    part: str = ""
    is_alone: bool = False
    is_own: bool = True
    has_proxy: bool = False


def not_holder(terms: Redemption, comer: Comer) -> Refusal | None:
    """The refusal if this person may not spend from this passbook, or None.

    >>> not_holder(Redemption(spenders="head"), Comer(kind="household", part="minor")).facts
    {'reason': 'part', 'part': 'minor'}
    """
    if comer.is_alone and not comer.is_own:
        return _refusal("passbook")
    if comer.kind not in terms.holders:
        return _refusal("kind", kind=comer.kind)
    if comer.has_proxy and terms.proxy == "none":
        return _refusal("proxy")
    is_bearer = terms.proxy == "anyone" and not comer.is_alone
    if comer.part and comer.part not in PARTS[terms.spenders] and not is_bearer:
        return _refusal("part", part=comer.part)
    return None


def _refusal(reason: str, **facts: str) -> Refusal:
    return Refusal(Code.NOT_HOLDER, {"reason": reason, **facts})
