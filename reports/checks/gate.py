"""What stands between a report and its sending: errors stop it, warnings need a word of explanation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from ..access import locked_report, previous_report
from ..dossier import Dossier, load
from ..enums import Severity, Verb
from ..evidence import evidence_of
from ..models import Explanation, Report, User
from ..text.typography import clean_lines
from . import Finding, check

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
        previous = _known(Report.objects.filter(pk=earlier.pk)) if earlier else None
    held = {evidence.subject for evidence in evidence_of(report)}
    words = {word.key: word for word in report.explanations.select_related("by")}
    return Verdict(tuple(Found(one, words.get(one.key)) for one in check(dossier, previous, held)))


def note_counts(locked: Report, dossier: Dossier) -> None:
    """Keep for the board how many errors and warnings the unit's page of checks shows.

    The caller holds the report's lock, and `dossier` was read under it.
    """
    held = {evidence.subject for evidence in evidence_of(locked)}
    severities = [finding.severity for finding in check(dossier, _before(locked), held)]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    if (locked.errors, locked.warnings) != (errors, warnings):
        Report.objects.filter(pk=locked.pk).update(errors=errors, warnings=warnings)
        locked.errors, locked.warnings = errors, warnings


def count_again(locked: Report) -> None:
    """`note_counts` of what was just written, for whoever has not read it yet."""
    note_counts(locked, load(locked))


@contextmanager
def counting(report: Report) -> Iterator[None]:
    """What is done inside may change what the checks find: it is counted in the same transaction."""
    with transaction.atomic():
        yield
        locked = Report.objects.select_for_update(of=("self",)).select_related("period")
        count_again(locked.get(pk=report.pk))


def _before(report: Report) -> Dossier | None:
    """The unit's report before this one, whoever may look at it."""
    earlier = Report.objects.filter(
        unit=report.unit_id, period__data_to__lt=report.period.data_to, revision__gt=0
    )
    return _known(earlier.order_by("-period__data_to"))


def _known(reports: QuerySet[Report]) -> Dossier | None:
    """The first of these reports as it stands; kept, so that asked again it costs one query."""
    state = reports.annotate(saved=Max("section_states__saved_at"))
    known = state.values_list(
        "pk", "revision", "saved", "outline__changed_at", "indicator_set__changed_at"
    ).first()
    return _read(*known) if known else None


@lru_cache(maxsize=64)
def _read(pk: int, *_state: object) -> Dossier:
    return load(pk)


def refuse_unready(report: Report, by: User) -> None:
    """NotYet while an error stands or a warning has no word; under the lock of the report's row."""
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


def explain(report: Report, words: dict[str, str], by: User, at: datetime | None = None) -> int:
    """Keep the clerk's words about warnings, by finding; an empty one takes its word away.

    Returns how many changed. Refused, Http404 as `access`.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT)
        present = {one.finding.key: one for one in verdict(locked, by).warnings}
        moment, kept, gone = at or timezone.now(), [], []
        for key, text in words.items():
            said = clean_lines(text, LONGEST_EXPLANATION)
            one = present.get(key)
            if one is None or (one.settled and one.word and one.word.text == said):
                continue
            about = one.finding.about
            if said:
                word = Explanation(report=locked, key=key, about=about, text=said, by=by, at=moment)
                kept.append(word)
            elif one.word is not None:
                gone.append(key)
        Explanation.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["report", "key"],
            update_fields=["about", "text", "by", "at"],
        )  # fmt: skip
        locked.explanations.filter(key__in=gone).delete()
    return len(kept) + len(gone)
