"""Django on a SQLite file in WAL, for the peers that are applications of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def sqlite(place: Path, synchronous: str, apps: tuple[str, ...], **more: Any) -> None:
    """Set up with these applications and make their tables."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        DATABASES={"default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": str(place / "book"),
            "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL;"
                                        f"PRAGMA synchronous = {synchronous};"}}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True, **more)
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
