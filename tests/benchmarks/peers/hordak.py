"""django-hordak: a transfer an award, in a transaction; SQLite in WAL, FULL.

Its migrations know PostgreSQL and MySQL only. Its tables are made without them here, so that the
triggers which would check a transfer are not there: that makes it quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import django_on
from tests.benchmarks.workload import Deed, code_of, residents

VERSION = version("django-hordak")


def begin(place: Path, size: int) -> dict[str, Callable[[Sequence[Deed]], Any]]:
    """An account for what was issued, and one for each resident."""
    django_on.sqlite(place, "FULL", apps=("mptt", "hordak"), DEFAULT_CURRENCY="CNY",
                     CURRENCIES=["CNY"], MIGRATION_MODULES={"hordak": None})
    from django.db import transaction
    from django.db.models import Sum
    from hordak.models import Account, AccountType, Leg
    from moneyed import Money

    issued, *people = [
        Account.objects.create(name=name, code=str(code), type=kind, currencies=["CNY"])
        for code, (name, kind) in enumerate((
            ("issued", AccountType.income),
            *((code_of(one), AccountType.asset) for one in range(residents(size)))))]

    def awards(deeds: Sequence[Deed]) -> Callable[[], int]:
        for deed in deeds:
            with transaction.atomic():
                issued.transfer_to(people[deed.resident], Money(deed.points, "CNY"),
                                   description=deed.rule, date=deed.day)
        return lambda: int(Leg.objects.filter(account__in=people).aggregate(
            all=Sum("debit"))["all"])
    return {"": awards}
