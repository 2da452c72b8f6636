"""Loading what officers did in a period, and what an inspection of it returns."""

from __future__ import annotations

import csv
import io
import json
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.inspecting.acts import Acts, Confirmed, Corrected, Fetched
from lovepoints.core.inspecting.drawing import drawn
from lovepoints.core.inspecting.leads import Lead, leads
from lovepoints.core.inspecting.scales import SCALES, Scales
from lovepoints.core.journal import Draft, Entry
from lovepoints.core.rows import DeedRow, EntryRow, Membership, Party, RedemptionRow
from lovepoints.core.values import point_unit, show
from lovepoints.desks.answers import confidential
from lovepoints.desks.auditing import root_at
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command
from lovepoints.errors import Code
from lovepoints.words import say
from lovepoints.words.inspecting import LEADS

RECHECKS = 20
"""So many confirmations are drawn to be checked again, unless asked otherwise."""
RECHECKS_MOST = 10_000
_DAY = 86_400_000_000
_CORRECTING = ("reopen", "reverse", "adjust")
_FETCHING = ("redeem", "collect")
_POINTS = {"new_account": ("points", "usual")}
"""Which figures of a lead are points."""


@attrs.frozen(kw_only=True)
class Recheck:
    """A confirmation that was drawn to be checked again."""

    seq: int
    deed: str
    day: date
    officer: str


