"""The data map: every piece of personal data, what it is for, how long it is kept, who sees it.

What is not in the map is not taken in: `Command.seal` refuses words without a purpose. Sentences
stand in `words/privacy.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

import attrs

from lovepoints.core.values import Span

About = Literal["party", "deed", "decision", "task", "occurrence", "aid", "money",
                "objection", "redemption", "goods", "entry"]
"""What sealed words are about; told by the beginning of their subject."""
PersonalTable = Literal["person", "sealed", "token", "pin"]
View = Literal["ordinary", "reason", "nobody"]
"""ordinary: stands in everyday views. reason: read by a verb that takes a reason and leaves an
entry. nobody: not shown by any verb."""

CHILD = "under_14"
"""The attribute of a resident who is below the age at which only a guardian can consent."""
CONSENT = "guardian_consent"
"""The attribute that says that a guardian's consent is on file."""
_BEGINNINGS: Mapping[str, About] = {"d": "deed", "w": "task", "a": "occurrence", "b": "aid",
                                    "m": "money", "o": "objection", "x": "redemption",
                                    "g": "goods", "e": "entry"}


@attrs.frozen(kw_only=True)
class Field:
    """One piece of personal data: where it lies, why, how long, who sees it.

    `kept` runs from the day that `counted_from` names: when the person left, or when it was
    written down.
    """

    table: PersonalTable
    about: About
    name: str
    purpose: str
    kept: Span
    counted_from: Literal["left", "written"]
    view: View

    @property
    def place(self) -> str:
        """The field's place as the map names it: table, what it is about, name."""
        return f"{self.table}.{self.about}.{self.name}"

    def due(self, since: date | None, today: date) -> bool:
        """Whether its time is over, `since` being the day that it is counted from (None: not
        begun)."""
        return since is not None and self.kept.after(since) < today


def _fields(
    about: About, names: str, purpose: str, months: int, view: View, *,
    table: PersonalTable = "sealed",
) -> tuple[Field, ...]:
    return tuple(
        Field(table=table, about=about, name=name, purpose=purpose, kept=Span(months, "month"),
              counted_from="left" if about == "party" else "written", view=view)
        for name in names.split())


DATA_MAP: tuple[Field, ...] = (
    *_fields("party", "id", "pseudonym", 36, "ordinary", table="person"),
    *_fields("party", "kind code", "called", 36, "ordinary", table="person"),
    *_fields("party", "details", "spare", 36, "nobody", table="person"),
    *_fields("party", "code name", "called", 36, "ordinary"),
    *_fields("party", "phone", "reached", 6, "reason"),
    *_fields("party", "guardian consent", "consented", 36, "reason"),
    *_fields("party", "digest card party key", "carded", 36, "nobody", table="token"),
    *_fields("party", "party salt hash cost block lanes", "proved", 36, "nobody", table="pin"),
    *_fields("deed", "place event matter", "which", 36, "reason"),
    *_fields("deed", "note evidence reason channel", "judged", 36, "reason"),
    *_fields("decision", "reason", "decided", 36, "reason"),
    *_fields("decision", "text to", "forwarded", 36, "reason"),
    *_fields("task", "place note", "arranged", 24, "ordinary"),
    *_fields("task", "reply evidence reason", "answered", 24, "ordinary"),
    *_fields("occurrence", "place reason", "arranged", 24, "ordinary"),
    *_fields("aid", "note plan reason", "helped", 36, "reason"),
    *_fields("money", "donor receipt note", "donated", 120, "ordinary"),
    *_fields("money", "reason", "audited", 60, "ordinary"),
    *_fields("objection", "grounds", "objected", 36, "ordinary"),
    *_fields("objection", "reason", "decided", 36, "ordinary"),
    *_fields("redemption", "proxy", "fetched", 12, "ordinary"),
    *_fields("redemption", "reason", "returned", 36, "reason"),
    *_fields("goods", "donor receipt witness note", "donated", 120, "ordinary"),
    *_fields("goods", "reason", "audited", 60, "ordinary"),
    *_fields("entry", "reason", "audited", 60, "reason"),
)
"""Everything personal that a book may hold. Attributes are no words: the rulebook declares them,
they stand in the journal under the pseudonym."""
SEALED: Mapping[About, Mapping[str, Field]] = {
    about: {one.name: one for one in DATA_MAP if one.table == "sealed" and one.about == about}
    for about in get_args(About)
}


def about(subject: str) -> About:
    """What the sealed words of a subject are about.

    >>> about("r-k3m2p9q4"), about("d-7"), about("d-7#12"), about("e-9")
    ('party', 'deed', 'decision', 'entry')
    """
    found = _BEGINNINGS.get(subject.partition("-")[0], "party")
    return "decision" if found == "deed" and "#" in subject else found


def check_words(subject: str, words: Mapping[str, object]) -> None:
    """A ValueError for words that the data map gives no purpose."""
    if unknown := sorted(set(words) - set(SEALED[about(subject)])):
        raise ValueError(f"the data map has no purpose for {unknown[0]!r} of a {about(subject)};"
                         f" it is not taken in")


def kept_words(
    subject: str, words: Mapping[str, object], *, written: date | None, left: date | None,
    today: date,
) -> dict[str, object]:
    """The words of a subject whose time is not over yet."""
    fields = SEALED[about(subject)]
    return {name: value for name, value in words.items()
            if not fields[name].due(left if fields[name].counted_from == "left" else written,
                                    today)}


@attrs.frozen(kw_only=True)
class Standing:
    """What still ties somebody to the book, as facts of a refusal to erase: empty if nothing."""

    enrolled: str = ""
    roles: tuple[str, ...] = ()
    points: str = ""
    reserved: int = 0
    deeds: int = 0
    members: int = 0
    tasks: int = 0
    aid: int = 0

    def facts(self) -> dict[str, object]:
        """What must be done first, by name; empty where the person may be erased."""
        found = {name: getattr(self, name) for name in
                 ("enrolled", "roles", "points", "reserved", "deeds", "members",
                  "tasks", "aid")}
        return {name: list(value) if name == "roles" else value
                for name, value in found.items() if value}


def consent_missing(attributes: Mapping[str, object]) -> bool:
    """Whether somebody is below 14 and no guardian's consent is on file."""
    return bool(attributes.get(CHILD)) and not attributes.get(CONSENT)
