"""Parts no larger than their wholes, and figures that cannot be without another."""

from collections.abc import Iterator
from typing import NamedTuple

from ..enums import Severity
from .case import Case, Problem, rule, say, say_value, sum_of, values_of


class Bound(NamedTuple):
    """Figures that together are a part of `whole`."""

    parts: tuple[str, ...]
    whole: str


def _bound(parts: str, whole: str) -> Bound:
    section = whole.partition(".")[0]
    return Bound(tuple(p if "." in p else f"{section}.{p}" for p in parts.split()), whole)


#: The part is counted among the whole, in the same time: by the definitions of both.
CERTAIN = (
    _bound("survey_forms_returned", "direction.survey_forms_sent"),
    _bound("documents_kept documents_to_amend", "institutional.documents_reviewed"),
    _bound("process_approved", "procedures.in_force"),
    _bound("process_digitised", "procedures.process_approved"),
    _bound("digitised", "procedures.received"),
    _bound("paid_online", "procedures.payable_online"),
    _bound("satisfaction_satisfied", "procedures.satisfaction_forms"),
    _bound("desk_officials_university", "procedures.desk_officials"),
    _bound("payroll_cut_since_2015", "organisation.payroll_base_2015"),
    _bound("outgoing_electronic outgoing_both", "egov.outgoing"),
    _bound("outgoing_signed", "egov.outgoing"),
    _bound("incoming_handled", "egov.incoming"),
    _bound("mailboxes_unused", "egov.mailboxes"),
    _bound("articles_on_reform", "egov.articles"),
)

#: As a rule; yet a thing of an earlier period may be counted in the part, or one of another unit.
USUAL = (
    _bound("instructions_handled", "direction.instructions_received"),
    _bound("inspection_findings_fixed", "direction.inspection_findings"),
    _bound("documents_handled", "institutional.documents_proposed"),
    _bound("one_stop", "procedures.in_force"),
    _bound("interlinked", "procedures.in_force"),
    _bound("military police", "procedures.in_force"),
    _bound("at_desk", "procedures.in_force"),
    _bound("publicly_listed", "procedures.in_force"),
    _bound("payment_integrated", "procedures.in_force"),
    _bound("newly_published", "procedures.in_force"),
    _bound("egov.offered_partial egov.offered_full", "procedures.in_force"),
    _bound("offered_level3 offered_level4", "egov.online_catalogue"),
    _bound("simplified", "procedures.reviewed"),
    _bound("awaiting_supplement", "procedures.pending"),
    _bound("returned_on_time", "procedures.resolved"),
    _bound("returned_direct returned_by_post", "procedures.resolved"),
    _bound("published_on_portal", "procedures.resolved"),
    _bound("published_on_site", "procedures.resolved"),
    _bound("land_on_time construction_on_time", "procedures.resolved"),
    _bound("returned_level3", "procedures.received_level3"),
    _bound("returned_level4", "procedures.received_level4"),
    _bound("returned_partial", "procedures.received_partial"),
    _bound("returned_full", "procedures.received_full"),
    _bound("feedback_handled", "procedures.feedback_received"),
    _bound("payroll_present", "organisation.payroll_assigned"),
    _bound("audit_carried_out", "finance.audit_recommendations"),
    _bound("personnel_files_digitised", "civil_service.headcount"),
    _bound("disciplined", "civil_service.headcount"),
    _bound("egov.accounts", "civil_service.headcount"),
    _bound("egov.mailboxes", "civil_service.headcount"),
    _bound("egov.certificates", "civil_service.headcount"),
)


@rule(Severity.ERROR)
def part_above_whole(case: Case) -> Iterator[Problem]:
    """A part is no larger than the whole it is counted among.

    bounds.CERTAIN, by how the figures are counted (models/sections).
    """
    for bound in CERTAIN:
        yield from _above(case, bound, "Sửa một trong hai số.")