@attrs.frozen(kw_only=True)
class Inspection:
    """Where an auditor looks first, and what chance says to look at.

    `leads` name officers and residents by code, who was erased by pseudonym; points in their
    figures are in smallest parts, of `decimals`. `rechecks` are drawn by `root`, the root of the
    journal once this inspection stood in it (entry `seq`).
    """

    since: date
    until: date
    confirmations: int
    officers: int
    leads: tuple[Lead, ...]
    rechecks: tuple[Recheck, ...]
    scales: Scales
    root: bytes
    seq: int
    decimals: int = 0
    key: str = ""
    is_repeat: bool = False

    def why(self, lead: Lead, lang: str | None = None) -> str:
        """Why something is worth a look, in `lang`."""
        points = _POINTS.get(lead.kind, ())
        figures = {name: show(figure, self.decimals) if name in points else figure
                   for name, figure in lead.figures.items()}
        return say(LEADS, lead.kind, {"officer": lead.officer, "other": lead.other, **figures},
                   lang)

    def plain(self, lang: str | None = None) -> dict[str, Any]:  # Any: JSON values
        """Everything as JSON values."""
        return {
            "since": self.since.isoformat(), "until": self.until.isoformat(),
            "confirmations": self.confirmations, "officers": self.officers,
            "leads": [{**attrs.asdict(one), "seqs": list(one.seqs),
                       "sentence": self.why(one, lang)} for one in self.leads],
            "rechecks": [{**attrs.asdict(one), "day": one.day.isoformat()}
                         for one in self.rechecks],
            "scales": self.scales.plain(), "root": self.root.hex(), "seq": self.seq}

    def to_json(self, lang: str | None = None) -> str:
        """One JSON object, readable without this program."""
        return json.dumps(self.plain(lang), ensure_ascii=False, indent=2) + "\n"

    def to_csv(self, lang: str | None = None) -> str:
        """A line for each lead and each recheck, safe to open in a spreadsheet."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(["kind", "officer", "other", "why", "entries"])
        for one in self.leads:
            table.writerow([text.cell(word) for word in (
                one.kind, one.officer, one.other, self.why(one, lang),
                " ".join(map(str, one.seqs)))])
        for drawn_one in self.rechecks:
            table.writerow([text.cell(word) for word in (
                "recheck", drawn_one.officer, "", drawn_one.deed, str(drawn_one.seq))])
        return out.getvalue()


def inspecting(
    command: Command, since: date, until: date, reason: str, count: int, scales: Scales,
) -> Draft | Refusal:
    """The draft that an inspection leaves: who looked at which days, why, by which scales."""
    if not reason:
        return Refusal(Code.REASON_NEEDED, {"what": "inspect"})
    if until > command.today:
        raise ValueError(f"until={until} lies in the future; nothing can have happened then")
    command.seal(f"e-{command.next_seq}", {"reason": reason})
    usual = SCALES.plain()
    changed = {name: value for name, value in scales.plain().items() if value != usual[name]}
    return Draft(kind="inspect", subject="book", at=command.at, day=command.day.isoformat(),
                 details={"since": since.isoformat(), "until": until.isoformat(), "count": count,
                          "scales": changed})


def inspected(book: Book, answer: Answer, scales: Scales) -> Inspection:
    """What was found, as the book stood when the inspection was written."""
    told, seq = answer.entry.details, answer.entry.seq
    since, until = (date.fromisoformat(told[name]) for name in ("since", "until"))
    acts = _Loading(book, since, until, answer.entry.day).read(seq)
    root = root_at(book, seq)
    confirmed = {act.seq for act in acts.confirmed}
    rulebook = book.rulebook_on(until)
    return Inspection(
        since=since, until=until, confirmations=len(confirmed),
        officers=len({act.officer for act in acts.confirmed}), scales=scales, root=root, seq=seq,
        leads=tuple(sorted((_named(book, one) for one in leads(acts, scales)),
                           key=lambda one: (one.kind, one.officer, one.other, one.seqs))),
        rechecks=tuple(_recheck(book, one) for one in drawn(root, confirmed, told["count"])),
        decimals=rulebook.main_kind.decimals if rulebook else 0,
        key=answer.key, is_repeat=answer.is_repeat)


def _named(book: Book, lead: Lead) -> Lead:
    """The lead with codes in place of pseudonyms."""
    return attrs.evolve(lead, officer=_code(book, lead.officer),
                        other=_code(book, lead.other) if lead.other else "")


def _code(book: Book, party: str) -> str:
    """The code that people know; of somebody who was erased her pseudonym is all there is."""
    return book.code_of(party) or party


def _recheck(book: Book, seq: int) -> Recheck:
    entry = book.entry(seq)
    return Recheck(seq=seq, deed=entry.subject, day=book.calendar.day_of(entry.at),
                   officer=_code(book, entry.by))


@attrs.define
class _Loading:
    """Reads the acts of a period out of the journal."""

    book: Book
    since: date
    until: date
    today: str
    """The day of the inspection: what households were later is of no account."""
    _hidden: frozenset[str] = frozenset()
    _homes: dict[str, frozenset[str]] = attrs.field(factory=dict)
    _people: dict[str, str] = attrs.field(factory=dict)
    """By actor the one code by which a person goes who acts by several."""
    _offices: dict[str, str] = attrs.field(factory=dict)
    """By resident the actor that stands for her."""

    def read(self, size: int) -> Acts:
        """Everything that officers did in the period, in the first `size` entries."""
        self._hidden = confidential(self.book)
        confirmed: list[Confirmed] = []
        corrected: list[Corrected] = []
        fetched: list[Fetched] = []
        for row in self.book.store.scan(EntryRow):
            if row.seq > size:
                break
            if row.kind != "confirm" and row.kind not in (*_CORRECTING, *_FETCHING):
                continue
            entry = Entry.from_bytes(row.body)
            if not self.since <= self.book.calendar.day_of(entry.at) <= self.until:
                continue
            if row.kind == "confirm":
                confirmed += self._confirmed(entry)
            elif row.kind in _CORRECTING:
                corrected.append(Corrected(
                    seq=entry.seq, officer=self._officer(entry.by),
                    kind=cast(Literal["reopen", "reverse", "adjust"], row.kind)))
            elif found := self.book.store.get(RedemptionRow, entry.subject):
                fetched.append(Fetched(seq=entry.seq, officer=self._officer(entry.by),
                                       holder=found.holder, at=entry.at))
        return Acts(
            days=(self.until - self.since).days + 1, confirmed=tuple(confirmed),
            corrected=tuple(corrected), fetched=tuple(fetched), homes=self._homes,
            residents={actor: resident for resident, actor in self._offices.items()})

    def _confirmed(self, entry: Entry) -> Iterator[Confirmed]:
        """The parts of a confirmed deed, each for everybody who confirmed it."""
        deed = self.book.store.get(DeedRow, entry.subject)
        awards: list[Mapping[str, Any]] = entry.details.get("awards", [])
        if deed is None or not awards:
            return
        unit = point_unit(self.book.rulebook(entry.rulebook).main_kind.code)
        for place, out in enumerate(awards):
            amounts = list(deed.details.get("quantities", {}).values()) if not place else []
            for by in _confirmers(entry):
                yield self._act(entry, deed, out["doer"], by, amounts, holder=out["holder"],
                                points=sum(n for one, n in out["parts"] if one == unit))

    def _act(
        self, entry: Entry, deed: DeedRow, doer: str, by: str, amounts: list[str], *,
        holder: str, points: int,
    ) -> Confirmed:
        calendar = self.book.calendar
        day = calendar.day_of(entry.at)
        party = self.book.store.get(Party, doer)
        is_timely = entry.recorded_at - entry.at < _DAY
        self._remember(doer)
        return Confirmed(
            seq=entry.seq, officer=self._officer(by), doer=doer, holder=holder,
            home=self.book.household_of(doer, deed.day) or doer, rule=deed.rule,
            day=day.isoformat(), at=entry.at, points=points, quantities=len(amounts),
            hour=calendar.local(entry.recorded_at).hour if is_timely else -1,
            days_to_month_end=monthrange(day.year, day.month)[1] - day.day,
            age=(day - date.fromisoformat(party.opened)).days if party else 0,
            wholes=sum(Decimal(amount) % 1 == 0 for amount in amounts),
            hidden=deed.rule in self._hidden)

    def _officer(self, actor: str) -> str:
        if actor not in self._people:
            resident = self.book.resident_behind(actor)
            if not resident and actor.startswith("r-"):
                resident = actor
            self._people[actor] = self._offices.setdefault(resident, actor) if resident else actor
            if resident:
                self._remember(resident)
        return self._people[actor]

    def _remember(self, resident: str) -> None:
        """Note every household to which somebody ever belonged until then."""
        if resident not in self._homes:
            self._homes[resident] = frozenset({resident, *(
                one.household for one in self.book.store.find(Membership, "", resident)
                if one.household and one.since <= self.today)})


def _confirmers(entry: Entry) -> tuple[str, ...]:
    """Everybody who confirmed the deed that this entry pays."""
    changed = entry.details.get("rows", {}).get("deed", ())
    named = next((one.get("details", {}).get("confirmed_by", ())
                  for one in changed if one["id"] == entry.subject), ())
    return tuple(dict.fromkeys(named)) or (entry.by,)
