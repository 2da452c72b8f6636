"""django-ledger: a posted journal entry an award; SQLite in WAL, NORMAL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import django_on
from tests.benchmarks.workload import Deed, code_of, residents

VERSION = version("django-ledger")


def begin(place: Path, size: int) -> dict[str, Callable[[Sequence[Deed]], Any]]:
    """An entity with a ledger; an account for what was issued, and one for each resident."""
    django_on.sqlite(place, "NORMAL", apps=("django_ledger",))
    from django.contrib.auth import get_user_model
    from django.db.models import Sum
    from django_ledger.io import roles
    from django_ledger.models import EntityModel
    from django_ledger.models.transactions import TransactionModel

    entity = EntityModel.create_entity(
        name="community", use_accrual_method=True, fy_start_month=1,
        admin=get_user_model().objects.create_user("zhao"))
    entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="points")
    issued, *people = [
        entity.create_account(code=code, role=role, name=name, balance_type=side,
                              active=True)
        for code, name, role, side in (
            ("6000", "issued", roles.EXPENSE_OPERATIONAL, "debit"),
            *((f"2{one:05}", code_of(one), roles.LIABILITY_CL_OTHER, "credit")
              for one in range(residents(size))))]
    ledger = entity.create_ledger(name="passbooks", posted=True)

    def awards(deeds: Sequence[Deed]) -> Callable[[], int]:
        for deed in deeds:
            ledger.commit_txs(
                je_timestamp=datetime.combine(deed.day, time(20), UTC), je_posted=True,
                je_desc=deed.rule, je_txs=[
                    {"account": account, "amount": deed.points, "tx_type": side,
                     "description": deed.rule}
                    for account, side in ((issued, "debit"), (people[deed.resident], "credit"))])
        return lambda: int(TransactionModel.objects.filter(account__in=people).aggregate(
            all=Sum("amount"))["all"])
    return {"": awards}
