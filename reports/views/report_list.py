"""The list of a report's sections: numbered as the paper prints them, who filled each, what is left and what is wrong."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from ..catalogue.outlines import ItemFacts, OutlineFacts
from ..catalogue.questionnaire import REQUIRED_OF_PAPER
from ..checks import UNANSWERED, Finding
from ..checks.gate import Verdict
from ..compose.report import PLAIN_MARKERS, markers
from ..dossier import Dossier
from ..entry.progress import carried_in, incomplete_documents, progress, required_noun, sections_of
from ..enums import Progress, Section
from ..models import Paper, Report, SectionState, User
from ..text.numbers import format_count


@dataclass(frozen=True)
class Place:
    """One line of the list as the outline alone says it: a section, or a heading above several (`section` None).

    `number` is the paper's, with those above it: `II.2`; "" where it prints none. `below`: under a heading.
    """

    number: str
    section: Section | None
    title: str
    below: bool = False


@dataclass(frozen=True)
class SectionLine:
    """One section of a report.

    `answered` of `required` are counted as `entry.progress` does, `noun` names them; `carried` counts what awaits
    confirmation, `lacking` the documents without number or date, `missing` names what the paper's frame lacks.
    `findings` are the errors that the checks found in it, none where they were not run.
    """

    section: Section
    progress: Progress
    answered: int
    required: int
    carried: int
    state: SectionState | None
    noun: str = "số liệu"
    lacking: int = 0
    missing: tuple[str, ...] = ()
    number: str = ""
    below: bool = False
    writer: str = ""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def wrong(self) -> list[Finding]:
        """The errors in what was answered."""
        return [finding for finding in self.findings if finding.rule not in UNANSWERED]

    @property
    def saved_at(self) -> datetime | None:
        return self.state.saved_at if self.state else None

    @property
    def unanswered(self) -> int:
        return self.required - self.answered

    @property
    def blank(self) -> int:
        """How many titles of the section would be printed with nothing under them, all else being answered."""
        if self.unanswered or self.carried:
            return 0
        return len(self.findings) - len(self.wrong)

    @property
    def complete(self) -> bool:
        return self.progress == Progress.COMPLETE and not self.findings

    @property
    def to_do(self) -> bool:
        """Whether something must still be done here before the report may go."""
        return bool(self.findings or self.unanswered or self.carried)

    @property
    def anchor(self) -> str:
        """Where on its page the first error is: `#id_…`; "" without one, or when it is about the whole page."""
        first = next(iter([*self.wrong, *self.findings]), None)
        return f"#id_{first.name}" if first and first.name else ""

    @property
    def name(self) -> str:
        """How the section is called in a sentence: `II.2`, or by its title where the paper has no number for it."""
        return self.number or self.section.label

    @property
    def title(self) -> str:
        """`II.2. Cải cách thủ tục hành chính`."""
        return f"{self.number}. {self.section.label}" if self.number else self.section.label

    @property
    def shape(self) -> str:
        """The class of its state, as `status.css` draws it."""
        if self.wrong or self.progress == Progress.ERRORS:
            return "errors"
        if self.complete and self.lacking:
            return "warned"
        return "begun" if self.blank else self.progress.value

    @property
    def left(self) -> str:
        """What is left to do, for the list: `1 lỗi, còn 4 ô`."""
        return self._left("ô")

    @property
    def why(self) -> str:
        """What is left to do, for a sentence: `1 lỗi, còn 4 số liệu bắt buộc`."""
        if self.progress == Progress.EMPTY and not self.wrong:
            asked = f", {format_count(self.required)} {self.noun} bắt buộc" if self.required else ""
            return Progress.EMPTY.label.lower() + asked
        told = self._left(f"{self.noun} bắt buộc")
        return told[:1].lower() + told[1:]

    @property
    def rest(self) -> str:
        """What is left to do beside that, for the line below; "" for most."""
        return ", ".join(self._parts("ô")[2:])

    def _left(self, unit: str) -> str:
        parts = self._parts(unit)
        if not parts:
            return (Progress.COMPLETE if self.complete else self.progress).label
        told = ", ".join(parts[:2])  # what presses most
        return told[:1].upper() + told[1:]

    def _parts(self, unit: str) -> list[str]:
        """Everything that is left to do, what presses most first."""
        if self.progress == Progress.EMPTY and not self.wrong:
            return [Progress.EMPTY.label]
        left = [f"{format_count(len(self.wrong))} lỗi"] if self.wrong else []
        if not self.wrong and self.progress == Progress.ERRORS:
            left.append(Progress.ERRORS.label.lower())
        if self.missing:
            left.append(f"thiếu {', '.join(self.missing)}")
        elif self.unanswered:
            left.append(f"còn {format_count(self.unanswered)} {unit}")
        if self.blank:
            left.append(f"{format_count(self.blank)} mục chưa có nội dung")
        if self.carried:
            left.append(f"{format_count(self.carried)} nội dung chưa xác nhận")
        if self.lacking:
            left.append(f"{format_count(self.lacking)} văn bản thiếu số, ngày")
        return left


@dataclass(frozen=True)
class ReportList:
    """The lines of a report in the order of the paper: `rows` with the headings between them."""

    rows: list[Place | SectionLine]
    lines: list[SectionLine]

    @property
    def done(self) -> int:
        return sum(line.complete for line in self.lines)

    @property
    def carried(self) -> int:
        return sum(line.carried for line in self.lines)


def report_list(report: Report, dossier: Dossier, verdict: Verdict | None) -> ReportList:
    """The list of a report; `verdict` is what the checks found, None where they are not asked. One query."""
    states = {state.section: state for state in report.section_states.select_related("saved_by")}
    rows: list[Place | SectionLine] = []
    for place in places(dossier.outline, tuple(sections_of(dossier))):
        if place.section is None:
            rows.append(place)
        else:
            rows.append(_line(dossier, place, place.section, states.get(place.section), verdict))
    return ReportList(rows, [row for row in rows if isinstance(row, SectionLine)])


def _line(
    dossier: Dossier, place: Place, section: Section, state: SectionState | None,
    verdict: Verdict | None,
) -> SectionLine:  # fmt: skip
    errors = [result.finding for result in verdict.errors] if verdict else []
    return SectionLine(
        section, *progress(dossier, section), len(carried_in(dossier, section)), state,
        noun=required_noun(dossier, section),
        lacking=len(incomplete_documents(dossier, section)),
        missing=_missing_of_frame(dossier) if section == Section.PAPER else (),
        number=place.number,
        below=place.below,
        writer=short_name(state.saved_by, dossier) if state and state.saved_by else "",
        findings=tuple(finding for finding in errors if finding.section == section),
    )  # fmt: skip


def _missing_of_frame(dossier: Dossier) -> tuple[str, ...]:
    """What the frame of the paper must name and does not: `địa danh`."""
    facts = vars(dossier.paper)
    return tuple(
        Paper.label(name).lower() for name in REQUIRED_OF_PAPER if not str(facts[name]).strip()
    )


def short_name(person: User | str, dossier: Dossier) -> str:
    """A person of the unit without its name, which the page says already: `Công chức Văn phòng`."""
    return str(person).removesuffix(str(dossier.unit)).rstrip(" ,") or str(person)


# --- the numbers of the paper -----------------------------------------------------------------------


@lru_cache(maxsize=64)
def places(outline: OutlineFacts, sections: tuple[Section, ...]) -> tuple[Place, ...]:
    """The sections in the order of the paper, and the headings that stand above several of them.

    A section is where its first title of its own is. One that has none in the text is answered for the appendix: it
    stands before the section that follows it, under the title that sends its reader there.
    """
    numbers, spans = _numbers(outline), _spans(outline)
    shared = {code for code, spanned in spans.items() if len(spanned) > 1}
    own = {
        item.section: position
        for position, item in reversed(list(enumerate(outline.items)))
        if item.title and numbers[item.code] and item.code not in shared
    }
    homeless = [
        section for section in sections
        if section not in own and section not in (Section.APPENDIX, Section.PAPER)
    ]  # fmt: skip
    if homeless:
        shared |= {i.code for i in outline.items if i.section == Section.APPENDIX and not i.parent}
        own.pop(Section.APPENDIX, None)
    found = [
        (float(position), Place(numbers[item.code], None, item.title.rstrip(" .:")))
        for position, item in enumerate(outline.items)
        if item.code in shared and item.title
    ]
    end = float(len(outline.items))
    for section in sections:
        if section in own:
            item = outline.items[own[section]]
            place = Place(numbers[item.code], section, section.label, item.parent in shared)
            found.append((own[section], place))
        elif section in homeless:
            later = sections[sections.index(section) :]
            before = min((own[other] for other in later if other in own), default=end)
            found.append((before - 0.5, Place("", section, section.label, below=True)))
        else:
            found.append((end, Place("", section, section.label)))
    return tuple(place for _, place in sorted(found, key=lambda pair: pair[0]))


def _numbers(outline: OutlineFacts) -> dict[str, str]:
    """The number of each item with those of the items above it: `II.2`."""
    numbers: dict[str, str] = {}
    for item, style, marker in markers(outline):
        own = "" if style in PLAIN_MARKERS else marker.rstrip(".)")
        above = "" if style == "decimal" else numbers.get(item.parent, "")
        numbers[item.code] = ".".join(filter(None, (above, own))) if own else ""
    return numbers


def _spans(outline: OutlineFacts) -> dict[str, set[Section]]:
    """The sections that stand under each item, its own among them."""
    by_code: dict[str, ItemFacts] = {item.code: item for item in outline.items}
    spans: dict[str, set[Section]] = {}
    for item in outline.items:
        code = item.code
        while code:
            spans.setdefault(code, set()).add(item.section)
            code = by_code[code].parent
    return spans


def with_something_written(listed: ReportList) -> ReportList:
    """The list of a report that is not owed: what was written before stays in sight."""
    lines = [line for line in listed.lines if line.state and line.state.version]
    return ReportList([*lines], lines)
