"""The gate before a report is presented or sent: errors stop it, warnings need an explanation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from ..access import locked_report, previous_report
from ..dossier import Dossier, load
from ..enums import Section, Severity, Verb
from ..evidence import evidence_of
from ..models import Explanation, Report, User
from ..text.typography import clean_lines
from . import Finding, check
from .required import figure_required
from .structure import heading_without_text

LONGEST_EXPLANATION = 2000


class NotYet(Exception):
    """Something is missing before this can be done; `problems` say what, one sentence each.

    `field` names the field of the form that they are about; "" when they are about none.
    """

    def __init__(self, problems: Sequence[str], field: str = "") -> None:
        self.problems, self.field = list(problems), field
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class CheckResult:
    """A finding and its explanation, if it has one; one given for other values is `outdated`."""

    finding: Finding
    explanation: Explanation | None = None

    @property
    def stops(self) -> bool:
        return self.finding.severity == Severity.ERROR

    @property
    def outdated(self) -> bool:
        return self.explanation is not None and self.explanation.about != self.finding.about

    @property
    def settled(self) -> bool:
        return not self.stops and self.explanation is not None and not self.outdated


@dataclass(frozen=True)
class SectionResults:
    """The results of one page of the report, those with one fix together.

    `missing` are required figures that nobody entered, when they are several, and with them `bare` the items that have
    no content for it; a single one stands among the `errors`.
    """

    section: Section
    results: list[CheckResult]

    @property
    def missing(self) -> list[CheckResult]:
        unanswered = self._of(figure_required.code)
        return unanswered if len(unanswered) > 1 else []

    @property
    def bare(self) -> list[CheckResult]:
        return self._of(heading_without_text.code) if self.missing else []

    @property
    def errors(self) -> list[tuple[str, list[CheckResult]]]:
        folded = [*self.missing, *self.bare]
        return by_fix([one for one in self.results if one.stops and one not in folded])

    @property
    def warnings(self) -> list[tuple[str, list[CheckResult]]]:
        return by_fix([one for one in self.results if not one.stops])

    @property
    def error_count(self) -> int:
        return sum(one.stops for one in self.results)

    @property
    def warning_count(self) -> int:
        return len(self.results) - self.error_count

    def _of(self, rule: str) -> list[CheckResult]:
        return [one for one in self.results if one.finding.rule == rule]


@dataclass(frozen=True)
class Verdict:
    """The results of all checks of a report."""

    results: tuple[CheckResult, ...]

    @property
    def errors(self) -> list[CheckResult]:
        return [result for result in self.results if result.stops]

    @property
    def warnings(self) -> list[CheckResult]:
        return [result for result in self.results if not result.stops]

    @property
    def by_section(self) -> list[SectionResults]:
        """The results page by page, in the order of the paper."""
        pages = groupby(self.results, key=lambda result: result.finding.section)
        return [SectionResults(section, list(results)) for section, results in pages]

    @property
    def unexplained(self) -> list[CheckResult]:
        return [result for result in self.warnings if not result.settled]

    @property
    def ready(self) -> bool:
        return not self.errors and not self.unexplained


def by_fix(results: list[CheckResult]) -> list[tuple[str, list[CheckResult]]]:
    """The results grouped by fix, so that each fix is printed once."""
    groups: dict[str, list[CheckResult]] = {}
    for result in results:
        groups.setdefault(result.finding.fix, []).append(result)
    return list(groups.items())


def verdict(
    report: Report, by: User, dossier: Dossier | None = None, previous: Dossier | None = None
) -> Verdict:
    """Run the checks and put each finding beside its explanation.

    The dossiers are loaded when they are not given: of `previous`, the last one that `by` may see.
    """
    dossier = dossier or load(report)
    if previous is None:
        earlier = previous_report(by, report)
        previous = _cached(Report.objects.filter(pk=earlier.pk)) if earlier else None
    with_evidence = {evidence.subject for evidence in evidence_of(report)}
    explanations = {given.key: given for given in report.explanations.select_related("by")}
    findings = check(dossier, previous, with_evidence)
    return Verdict(
        tuple(CheckResult(finding, explanations.get(finding.key)) for finding in findings)
    )


def note_counts(locked: Report, dossier: Dossier) -> list[Finding]:
    """Store on the report how many errors and warnings it has, as the unit's page of checks shows them.

    Returns the findings. The caller holds the report's lock, and `dossier` was read under it.
    """
    findings = present_findings(locked, dossier)
    severities = [finding.severity for finding in findings]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    if (locked.errors, locked.warnings) != (errors, warnings):
        Report.objects.filter(pk=locked.pk).update(errors=errors, warnings=warnings)
        locked.errors, locked.warnings = errors, warnings
    return findings


def present_findings(report: Report, dossier: Dossier) -> list[Finding]:
    """The findings of a report as it is now, against the unit's previous report whoever may see that."""
    with_evidence = {evidence.subject for evidence in evidence_of(report)}
    return check(dossier, _before(report), with_evidence)


