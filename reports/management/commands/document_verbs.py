"""Write the table of reverses in docs/architecture.md from the table of verbs."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.verbs import VERBS, VerbFacts

ARCHITECTURE: Path = settings.BASE_DIR / "docs" / "architecture.md"
HEAD = "| verb | reverse | why, or where it stands |\n|---|---|---|\n"


def table_of_reverses() -> str:
    """One line a verb, as markdown."""
    return HEAD + "".join(map(_line, VERBS.values()))


def _line(facts: VerbFacts) -> str:
    reverse = f"`{facts.reverse}`" if facts.reverse else "–"
    return f"| `{facts.verb}` | {reverse} | {facts.reverse_note} |\n"


class Command(BaseCommand):
    help = "Ghi bảng việc ngược lại trong docs/architecture.md từ bảng các việc."

    def handle(self, *args: Any, **options: Any) -> None:
        text = ARCHITECTURE.read_text("utf-8")
        written = re.sub(re.escape(HEAD) + r"(\|.*\n)*", lambda _: table_of_reverses(), text)
        ARCHITECTURE.write_text(written, "utf-8")
        self.stdout.write(f"Đã ghi {len(VERBS)} việc vào {ARCHITECTURE.name}.")
