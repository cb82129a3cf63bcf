"""Write docs/rules.md from the rules themselves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.checks import RULES
from reports.enums import Severity

HEAD = """# The checks

Made by `./run manage document_rules` from `reports/checks/`; edit the rules, not this file.

Before a report is presented or sent, `checks.check` runs these rules over its dossier, the dossier of
the unit's report before and the names of what has evidence. An error stops the report. A warning needs
a word of explanation, kept under the finding's `key` (rule and field); it counts as long as the
finding's `about`, the values it is about, stays the same. A new rule: `architecture.md`, Recipes.
"""


def rules_text() -> str:
    parts = [HEAD]
    for severity in Severity:
        rules = [rule for rule in RULES if rule.severity == severity]
        parts.append(f"## {severity.name.capitalize()}s: {severity.label.lower()} ({len(rules)})\n")
        parts.append("| rule | demands | source |\n|---|---|---|")
        parts[-1] += "".join(f"\n| `{r.code}` | {r.demands} | {r.source} |" for r in rules) + "\n"
    return "\n".join(parts)


class Command(BaseCommand):
    help = "Ghi docs/rules.md từ các quy tắc kiểm tra."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "rules.md"
        path.write_text(rules_text(), "utf-8")
        self.stdout.write(f"Đã ghi {len(RULES)} quy tắc vào {path.name}.")
