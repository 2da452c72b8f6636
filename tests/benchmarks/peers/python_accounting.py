"""python-accounting: a posted journal entry an award; SQLite in WAL, NORMAL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from python_accounting.config import config

from tests.benchmarks.workload import Deed, code_of, residents

VERSION = version("python-accounting")


def begin(place: Path, size: int) -> dict[str, Callable[[Sequence[Deed]], Any]]:
    """An entity; an account for what was issued, and one for each resident."""
    config.configure_database(url=f"sqlite:///{place / 'book'}")
    from python_accounting.database.engine import engine
    from python_accounting.database.session import get_session
    from python_accounting.models import (
        Account,
        Base,
        Currency,
        Entity,
        Ledger,
        LineItem,
    )
    from python_accounting.transactions import JournalEntry
    from sqlalchemy import event, func, select

    @event.listens_for(engine, "connect")
    def _(connection: Any, __: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    Base.metadata.create_all(engine)
    session = get_session(engine)
    entity = Entity(name="community")
    session.add(entity)
    session.commit()
    currency = Currency(name="points", code="PTS", entity_id=entity.id)
    session.add(currency)
    session.commit()
    accounts = [Account(name=name, account_type=kind, currency_id=currency.id, entity_id=entity.id)
                for name, kind in (
                    ("issued", Account.AccountType.OPERATING_EXPENSE),
                    *((code_of(one), Account.AccountType.CURRENT_LIABILITY)
                      for one in range(residents(size))))]
    session.add_all(accounts)
    session.commit()
    entity_id, issued, *people = entity.id, *(one.id for one in accounts)

    def awards(deeds: Sequence[Deed]) -> Callable[[], int]:
        for deed in deeds:
            award = JournalEntry(
                narration=deed.rule, transaction_date=datetime.combine(deed.day, time(20)),
                account_id=people[deed.resident], entity_id=entity_id)
            session.add(award)
            session.flush()
            line = LineItem(narration=deed.rule, account_id=issued, amount=deed.points,
                            entity_id=entity_id)
            session.add(line)
            session.flush()
            award.line_items.add(line)
            session.add(award)
            award.post(session)
            session.commit()
        return lambda: int(session.scalar(select(func.sum(Ledger.amount)).where(
            Ledger.post_account_id.in_(people))))
    return {"": awards}
