"""A database of one's own, for a server or for racers: a file, or one beside the tests' on PostgreSQL."""

import os
from pathlib import Path
from urllib.parse import urlsplit


class OwnDatabase:
    """With it: the address of an empty database, gone afterwards. `url` is the one the tests run on."""

    def __init__(self, home: Path, kind: str = "server", url: str = "") -> None:
        self.home, self.url = home, url or os.environ.get("DATABASE_URL", "")
        self.name = f"cchc_{kind}_{home.name}_{os.getpid()}"

    def __enter__(self) -> str:
        if not self.url.startswith("postgres"):
            return f"sqlite:///{self.home / 'portal.sqlite3'}"
        self._run(f'CREATE DATABASE "{self.name}"')
        return urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        if self.url.startswith("postgres"):
            self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg2

        link = psycopg2.connect(self.url)
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement)
        link.close()