def findings_without_evidence(report: Report, dossier: Dossier) -> list[Finding]:
    """`present_findings` for who does not ask about evidence; it is not looked up."""
    return check(dossier, _before(report))


def count_again(locked: Report) -> None:
    """`note_counts` after a write, for a caller who has not loaded the dossier again."""
    note_counts(locked, load(locked))


@contextmanager
def counting(report: Report) -> Iterator[None]:
    """Count the findings again after the block, in the block's transaction, under the report's lock."""
    with transaction.atomic():
        yield
        locked = Report.objects.select_for_update(of=("self",)).select_related("period")
        count_again(locked.get(pk=report.pk))


def _before(report: Report) -> Dossier | None:
    """The unit's previous report, whoever may see it; None when there is none."""
    earlier = Report.objects.filter(
        unit=report.unit_id, period__data_to__lt=report.period.data_to, revision__gt=0
    )
    return _cached(earlier.order_by("-period__data_to"))


def _cached(reports: QuerySet[Report]) -> Dossier | None:
    """The first of these reports, from a cache by its last change: a repeated call costs one query."""
    state = reports.annotate(saved=Max("section_states__saved_at"))
    identity = state.values_list(
        "pk", "revision", "saved", "outline__changed_at", "indicator_set__changed_at"
    ).first()
    return _read(*identity) if identity else None


@lru_cache(maxsize=64)
def _read(pk: int, *_state: object) -> Dossier:
    return load(pk)


def refuse_unready(report: Report, by: User) -> None:
    """Raise NotYet while there are errors or unexplained warnings. The caller holds the report's lock."""
    dossier = load(report)
    checked = verdict(report, by, dossier)
    note_counts(report, dossier)
    problems = []
    if checked.errors:
        problems.append(f"Còn {len(checked.errors)} lỗi phải sửa trước khi gửi.")
    if checked.unexplained:
        problems.append(f"Còn {len(checked.unexplained)} cảnh báo chưa có lời giải trình.")
    if problems:
        raise NotYet(problems)


def explain(report: Report, texts: dict[str, str], by: User, at: datetime | None = None) -> int:
    """Store explanations of warnings, `texts` by the finding's key; an empty text deletes one.

    Returns how many changed. Raises Refused and Http404 as `access` does.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT)
        present = {result.finding.key: result for result in verdict(locked, by).warnings}
        moment, saved, emptied = at or timezone.now(), [], []
        for key, typed in texts.items():
            text = clean_lines(typed, LONGEST_EXPLANATION)
            result = present.get(key)
            if result is None:
                continue
            earlier, about = result.explanation, result.finding.about
            if result.settled and earlier and earlier.text == text:
                continue
            if text:
                saved.append(
                    Explanation(report=locked, key=key, about=about, text=text, by=by, at=moment)
                )
            elif earlier is not None:
                emptied.append(key)
        Explanation.objects.bulk_create(
            saved, update_conflicts=True, unique_fields=["report", "key"],
            update_fields=["about", "text", "by", "at"],
        )  # fmt: skip
        locked.explanations.filter(key__in=emptied).delete()
    return len(saved) + len(emptied)
