"""Verification: read the tree, fold the whole journal again, hold everything stored against it."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence

import attrs

from lovepoints.core.card_rows import CardRow, Pin, Token
from lovepoints.core.checkpoints import Kept, compare
from lovepoints.core.closing import close_root, fingerprint, pieced
from lovepoints.core.findings import PROBLEMS_MAX, Problem, Verification
from lovepoints.core.folding import Columns, Fold, read
from lovepoints.core.journal import (
    UNREADABLE,
    Entry,
    canonical_bytes,
    posting_id,
    sealed_digest,
)
from lovepoints.core.merkle import root_of
from lovepoints.core.rows import (
    Balance,
    CloseLeaf,
    EntryRow,
    KeyRow,
    Lot,
    Party,
    Person,
    PostingRow,
    Sealed,
    Secret,
)
from lovepoints.core.store import Store
from lovepoints.core.tables import TABLES
from lovepoints.core.tracing import Trace, trace
from lovepoints.core.verifying_awards import rate_again
from lovepoints.errors import BookDamaged, Code

__all__ = ["PROBLEMS_MAX", "Problem", "Verification", "verify"]

_CODES = frozenset(Code)


def verify(
    store: Store, *, against: Sequence[Kept] = (), only_tree: bool = False, rate: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Read every entry, check it, fold it, and compare all stored rows with the result.

    Found: a changed, missing, added or reordered entry; a leaf or tree that does not fit; a
    balance, lot or any other derived row that the entries do not give; a limit of an account
    broken after any entry; a remembered checkpoint that the journal no longer matches; a file
    whose pages or indexes contradict one another. `only_tree` stops after the bytes of the
    entries and their tree; `rate` has every award worked out again by the rulebook of its day,
    and whatever else moved.
    `against` are checkpoints that were kept outside.
    Not found without one: a journal rewritten whole, with all its hashes, and an older copy.
    """
    problems: list[Problem] = []
    rated = 0
    traced, folded = Trace(size=0, last=0, root=root_of(()), roots={}), None
    try:
        if not only_tree:
            problems += [Problem(0, "file", {"what": what}) for what in store.examine()]
        traced = trace(store, {kept.size for kept in against},
                       progress=progress if only_tree else None)
        problems += traced.problems
        if not only_tree:
            folded = _Audit(store, _limit(traced))
            folded.run(progress)
            problems += folded.problems
            if not problems:
                folded.compare()
                problems += folded.problems
            if rate:
                awards = rate_again(store, folded.fold.size, progress)
                problems += awards.problems
                rated = awards.rated
    except BookDamaged as error:
        problems.append(Problem(error.seq, "file", {"what": error.what}))
    entries = traced.size if only_tree or folded is None else folded.fold.size
    problems.sort(key=lambda one: one.seq or entries + 1)
    return Verification(
        entries=entries, root=_root(store, traced, entries), problems=tuple(problems), rated=rated,
        against=tuple(compare(kept, _origin(store), traced.last, traced.roots.get(kept.size))
                      for kept in against))


def _limit(traced: Trace) -> int:
    """The last entry that is worth folding: the one before the first bad leaf."""
    bad = [problem.seq for problem in traced.problems if problem.code == "leaf"]
    return min(bad) - 1 if bad else traced.size


def _root(store: Store, traced: Trace, entries: int) -> bytes:
    if entries == traced.size:
        return traced.root
    return root_of([leaf for piece in store.pieces(EntryRow, "seq", "leaf") for seq, leaf in piece
                    if seq <= entries])


def _origin(store: Store) -> str:
    """What the first entry calls the book; "" where it cannot be read."""
    try:
        first = store.get(EntryRow, 1)
        if first is None:
            return ""
        setting = Entry.from_bytes(first.body).details["rows"]["setting"][0]
        return f"lovepoints/{setting['value']['origin']}"
    except (BookDamaged, ValueError, TypeError, LookupError):
        return ""


