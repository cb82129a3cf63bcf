"""A database of one's own, for tests, servers and racers: a file, or one beside the tests' on PostgreSQL."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class OwnDatabase:
    """With it: the address of a database, gone afterwards.

    On SQLite the file `portal.sqlite3` of the folder `home`, whether or not it is there yet. On PostgreSQL
    `name`, on the server of `url`: empty, or a copy of the database `template`.
    """

    def __init__(self, home: Path, name: str, url: str, template: str = "") -> None:
        self.home, self.name, self.url, self.template = home, name, url, template

    def __enter__(self) -> str:
        if not on_postgres(self.url):
            return f"sqlite:///{self.home / 'portal.sqlite3'}"
        run(self.url, f'DROP DATABASE IF EXISTS "{self.name}"')  # of a run that was killed
        copied = f' TEMPLATE "{self.template}"' if self.template else ""
        run(self.url, f'CREATE DATABASE "{self.name}"{copied}')
        return urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        if on_postgres(self.url):
            drop(self.url, self.name)


def tested() -> str:
    """The address of the database that the tests run on; "" for the settings' own, a file."""
    return os.environ.get("DATABASE_URL", "")


def on_postgres(url: str) -> bool:
    return url.startswith("postgres")


def drop(url: str, name: str) -> None:
    """Remove a database of PostgreSQL if it is there, whoever still uses it."""
    run(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(url: str, statement: str, *values: str) -> list[Any]:
    """One statement outside any transaction; the rows that it answers."""
    import psycopg2

    link = psycopg2.connect(url)
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()
