"""Where one goes from a section's page: to the neighbours of the group in sight, and beyond them to other sections."""

from dataclasses import dataclass

from django.urls import reverse

from ..entry.layout import PageGroup
from ..enums import Section
from ..models import Report


@dataclass(frozen=True)
class Step:
    """Where one goes from here, as the bar at the foot names it: what kind of place, and its title."""

    kind: str
    title: str
    address: str


@dataclass(frozen=True)
class Steps:
    """The steps back and on, from what is in sight and (`section_…`) from the section as a whole."""

    before: Step | None
    after: Step
    section_before: Step | None
    section_after: Step


def steps(
    report: Report,
    pages: list[Section],
    section: Section,
    groups: tuple[PageGroup, ...],
    shown: PageGroup | None,
) -> Steps:
    """From a group to its neighbours; from the first and the last, and where all are in sight, to other sections."""
    section_before, section_after = between_sections(report, pages, pages.index(section))
    before, after = section_before, section_after
    if shown is not None:
        place = groups.index(shown)
        if place:
            before = to_group("Nhóm trước", groups[place - 1])
        if place + 1 < len(groups):
            after = to_group("Nhóm tiếp", groups[place + 1])
    return Steps(before, after, section_before, section_after)


def between_sections(
    report: Report, pages: list[Section], position: int
) -> tuple[Step | None, Step]:
    """The steps to the section before, if there is one, and to the one after or, from the last, to the whole paper."""
    before = to_section("Phần trước", report, pages[position - 1]) if position else None
    if position + 1 < len(pages):
        return before, to_section("Phần tiếp", report, pages[position + 1])
    return before, Step("Xem trước", "toàn văn", reverse("preview", args=[report.pk]))


def to_section(kind: str, report: Report, section: Section) -> Step:
    return Step(kind, section.label, section_address(report, section))


def to_group(kind: str, group: PageGroup) -> Step:
    return Step(kind, group.short_title, f"?nhom={group.slug}")


def section_address(report: Report, section: Section) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section.value})