@attrs.define
class _Audit:
    """The journal folded up to a limit, and what is stored beside it."""

    store: Store
    limit: int
    fold: Fold = attrs.field(factory=Fold)
    problems: list[Problem] = attrs.field(factory=list)

    def run(self, progress: Callable[[int], None] | None) -> None:
        """Fold entry after entry; stop where nothing that follows can be trusted."""
        for piece in self.store.pieces(EntryRow):
            first = self.fold.size
            goes_on = all(self._take(row) for row in piece)
            self._check_postings(first)
            if progress:
                progress(self.fold.size)
            if not goes_on:
                return

    def _take(self, row: Columns) -> bool:
        if row[0] > self.limit or row[0] != self.fold.size + 1 or \
                len(self.problems) >= PROBLEMS_MAX:
            return False
        out, found = read(row)
        if row[5] <= self.fold.recorded_at:
            found.append(Problem(row[0], "recorded_before"))
        self.problems += found
        if found or out is None:
            return False
        try:
            self.fold.take(out)
        except (BookDamaged, LookupError, TypeError, ValueError, AttributeError) as error:
            why = error.what if isinstance(error, BookDamaged) else str(error)
            self.problems.append(Problem(row[0], "not_foldable", {"why": why}))
            return False
        return True

    def _check_postings(self, before: int) -> None:
        """Compare the postings of a piece at once and let go of them, so that memory is flat."""
        low, high = posting_id(before + 1, 0), posting_id(self.fold.size + 1, 0) - 1
        folded = [one for one in self.fold.postings if one[0] <= high]
        self.fold.postings.clear()
        stored = [row for piece in self.store.pieces(PostingRow, low=low, high=high)
                  for row in piece] if self.fold.size > before else []
        if stored == folded:
            return
        odd = {row[0] >> 12 for row in {*stored} ^ {*folded}}
        self.problems += [Problem(seq, "postings") for seq in sorted(odd)]

    def compare(self) -> None:
        """Every derived row against its refolded one, and the sums that must hold."""
        self._check_tail()
        self._check_balances()
        self._check_lots()
        for table in TABLES:
            if rows := self.fold.rows.get(table.name):
                for piece in self.store.pieces(table.record):
                    for row in piece:
                        if wrong := rows.take(row):
                            self._note(wrong, table=table.name, row=rows.name(row))
                for name in rows.left():
                    self._note("row_missing", table=table.name, row=name)
        self._check_keys()
        self._check_sealed()
        self._check_closes()

    def _check_tail(self) -> None:
        """Nothing may be there that belongs to an entry after the last one."""
        if self.store.find(PostingRow, low=posting_id(self.fold.size + 1, 0), limit=1):
            self._note("postings_behind")

    def _check_balances(self) -> None:
        expected = {place: tuple(row) for place, row in self.fold.balances.items()}
        totals: dict[str, int] = {}
        for (_, unit), row in expected.items():
            totals[unit] = totals.get(unit, 0) + row[0]
        for unit, total in totals.items():
            if total:
                self._note("sum", unit=unit, total=total)
        for piece in self.store.pieces(Balance):
            for account, unit, *figures in piece:
                self._compare("balance", f"{account} {unit}",
                              expected.pop((account, unit), None), tuple(figures))
        for account, unit in expected:
            self._note("row_missing", table="balance", row=f"{account} {unit}")

    def _check_lots(self) -> None:
        expected, sums = self.fold.lots, dict.fromkeys(self.fold.balances, 0)
        has_lots = set()
        for _, account, unit, _, free, held, *_ in expected.values():
            for place, amount in (((account, unit), free), ((account + "/held", unit), held)):
                sums[place] = sums.get(place, 0) + amount
                has_lots.add(place)
        for account, unit in has_lots:
            if self.fold.balances.get((account, unit), [0])[0] != sums[account, unit]:
                self._note("lots", account=account, unit=unit)
        for piece in self.store.pieces(Lot):
            for row in piece:
                self._compare("lot", str(row[0]), expected.pop(row[0], None), list(row))
        for lot in expected:
            self._note("row_missing", table="lot", row=str(lot))

    def _compare(self, table: str, name: str, folded: object, stored: object) -> None:
        if folded is None:
            self._note("row_unmade", table=table, row=name)
        elif folded != stored:
            self._note("row_differs", table=table, row=name)

    def _check_keys(self) -> None:
        """The register answers each caller's key with the entry that the key made.

        What a request said is kept as a digest under the book's own key; the part of it that
        speaks of the verb is worked out again, which shows a changed verb or secret. An erasure
        leaves an empty digest.
        """
        secret = self.store.get(Secret, "book")
        macs: dict[str, bytes] = {}
        for piece in self.store.pieces(KeyRow):
            for key, verb, digest, code, facts, seq, recorded_at in piece:
                if verb not in macs:
                    macs[verb] = _verb_mac(secret.value if secret else b"", verb)
                made = self.fold.keys.pop(key, None)
                fits = (seq, recorded_at) == made and not code and facts == "{}" if seq else (
                    made is None and code in _CODES)
                if not fits or (digest and digest[32:40] != macs[verb]):
                    self._note("key_differs", seq)
        for seq, _ in sorted(self.fold.keys.values()):
            self._note("key_missing", seq)

    def _check_sealed(self) -> None:
        """What people wrote is what was sealed, and every name leads to its own pseudonym.

        A subject without a row was erased, which proves nothing and disturbs nothing; but who
        has a name still has the sealed words that gave it, and the other way round.
        """
        for row in self.store.scan(Sealed):
            if self.fold.seals.get(row.subject) != sealed_digest(row.key, row.details):
                self._note("sealed", subject=row.subject)
            if "code" in row.details and self.store.get(Person, row.subject) is None:
                self._note("party", party=row.subject)
        for person in self.store.scan(Person):
            sealed, party = self.store.get(Sealed, person.id), self.store.get(Party, person.id)
            if sealed is None or sealed.details.get("code") != person.code:
                self._note("code", party=person.id)
            elif party is None or party.kind != person.kind or person.details:
                self._note("party", party=person.id)
        self._check_credentials()

    def _check_credentials(self) -> None:
        """Every token and every PIN is the one that an entry speaks of."""
        for token in self.store.scan(Token):
            card = self.store.get(CardRow, token.card)
            digest = sealed_digest(token.key, {"token": token.digest})
            if self.fold.seals.get(token.card) != digest or card is None or (
                    card.party != token.party):
                self._note("sealed", subject=token.card)
        for pin in self.store.scan(Pin):
            if self.fold.seals.get(subject := f"pin:{pin.party}") != pin.seal:
                self._note("sealed", subject=subject)

    def _check_closes(self) -> None:
        """What a close counted is what the passbooks held then, each with the salt of then."""
        wanted = dict(self.fold.closes)
        for seq in {row[0] for piece in self.store.pieces(CloseLeaf, "seq", "holder", "part")
                    for row in piece} | wanted.keys():
            rows = self.store.find(CloseLeaf, "", seq)
            if wanted.get(seq) != _counted(rows):
                self._note("close", seq)

    def _note(self, code: str, seq: int = 0, /, **facts: int | str) -> None:
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(seq, code, facts))


def _counted(rows: Sequence[CloseLeaf]) -> tuple[str, int, bytes]:
    """What the leaves of a close come to: root, number, fingerprint of what was counted."""
    try:
        return close_root(rows).hex(), len(rows), fingerprint(pieced(rows))
    except UNREADABLE:
        return "", 0, b""


def _verb_mac(secret: bytes, verb: str) -> bytes:
    """The part of a request's digest that speaks of its verb; see `desks/command.py`."""
    return hmac.digest(secret, canonical_bytes({"name": "verb", "value": verb}), "sha256")[:8]