@rule(Severity.WARNING)
def part_unusually_above_whole(case: Case) -> Iterator[Problem]:
    """A figure is no larger than the one it is as a rule a part of.

    bounds.USUAL; what comes from an earlier period or another unit is explained.
    """
    for bound in USUAL:
        yield from _above(
            case, bound, "Kiểm tra lại hai số; nếu gồm cả số kỳ trước hoặc nơi khác, giải trình."
        )


def _above(case: Case, bound: Bound, fix: str) -> Iterator[Problem]:
    whole, numbers = case.number(bound.whole), case.numbers(bound.parts)
    if whole is None or not numbers or sum(numbers.values()) <= whole:
        return
    yield Problem(
        *case.place(next(iter(numbers))),
        f"{case.labels(numbers)}: {sum_of(numbers)}, lớn hơn {case.label(bound.whole)} đang ghi "
        f"{say_value(case.dossier.value(bound.whole))}.",
        fix,
        values_of(whole, *numbers.values()),
    )


class Need(NamedTuple):
    """A figure above 0 needs one of these above 0."""

    figure: str
    causes: tuple[str, ...]


def _need(figure: str, causes: str) -> Need:
    return Need(figure, tuple(causes.split()))


#: Nobody attends what was not held.
CERTAIN_NEEDS = (
    _need("direction.propaganda_participants", "direction.propaganda_conferences"),
    _need("institutional.participants", "institutional.conferences"),
    _need("civil_service.training_participants", "civil_service.training_courses"),
)

#: As a rule; the cause may lie in an earlier period.
USUAL_NEEDS = (
    _need("direction.inspection_findings",
          "direction.inspections_planned direction.inspections_unplanned"),
    _need("direction.plan_tasks_planned", "direction.plan_main_tasks"),
    _need("civil_service.disciplined", "civil_service.violations"),
    _need("procedures.apologies",
          "procedures.overdue procedures.resolved_late procedures.pending_overdue"),
)  # fmt: skip


@rule(Severity.ERROR)
def result_without_cause(case: Case) -> Iterator[Problem]:
    """Nothing has participants that was answered 0 or "không phát sinh".

    bounds.CERTAIN_NEEDS, by how the figures are counted (models/sections).
    """
    for need in CERTAIN_NEEDS:
        yield from _without(case, need, "Sửa một trong hai số.")


@rule(Severity.WARNING)
def result_unusually_without_cause(case: Case) -> Iterator[Problem]:
    """A figure above 0 does not stand beside its usual cause answered 0 or "không phát sinh".

    bounds.USUAL_NEEDS; what comes from an earlier period is explained.
    """
    for need in USUAL_NEEDS:
        yield from _without(case, need, "Kiểm tra lại; nếu là việc của kỳ trước, giải trình.")


def _without(case: Case, need: Need, fix: str) -> Iterator[Problem]:
    number, causes = case.number(need.figure), case.numbers(need.causes)
    if not number or not causes or any(causes.values()):
        return
    answers = "; ".join(
        f"{case.label(code)} đang ghi {say_value(case.dossier.value(code))}" for code in causes
    )
    yield Problem(
        *case.place(need.figure),
        f"{case.label(need.figure)} là {say(number)}, nhưng {answers}.",
        fix,
        values_of(number, *causes.values()),
    )


@rule(Severity.WARNING)
def late_without_apology(case: Case) -> Iterator[Problem]:
    """Where dossiers were late, citizens were apologised to.

    Nghị định 61/2018/NĐ-CP, Điều 19; Nghị định 118/2025/NĐ-CP since 01/7/2025: phiếu xin lỗi.
    """
    late = case.numbers(("procedures.resolved_late", "procedures.pending_overdue"))
    apologies = case.number("procedures.apologies")
    if apologies is None or sum(late.values()) <= apologies:
        return
    yield Problem(
        *case.place("procedures.apologies"),
        f"Hồ sơ quá hạn: {sum_of(late)}; số trường hợp đã công khai xin lỗi đang ghi "
        f"{say_value(case.dossier.value('procedures.apologies'))}.",
        "Bổ sung số trường hợp đã xin lỗi, hoặc giải trình lý do.",
        values_of(apologies, *late.values()),
    )
