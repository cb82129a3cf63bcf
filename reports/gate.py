"""What stands between a report and its sending: errors stop it, warnings need a word of explanation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from .access import locked_report, previous_report
from .checks import Finding, check
from .dossier import Dossier, load
from .enums import Severity, Verb
from .evidence import evidence_of
from .models import Explanation, Report, User
from .vietnamese import clean_text

LONGEST_EXPLANATION = 2000


class NotYet(Exception):
    """Something is missing before this can be done; `problems` say what, one sentence each.

    `field` names the field of the form that they are about; "" when they are about none.
    """

    def __init__(self, problems: Sequence[str], field: str = "") -> None:
        self.problems, self.field = list(problems), field
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Found:
    """A finding and the word that explains it; a word about other values counts no more (`outdated`)."""

    finding: Finding
    word: Explanation | None = None

    @property
    def stops(self) -> bool:
        return self.finding.severity == Severity.ERROR

    @property
    def outdated(self) -> bool:
        return self.word is not None and self.word.about != self.finding.about

    @property
    def settled(self) -> bool:
        return not self.stops and self.word is not None and not self.outdated


@dataclass(frozen=True)
class Verdict:
    """All that the checks found in a report."""

    found: tuple[Found, ...]

    @property
    def errors(self) -> list[Found]:
        return [one for one in self.found if one.stops]

    @property
    def warnings(self) -> list[Found]:
        return [one for one in self.found if not one.stops]

    @property
    def errors_by_fix(self) -> list[tuple[str, list[Found]]]:
        return by_fix(self.errors)

    @property
    def warnings_by_fix(self) -> list[tuple[str, list[Found]]]:
        return by_fix(self.warnings)

    @property
    def unexplained(self) -> list[Found]:
        return [one for one in self.warnings if not one.settled]

    @property
    def ready(self) -> bool:
        return not self.errors and not self.unexplained


def by_fix(found: list[Found]) -> list[tuple[str, list[Found]]]:
    """Findings of one page and one advice together, so that the advice is said once."""
    groups: dict[tuple[str, object], list[Found]] = {}
    for one in found:
        groups.setdefault((one.finding.fix, one.finding.section), []).append(one)
    return [(fix, group) for (fix, _), group in groups.items()]


def verdict(
    report: Report, by: User, dossier: Dossier | None = None, previous: Dossier | None = None
) -> Verdict:
    """What the checks say now, beside the words given for it."""
    dossier = dossier or load(report)
    if previous is None:
        earlier = previous_report(by, report)
        previous = load(earlier) if earlier else None
    held = {evidence.subject for evidence in evidence_of(report)}
    words = {word.key: word for word in report.explanations.select_related("by")}
    return Verdict(tuple(Found(one, words.get(one.key)) for one in check(dossier, previous, held)))


def note_counts(report: Report, dossier: Dossier) -> None:
    """Keep how many errors and warnings the checks find, for the board; without the period before,
    whose reading would double the cost of a save."""
    held = {evidence.subject for evidence in evidence_of(report)}
    found = [one.severity for one in check(dossier, None, held)]
    _keep_counts(report, found.count(Severity.ERROR), found.count(Severity.WARNING))


def _keep_counts(report: Report, errors: int, warnings: int) -> None:
    if (report.errors, report.warnings) != (errors, warnings):
        report.errors, report.warnings = errors, warnings
        report.save(update_fields=["errors", "warnings"])


def refuse_unready(report: Report, by: User) -> None:
    """NotYet while an error stands or a warning has no word."""
    said = verdict(report, by)
    _keep_counts(report, len(said.errors), len(said.warnings))
    problems = []
    if said.errors:
        problems.append(f"Còn {len(said.errors)} lỗi phải sửa trước khi gửi.")
    if said.unexplained:
        problems.append(f"Còn {len(said.unexplained)} cảnh báo chưa có lời giải trình.")
    if problems:
        raise NotYet(problems)


def explain(report: Report, words: dict[str, str], by: User, at: datetime | None = None) -> int:
    """Keep the clerk's words about warnings, by finding; an empty one takes its word away.

    Returns how many changed. Refused, Http404 as `access`.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT)
        present = {one.finding.key: one for one in verdict(locked, by).warnings}
        changed = 0
        for key, text in words.items():
            said = clean_text(text, multiline=True)[:LONGEST_EXPLANATION]
            one = present.get(key)
            if one is None or (one.settled and one.word and one.word.text == said):
                continue
            if said:
                Explanation.objects.update_or_create(
                    report=locked, key=key,
                    defaults={"about": one.finding.about, "text": said, "by": by,
                              "at": at or timezone.now()},
                )  # fmt: skip
                changed += 1
            else:
                changed += locked.explanations.filter(key=key).delete()[0]
    return changed
