"""Who may say which verb: a strict table, replaceable by the host program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from lovepoints.core import text
from lovepoints.core.rows import Appointment
from lovepoints.errors import brief

ADMIN = "admin"
"""The role of the first administrator. It never goes round a second pair of eyes."""
LEDGER = "ledger"
"""The role of the book itself, for what the calendar does."""
CUSTODIAN = "custodian"
"""The role of the one person who keeps what may identify somebody (信息保管员)."""
SELF = "self"
"""A resident acting for herself or her household."""
SERVED = "served"
"""Who was served: a rule that names this role leaves the decision to whoever asked for the work."""

_OFFICE = frozenset({ADMIN, "committee"})
FIELD = _OFFICE | {"grid-officer", "building-lead", "collector", "patrol-captain"}
"""Who works with deeds without an office of their own."""
_AID = _OFFICE | {"aid-officer"}
_SHOP = _OFFICE | {"shopkeeper", "kiosk"}
_ANYONE = FIELD | _SHOP | {"auditor", "partner", SELF}

STRICT: Mapping[str, frozenset[str]] = {
    "appoint": frozenset({ADMIN}), "dismiss": frozenset({ADMIN}),
    "adopt": _OFFICE, "area": _OFFICE,
    "enrol": _OFFICE | {"collector", "grid-officer"}, "describe": _OFFICE | {"grid-officer"},
    "move": _OFFICE, "leave": _OFFICE, "died": _OFFICE | {"grid-officer"},
    "merge": _OFFICE, "split": _OFFICE, "unite": _OFFICE,
    "issue": _OFFICE | {"grid-officer", "shopkeeper"},
    "replace": _OFFICE | {"grid-officer", "shopkeeper"},
    "lose": _SHOP | {"grid-officer", SELF},
    "set_pin": _OFFICE | {"grid-officer"}, "unlock": _OFFICE | {"grid-officer"},
    "check_pin": _SHOP, "change_pin": _SHOP | {SELF}, "collection_code": _SHOP | {SELF},
    "challenge": _SHOP, "answer": frozenset({SELF}), "admit": _SHOP,
    "report": _ANYONE,
    # confirm, reject and duplicate go by the roles that the rule names
    "withdraw": _ANYONE, "reopen": _OFFICE, "repair": FIELD, "pay_waiting": _OFFICE,
    "stock": _OFFICE | {"shopkeeper"}, "price": _OFFICE | {"shopkeeper"},
    "receive": _OFFICE | {"shopkeeper"}, "count": _OFFICE | {"shopkeeper"},
    "write_off": _OFFICE | {"shopkeeper"}, "give": _AID | {"shopkeeper"},
    "redeem": _SHOP | {SELF}, "hold": _SHOP | {SELF}, "collect": _SHOP,
    "release": _SHOP | {SELF}, "return": _SHOP, "window": _OFFICE | {"shopkeeper"},
    "opening": _OFFICE, "adjust": _OFFICE, "reverse": _OFFICE, "transfer": _OFFICE | {SELF},
    "sanction": _OFFICE, "lift": _OFFICE, "sweep": _ANYONE, "close_period": _OFFICE,
    "checkpoint": _ANYONE,
    "inspect": frozenset({"auditor"}), "rehearse": _OFFICE | {"auditor"},
    # words goes by whether the deed's kind is confidential
    "look": frozenset({CUSTODIAN, SELF}), "export": frozenset({CUSTODIAN, SELF}),
    "request": _OFFICE | {"auditor"},
    "reporter": frozenset({CUSTODIAN}), "erase": frozenset({CUSTODIAN}),
    "redact": frozenset({CUSTODIAN}), "retire": frozenset({CUSTODIAN}),
    "forward": frozenset({CUSTODIAN}),
    "post_notice": _OFFICE, "object": _ANYONE, "decide_objection": _OFFICE, "appeal": _ANYONE,
    "close_notice": _OFFICE,
    # tasks; who is neither officer nor asker acts for herself only
    "define_task": _OFFICE, "ask_task": _ANYONE, "dispatch_task": FIELD, "accept_task": _ANYONE,
    "decline_task": _ANYONE, "hand_back_task": _ANYONE, "check_in_task": _ANYONE,
    "check_out_task": _ANYONE, "escalate_task": FIELD, "finish_task": _ANYONE,
    "settle_task": FIELD | {SELF}, "send_back_task": FIELD | {SELF}, "reject_task": FIELD,
    "duplicate_task": FIELD, "refer_task": FIELD, "withdraw_task": FIELD | {SELF},
    "rate_task": FIELD | {SELF}, "reopen_task": FIELD | {SELF},
    "service_record": FIELD | {CUSTODIAN}, "read_feed": _OFFICE | {"auditor", "app"},
    "join_team": FIELD, "leave_team": FIELD,
    "define_rota": _OFFICE, "plan_rota": FIELD, "away_rota": FIELD | {SELF},
    "offer_rota": FIELD | {SELF}, "take_rota": FIELD | {SELF},
    # activities; award_occurrence goes by the roles that the rule names
    "define_activity": _OFFICE, "plan_occurrence": FIELD, "sign_up_occurrence": _ANYONE,
    "withdraw_occurrence": _ANYONE, "check_in_occurrence": FIELD, "check_out_occurrence": FIELD,
    "attend_occurrence": FIELD, "close_occurrence": FIELD, "cancel_occurrence": FIELD,
    "reopen_occurrence": FIELD,
    # aid; a helper writes down her own visits, and either side may end a pairing
    "open_aid": _AID, "review_aid": _AID, "close_aid": _AID, "aid_words": _AID,
    "read_aid": _AID | {"auditor"}, "pair_aid": _AID, "part_aid": _AID | {SELF},
    "visit_aid": _AID | {SELF},
    "open_fund": _OFFICE, "close_fund": _OFFICE, "receive_fund": _AID, "reserve_fund": _AID,
    "spend_fund": _OFFICE, "grant_fund": _OFFICE, "take_back_fund": _OFFICE,
}
"""Roles by verb. Rulebooks may name further roles for reporting and confirming."""


def policy_with(changes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The strict table with other roles for some verbs.

    Raises:
        ValueError: a verb that stands in no table, or a role that only the book gives.
    """
    found = dict(STRICT)
    for verb, roles in changes.items():
        if verb not in STRICT:
            raise ValueError(f"no policy speaks of the verb {brief(verb)}")
        if isinstance(roles, str):
            raise TypeError(f"the roles of {verb} are several texts, not one")
        found[verb] = frozenset(text.code(role, "role") for role in roles)
        if given := found[verb] & {LEDGER, SERVED}:
            raise ValueError(f"nobody is appointed {min(given)!r}; the book gives it itself")
    return found


@attrs.frozen(kw_only=True)
class Actor:
    """Who says a verb: pseudonym, the code people know, roles today, own resident record.

    `resident` and `household` are pseudonyms ("" for an officer who lives elsewhere).
    """

    id: str
    code: str = attrs.field(repr=False)
    roles: frozenset[str] = frozenset()
    resident: str = ""
    household: str = ""

    def role(self, wanted: frozenset[str]) -> str:
        """The role in which this actor may act where one of `wanted` is asked; "" if none."""
        fitting = sorted(self.roles & wanted)
        return fitting[0] if fitting else ""


def resident_of(terms: Iterable[Appointment]) -> str:
    """Who an officer is at home; that stays known when a later term does not say it again."""
    linked = sorted((term.since, term.resident) for term in terms if term.resident)
    return linked[-1][1] if linked else ""


def actor_code(code: object) -> str:
    """A usable actor or party code; an empty or odd one is refused by type (bug 50)."""
    if not isinstance(code, str):
        raise TypeError(f"an actor or resident is named by text, not {brief(code)}")
    return text.code(code)
