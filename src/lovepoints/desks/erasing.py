"""What erasing takes away: somebody's row, her words, and what could be guessed of her requests.

Nothing here touches the journal. Entries know her pseudonym only, and that it leads nowhere once
the row is gone is what erasing means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from lovepoints.core.card_rows import CardRow, Pin, Token, Tries
from lovepoints.core.deeds import Status
from lovepoints.core.journal import Entry, canonical_bytes
from lovepoints.core.passbooks import passbook
from lovepoints.core.policy import SELF
from lovepoints.core.privacy import Standing
from lovepoints.core.rows import (
    Appointment,
    Balance,
    DeedRow,
    Due,
    EntryRow,
    KeyRow,
    Membership,
    Party,
    Person,
    RedemptionRow,
    Sealed,
)
from lovepoints.core.rows_activities import OccurrenceRow, TeamTerm
from lovepoints.core.rows_aid import AidCaseRow, MoneyRow, PairingRow
from lovepoints.core.rows_privacy import Access, Trace
from lovepoints.core.rows_work import TaskRow
from lovepoints.core.store import Rows
from lovepoints.core.values import kind_of
from lovepoints.core.work.activities import OccurrenceState, everybody
from lovepoints.core.work.tasks import OPEN, parties
from lovepoints.desks.answers import as_points
from lovepoints.desks.book import Book
from lovepoints.desks.command import Command, guessed, writing

MENTIONS_MAX = 100
"""How many cases that still mention somebody are listed."""
_UNDECIDED = (Status.SUBMITTED, Status.REOPENED)


@attrs.frozen(kw_only=True)
class Gone:
    """What was taken away: how many subjects lost their words, how many requests their digest;
    and the subjects of others that mention the same name or phone."""

    words: int
    requests: int
    mentions: tuple[str, ...]


def standing(command: Command, person: Person) -> Standing:
    """What still ties somebody to the book today, once what was due to her is written."""
    store, today = command.book.store, command.today.isoformat()
    command.settle(person.id)
    party = store.get(Party, person.id)
    undecided = [deed for status in _UNDECIDED for deed in store.find(
        DeedRow, "by_status", str(status)) if person.id in (deed.reporter, *_doers(deed))]
    pending = store.find(Due, "by_holder", person.id, 0)
    is_enrolled = person.kind != "staff" and party is not None and party.closed >= today
    return Standing(
        enrolled=party.opened if party and is_enrolled else "",
        roles=tuple(term.role for term in store.find(Appointment, "", person.id)
                    if term.until >= today),
        points=_points(command.book, person.id),
        reserved=sum(person.id in (row.holder, row.doer)
                     for row in store.find(RedemptionRow, "by_state", "held")),
        deeds=len(undecided) + len(pending),
        members=sum(row.until >= today
                    for row in store.find(Membership, "by_household", person.id))
        + sum(row.until >= today for row in store.find(TeamTerm, "by_resident", person.id)),
        tasks=sum(person.id in _people_of(row) for state in OPEN
                  for row in store.find(TaskRow, "by_state", str(state)))
        + sum(person.id in everybody(row)
              for row in store.find(OccurrenceRow, "by_state", str(OccurrenceState.PLANNED))),
        aid=sum(row.until >= today for row in store.find(AidCaseRow, "by_household", person.id))
        + sum(row.until >= today for row in _pairings(store, person.id)),
    )


def forget(command: Command, person: Person) -> Gone:
    """Drop the rows of a person under each of her records, her words and the words of her cases;
    blank her requests."""
    book, store = command.book, command.book.store
    records = [one for party in book.records(person.id) if (one := store.get(Person, party))]
    told = [sealed.details for one in records if (sealed := store.get(Sealed, one.id))]
    subjects = {subject for one in records for subject in (
        one.id, f"passbook:{one.id}", *_cases(book, one.id),
        *(card.id for card in store.find(CardRow, "by_party", one.id)))}
    seqs = {row.seq for subject in subjects for row in store.find(EntryRow, "by_subject", subject)}
    looks = {row.seq for one in records for row in store.find(Access, "", one.id)}
    codes = {one.code for one in records}
    words = {str(words.get(name, "")) for words in told for name in ("name", "phone")} - {""}
    count = drop_words(book, subjects, seqs | looks)
    for one in records:
        store.drop(Person, one.id)
        _drop_credentials(book, one.id)
    requests = blank(book, seqs, guessed(book, codes | words))
    store.put(Trace(seq=command.next_seq, noted_at=command.now))
    telling = {value for value in words - codes if len(value) > 1}
    return Gone(words=count, requests=requests, mentions=tuple(_mentions(book, telling)))


def forget_words(command: Command, subject: str) -> Gone:
    """Drop the words of one case of any kind, and blank the requests that carried them."""
    book = command.book
    seqs = {row.seq for row in book.store.find(EntryRow, "by_subject", subject)}
    if subject.startswith("e-"):
        seqs.add(int(subject[2:]))
    count = drop_words(book, {subject}, seqs)
    requests = blank(book, seqs, frozenset())
    book.store.put(Trace(seq=command.next_seq, noted_at=command.now))
    return Gone(words=count, requests=requests, mentions=())


def wipe(book: Book) -> bool:
    """Wipe the bytes of what was erased, now or earlier; whether none are left.

    Inside a batch or a host's transaction nothing can be wiped yet.
    """
    if book.batch_depth:
        return False
    done = book.store.find(Trace)
    if not book.store.scrub():
        return False
    with writing(book):
        for trace in done:
            book.store.drop(Trace, trace.seq)
    return True


def _doers(deed: DeedRow) -> list[str]:
    return list(deed.details.get("doers", [deed.doer]))


def _people_of(task: TaskRow) -> set[str]:
    return {task.asker, *parties(task, "doers"), *parties(task, "offered")}


def _pairings(store: Rows, party: str) -> list[PairingRow]:
    """The pairings of a household, or of a helper."""
    return [*store.find(PairingRow, "by_household", party),
            *store.find(PairingRow, "by_helper", party)]


def _points(book: Book, holder: str) -> str:
    """What a passbook of her own still holds, set aside or owes; "" if nothing."""
    own = passbook.passbook(holder)
    amounts: dict[str, int] = {}
    for account in (own, passbook.held(own), passbook.owed(holder)):
        for row in book.store.find(Balance, "", account):
            amounts[row.unit] = amounts.get(row.unit, 0) + abs(row.amount)
    rulebook = book.rulebook_on(book.calendar.day_of(book.now()))
    decimals = {kind.code: kind.decimals for kind in rulebook.kinds} if rulebook else {}
    return " + ".join(str(as_points(amount, decimals.get(kind_of(unit), 0)))
                      for unit, amount in sorted(amounts.items()) if amount)


def _cases(book: Book, party: str) -> Iterator[str]:
    """The deeds she did, those she reported for herself, the tasks she asked for or did, and what
    she fetched or was given."""
    for deed in book.store.scan(DeedRow):
        if party in _doers(deed) or (deed.reporter == party and _as_herself(book, deed)):
            yield deed.id
    for task in book.store.scan(TaskRow):
        if party in _people_of(task):
            yield task.id
    for row in book.store.scan(RedemptionRow):
        if party in (row.holder, row.doer, row.details.get("proxy", "")):
            yield row.id
    for case in book.store.find(AidCaseRow, "by_household", party):
        yield case.id
    for money in book.store.find(MoneyRow, "by_party", party):
        yield money.id
    for entry in book.store.scan(EntryRow):
        if entry.kind == "give" and Entry.from_bytes(entry.body).details.get("holder") == party:
            yield entry.subject


def _as_herself(book: Book, deed: DeedRow) -> bool:
    """Whether a report was made by a resident, and not by somebody holding an office."""
    first = book.store.find(EntryRow, "by_subject", deed.id, limit=1)
    return bool(first) and Entry.from_bytes(first[0].body).role == SELF


def drop_words(book: Book, subjects: Iterable[str], seqs: Iterable[int]) -> int:
    """Drop the words about these subjects, of each of their decisions, and of these entries."""
    places = [*subjects, *(f"e-{seq}" for seq in seqs)]
    found = {row.subject for place in places for row in (
        *book.store.find(Sealed, "", place),
        *book.store.find(Sealed, "", low=f"{place}#", high=f"{place}#~"))}
    for subject in found:
        book.store.drop(Sealed, subject)
    return len(found)


def _drop_credentials(book: Book, party: str) -> None:
    """Drop what a person showed and knew: her cards open nothing, and no PIN is left."""
    store = book.store
    for token in store.find(Token, "by_party", party):
        store.drop(Token, token.digest)
    store.drop(Pin, party)
    for row in store.find(Tries, "", f"pin:{party}"):
        store.drop(Tries, row.subject, row.device)


def blank(book: Book, seqs: Iterable[int], marks: frozenset[bytes]) -> int:
    """Blank what the register keeps of requests: of these entries, and of any that said one of
    these things. The keys stay used."""
    wanted = frozenset(seqs)
    found = [row for row in book.store.scan(KeyRow) if row.digest and (
        row.seq in wanted or not marks.isdisjoint(_parts(row.digest)))]
    for row in found:
        book.store.put(attrs.evolve(row, digest=b"", facts={}))
    return len(found)


def _parts(digest: bytes) -> list[bytes]:
    return [digest[place:place + 8] for place in range(32, len(digest), 8)]


def _mentions(book: Book, telling: set[str]) -> list[str]:
    """The subjects whose words hold one of these texts."""
    found = []
    for row in book.store.scan(Sealed):
        text = canonical_bytes(row.details).decode()
        if any(value in text for value in telling):
            found.append(row.subject)
        if len(found) == MENTIONS_MAX:
            break
    return found
