"""The privacy desk: who may know what of whom, who looked, and how somebody is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.policy import CUSTODIAN, FIELD, SELF
from lovepoints.core.privacy import DATA_MAP, Field
from lovepoints.core.rows import BackupRow, DeedRow, EntryRow, Person, Sealed
from lovepoints.core.rows_privacy import Access
from lovepoints.core.values import SEQ_MAX, flag, whole
from lovepoints.desks import erasing, looking, retaining
from lovepoints.desks.answers import confidential
from lovepoints.desks.book import Book
from lovepoints.desks.command import Answer, Command, perform
from lovepoints.desks.exporting import Export, exported
from lovepoints.desks.passbooks import holder_for
from lovepoints.desks.privacy_answers import (
    Erased,
    Erasure,
    Look,
    Personal,
    Reporter,
    Request,
    Words,
)
from lovepoints.desks.retaining import Retirement
from lovepoints.errors import Code, Conflict, NotFound, Refused

READERS = frozenset({CUSTODIAN, "auditor"})
"""Who reads the log of looks at others."""


@attrs.frozen
class Privacy:
    """`community.privacy`"""

    _book: Book

    # looking, each look an entry

    def look(
        self, code: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Personal:
        """Who somebody is: name, phone, a guardian's consent. Needs a reason, but for oneself.

        A key is good for its day: a later look is another look.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        code, reason = text.code(code), text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(code)
            _check_own(command, {person.id})
            return _unreasoned(command, reason) or looking.seen(
                command, "look", person.id, {person.id}, reason)

        answer = self._say("look", decide, {"code": code, "reason": reason}, by, at, key)
        return looking.personal_of(self._book, answer)

    def words(
        self, deed: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Words:
        """What was written about a deed: its place, note, evidence, and the reasons of decisions.

        Of a confidential kind only the custodian reads it, and whoever did or reported it.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        row, reason = self._row(deed), text.line(reason, "reason")
        roles = frozenset({CUSTODIAN, SELF})

        def decide(command: Command) -> Draft | Refusal:
            _check_own(command, looking.people(row))
            return _unreasoned(command, reason) or looking.seen(
                command, "words", row.id, looking.people(row), reason)

        answer = self._say("words", decide, {"deed": deed, "reason": reason}, by, at, key,
                           roles if row.rule in confidential(self._book) else roles | FIELD)
        return looking.words_of(self._book, answer)

    def request(
        self, deed: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Request:
        """Ask to be told who is behind a deed; the custodian answers with `reporter`.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        row, reason = self._row(deed), text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            return _unreasoned(command, reason) or looking.seen(
                command, "request", row.id, (), reason)

        answer = self._say("request", decide, {"deed": deed, "reason": reason}, by, at, key)
        return Request(seq=answer.entry.seq, deed=row.id, key=answer.key,
                       day=date.fromisoformat(answer.entry.day), is_repeat=answer.is_repeat)

    def reporter(
        self, deed: str, *, request: int, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Reporter:
        """Tell who reported a deed and who did it, once for a request of another person's, within
        30 days of it.

        Raises:
            Refused: request_needed, not_permitted.
        """
        row = self._row(deed)
        number = whole(request, "request", least=0, most=SEQ_MAX)

        def decide(command: Command) -> Draft | Refusal:
            return looking.unasked(command, row, number) or looking.seen(
                command, "reporter", row.id, looking.people(row), "", {"request": number})

        answer = self._say("reporter", decide, {"deed": deed, "request": number}, by, at, key)
        codes = [self._book.code_of(doer) for doer in looking.doers(row)]
        return Reporter(
            deed=row.id, request=number, reported_by=self._book.code_of(row.reporter),
            resident=codes[0], joint=tuple(codes[1:]), seq=answer.entry.seq, key=answer.key,
            is_repeat=answer.is_repeat)

    def export(
        self, code: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Export:
        """All that the book holds about a resident, to take away as JSON or CSV; nothing of
        others.

        Raises:
            Refused: reason_needed, not_permitted.
        """
        code, reason = text.code(code), text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(code, "resident")
            _check_own(command, {person.id})
            if refusal := _unreasoned(command, reason):
                return refusal
            command.settle(holder_for(self._book, person))
            return looking.seen(command, "export", person.id, {person.id}, reason)

        said = {"code": code, "reason": reason, "day": self._today()}
        return perform(
            self._book, "export", decide, said, by=by, at=at, key=key,
            tell=lambda answer: exported(self._book, answer.entry.subject, answer.entry.seq,
                                         answer.key, answer.is_repeat))

    def who_saw(self, code: str, *, by: str | None = None) -> tuple[Look, ...]:
        """The log of every look at somebody, oldest first: for herself, the custodian and
        auditors."""
        with self._book.reading():
            book, person = self._book, self._book.person(code)
            actor = book.actor(by, book.calendar.day_of(book.now()))
            if actor.resident != person.id and not actor.roles & READERS:
                raise Refused(Code.NOT_PERMITTED, {"verb": "who_saw", "roles": sorted(READERS)})
            return tuple(looking.look_of(book, row)
                         for row in book.store.find(Access, "", person.id))

    # forgetting

    def erase(
        self, code: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Erasure:
        """Forget somebody who left: her row, her words, the words of her cases, and what could be
        guessed of her requests. Her pseudonym, every sum and every proof stay as they were.

        Raises:
            Refused: erasure_blocked (with what is to be done first), reason_needed,
                self_confirmation, not_permitted.
        """
        code, reason = text.code(code), text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            person = self._book.person(code)
            if refusal := _unreasoned(command, reason) or command.own(person.id):
                return refusal
            if facts := erasing.standing(command, person).facts():
                return Refusal(Code.ERASURE_BLOCKED, facts)
            gone = erasing.forget(command, person)
            return _forgotten(command, "erase", person.id, gone, reason)

        # The code is not part of the request that is kept: it could be guessed.
        answer = self._say("erase", decide, {"reason": reason}, by, at, key)
        if answer.is_repeat and self._book.store.find(Person, "by_code", code, limit=1):
            raise Conflict(answer.key, "code")
        return self._erased(answer)

    def redact(
        self, subject: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Erasure:
        """Take away the words about one deed, redemption, movement of goods, aid case or entry
        ("d-7", "x-12", "g-9", "b-4", "e-30"); what was decided stands.

        Raises:
            NotFound: nothing is written about that. Refused: reason_needed, not_permitted.
        """
        subject, reason = text.code(subject, "subject"), text.line(reason, "reason")

        def decide(command: Command) -> Draft | Refusal:
            if subject[:2] not in ("d-", "x-", "g-", "e-", "b-") or not self._written(subject):
                raise NotFound("words about", subject)
            if refusal := _unreasoned(command, reason):
                return refusal
            gone = erasing.forget_words(command, subject)
            return _forgotten(command, "redact", subject, gone, reason)

        return self._erased(self._say(
            "redact", decide, {"subject": subject, "reason": reason}, by, at, key))

    def retire(
        self, *, dry_run: bool = True, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Retirement:
        """Take away the words whose time is over by the data map; a dry run only counts them.

        Raises:
            Refused: not_permitted.
        """
        if flag(dry_run, "dry_run"):
            with self._book.reading():
                due = retaining.plan(self._book, self._today())
            return Retirement(words=due.goes, people=due.people)
        answer = self._say("retire", retaining.retire, {}, by, at, key)
        is_wiped = erasing.wipe(self._book)
        return Retirement(
            words=answer.entry.details.get("words", {}), is_dry=False, is_wiped=is_wiped,
            people=retaining.plan(self._book, self._today()).people, seq=answer.entry.seq,
            key=answer.key, is_repeat=answer.is_repeat)

    def erasures(self) -> tuple[Erased, ...]:
        """The register of what was erased and redacted, oldest first: nothing personal stands in
        it. Kept beside the backups it tells what a copy that was put back must forget again."""
        with self._book.reading():
            return tuple(
                Erased(what=row.kind, subject=row.subject, day=date.fromisoformat(row.day),
                       seq=row.seq)
                for row in self._book.store.scan(EntryRow) if row.kind in ("erase", "redact"))

    def wipe(self) -> bool:
        """Wipe what an erasure left in the bytes of the book's files because others kept them
        busy; whether nothing is left."""
        return erasing.wipe(self._book)

    # the map

    def map(self) -> tuple[Field, ...]:
        """Every piece of personal data that a book may hold: what for, how long, who sees it."""
        return DATA_MAP

    # the inside

    def _say(
        self, verb: str, decide: Any, said: dict[str, object], by: str | None,  # Any: a Decide
        at: datetime | date | None, key: str | None, roles: frozenset[str] | None = None,
    ) -> Answer:
        if verb in ("look", "words", "reporter"):
            said["day"] = self._today()
        return perform(self._book, verb, decide, said, by=by, at=at, key=key,
                       roles=lambda: roles)

    def _today(self) -> date:
        return self._book.calendar.day_of(self._book.now())

    def _row(self, deed: str) -> DeedRow:
        found = self._book.store.get(DeedRow, text.code(deed, "deed"))
        if found is None:
            raise NotFound("deed", deed)
        return found

    def _written(self, subject: str) -> bool:
        return any(self._book.store.find(Sealed, "", low=low, high=high, limit=1)
                   for low, high in ((subject, subject), (f"{subject}#", f"{subject}#~")))

    def _erased(self, answer: Answer) -> Erasure:
        told = answer.entry.details
        is_wiped = erasing.wipe(self._book)
        return Erasure(
            pseudonym=answer.entry.subject, words=told["words"], requests=told["requests"],
            mentions=tuple(told.get("mentions", ())), is_wiped=is_wiped,
            copies=tuple(one.name for one in self._book.store.find(BackupRow)),
            seq=answer.entry.seq, key=answer.key, is_repeat=answer.is_repeat)



def _forgotten(
    command: Command, kind: str, subject: str, gone: erasing.Gone, reason: str,
) -> Draft:
    command.seal(f"e-{command.next_seq}", {"reason": reason})
    details: dict[str, object] = {"words": gone.words, "requests": gone.requests}
    if gone.mentions:
        details["mentions"] = list(gone.mentions)
    return Draft(kind=kind, subject=subject, at=command.at, day=command.day.isoformat(),
                 details=details)


def _check_own(command: Command, people: Iterable[str]) -> None:
    """A resident without an office sees what is hers and nothing else."""
    if command.role == SELF and command.actor.resident not in people:
        raise Refused(Code.NOT_PERMITTED, {"verb": command.verb, "roles": [CUSTODIAN]})


def _unreasoned(command: Command, reason: str) -> Refusal | None:
    if not reason and command.role != SELF:
        return Refusal(Code.REASON_NEEDED, {"what": command.verb})
    return None
