"""A program with a database of its own takes the points into its own transaction.

The back end of a mini-program keeps orders in SQLite. It hands its live connection to lovepoints,
which keeps its tables (`lovepoints_...`) in the same file and never commits: when the program
commits, its order and the redemption become durable together; when it rolls back, both are gone,
and the key of the call is free again. The same with SQLAlchemy stands at the end, and is run
where SQLAlchemy is installed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lovepoints as lp
from lovepoints import testing

RULES = Path(__file__).with_name("rulebooks") / "first.toml"
CLOCK = testing.FakeClock("2026-03-07 09:00")


def main() -> None:
    """Play the story on the connection of a host program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "miniprogram.db"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("CREATE TABLE purchase (number TEXT PRIMARY KEY, redemption TEXT)")
        prepare(connection)
        order(connection, "A-1", fails=False)
        order(connection, "A-2", fails=True)
        show(connection)
        connection.close()
        if find_spec("sqlalchemy") and with_sqlalchemy(path) != 4:
            raise SystemExit("SQLAlchemy did not see what was written")


def prepare(connection: sqlite3.Connection) -> None:
    """Found the community in the host's database, in one transaction of the host."""
    connection.execute("BEGIN IMMEDIATE")
    lp.create(connection, name="幸福社区", admin="staff:zhao", clock=CLOCK,
              random=testing.seeded(1))
    with opened(connection) as community:
        community.rulebooks.adopt(RULES)
        community.residents.appoint("app:shop", role="kiosk")
        community.residents.enrol("0421", name="秀英", household="3-2-501")
        community.books.opening("0421", 20)
        community.shop.stock("soap", title="肥皂", price=5)
        community.shop.receive("soap", 10)
    connection.execute("COMMIT")


def opened(connection: Any) -> lp.Community:  # Any: a connection of any DB-API driver of SQLite
    """The community inside the host's connection; closing it leaves the connection open."""
    return lp.open(connection, by="staff:zhao", clock=CLOCK, random=testing.seeded(2))


def order(connection: sqlite3.Connection, number: str, *, fails: bool) -> None:
    """One order: two soaps and a row of the host's own, together or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        with opened(connection) as community:
            redemption = community.shop.redeem(
                {"soap": 2}, holder="0421", by="app:shop", key=f"order-{number}")
        print(f"{number}: {redemption.id} for {redemption.points} points, not yet durable")
        connection.execute("INSERT INTO purchase VALUES (?, ?)", (number, redemption.id))
        if fails:
            raise RuntimeError("the payment service did not answer")
        connection.execute("COMMIT")
        print(f"{number}: the host commits; order and redemption are durable")
    except RuntimeError as error:
        connection.execute("ROLLBACK")
        print(f"{number}: {error}; the host rolls back")


def show(connection: sqlite3.Connection) -> None:
    """What is left: the host's rows and the passbook agree."""
    with opened(connection) as community:
        print(f"orders: {connection.execute('SELECT number FROM purchase').fetchall()}")
        print(f"passbook: {community.passbooks['0421'].balance}")
        print(f"on the shelf: {community.shop.item('soap').free}")
        print(f"sound: {community.books.check().is_sound}")


def with_sqlalchemy(path: Path) -> int:
    """The same inside a SQLAlchemy transaction; how many soaps were fetched after it."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"sqlite:///{path}")
    # pysqlite's own BEGIN comes late; let SQLAlchemy say it, and take the write lock at once.
    sqlalchemy.event.listen(
        engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    sqlalchemy.event.listen(
        engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        with opened(driver) as community:
            redemption = community.shop.redeem({"soap": 2}, holder="0421", key="order-A-3")
        connection.execute(sqlalchemy.text("INSERT INTO purchase VALUES ('A-3', :id)"),
                           {"id": redemption.id})
    with engine.connect() as connection, opened(connection.connection.driver_connection) as again:
        fetched = sum(line.handed for one in again.shop.of("0421") for line in one.lines)
    engine.dispose()
    return fetched


if __name__ == "__main__":
    main()
