"""Saving a section: what can be read is written, what cannot and what conflicts is told."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import Http404, QueryDict
from django.utils import timezone

from .. import gate
from ..access import locked_report
from ..busy import Busy
from ..conflicts import Conflict, changed, conflicts, stale
from ..document import letters
from ..dossier import Dossier, load
from ..editing import Edits, Moved, save
from ..encodings import Encoding, convert, recognise
from ..entry import (
    Asked,
    IndicatorEntry,
    SectionEntry,
    ask,
    entry_text,
    indicator_entries,
    section_entry,
)
from ..enums import Section, Verb
from ..forms import PaperForm, SectionForm, TypedField, carried_name, cell_name, form_for
from ..layout import group_code, may_be_none
from ..lookalikes import replaced_words
from ..models import Report, SectionState, User
from ..page_texts import page_texts
from ..progress import asked_words, carried_in, progress, sections_of
from ..values import Value
from ..vietnamese import format_count, format_date
from .preview import live_figures, preview

#: How often a save reads again without a lock when somebody else wrote to the report at that very moment.
FREE_ATTEMPTS = 3
NOT_IN_FONT = "Phông chữ của văn bản không có ký hiệu {}; để nguyên thì khi in thành ô trống."
NOT_SAVED = "Báo cáo đang được nhiều người ghi cùng lúc nên nội dung vừa gửi chưa được lưu."
TWO_DIGIT_YEAR = re.compile(r"(?<!\d)\d{1,2}$")


@dataclass
class Outcome:
    """What became of a save: the report and what it holds now, and what was not written and why."""

    report: Report
    dossier: Dossier
    form: Any
    conflicts: list[Conflict] = field(default_factory=list)
    old: dict[str, "OldText"] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OldText:
    """Text of an old encoding, which waits for a person to say what it is; `text` is it in Unicode."""

    encoding: Encoding
    text: str


@dataclass(frozen=True)
class Unread:
    """What was typed into a field and was not written, and why."""

    typed: str
    problem: str
    old: bool = False


def read_and_save(posted: QueryDict, user: User, report: Report, section: Section) -> Outcome:
    """Save what can be read of what was posted. Refused, Http404 as `access`; Busy when it could not
    be written now.

    It is read without a lock, so that nobody waits for it; whoever is overtaken again and again locks
    the report first.
    """
    for _ in range(FREE_ATTEMPTS):
        with suppress(Moved, IntegrityError):  # somebody wrote at this very moment: read again
            return _read_and_save(posted, user, report, section)
    try:
        with transaction.atomic():
            locked_report(user, report.pk, Verb.EDIT, section)
            return _read_and_save(posted, user, report, section)
    except (Moved, IntegrityError) as error:
        raise Busy(NOT_SAVED) from error


def _read_and_save(posted: QueryDict, user: User, report: Report, section: Section) -> Outcome:
    """One attempt. Moved, IntegrityError when the report changed since it was read here."""
    dossier = load(report)
    if section not in sections_of(dossier):
        raise Http404("Báo cáo không có phần này.")
    present = page_texts(dossier, section)
    told = conflicts(posted, present) or _told_of_old_page(posted, present, report, section)
    data = answered_in_one_go(posted, dossier, section)
    old = old_texts(data, present)
    for name in (*(conflict.name for conflict in told), *old):
        data.pop(name, None)
    form = form_for(dossier, report, section, data)
    edits: Edits = form.edits()
    edits.confirmed = confirmed(posted, form, present, dossier, section)
    edits.told = typed(data, present)
    after = dossier

    def count(locked: Report) -> None:
        nonlocal after
        after = load(locked)
        gate.note_counts(locked, after)

    save(report, section, edits, user, dossier.catalogue, dossier.revision, then=count)
    return Outcome(report, after, form, told, old, data)


def old_texts(data: QueryDict, present: dict[str, str]) -> dict[str, OldText]:
    """The texts of old encodings nobody has decided on; one to `convert` is converted in `data`.

    They are judged as they were sent, since cleaning drops a letter of TCVN3, and not stored meanwhile.
    """
    found = {}
    kept, wanted = set(data.getlist("as_is")), set(data.getlist("convert"))
    for name in [n for n in data if (n in present or cell_name(n)) and n not in kept]:
        raw = str(data[name])
        encoding = None if raw.isascii() else recognise(raw)
        if encoding and name in wanted:
            data[name] = convert(raw, encoding)
        elif encoding:
            found[name] = OldText(encoding, convert(raw, encoding))
    return found


def typed(data: QueryDict, present: dict[str, str]) -> dict[str, tuple[str, str]]:
    """What was typed and what it replaces, by field; cells of rows that were not there yet too."""
    told = {name: (present[name], str(data[name])) for name in changed(data, present)}
    fresh = [name for name in data if cell_name(name) and name not in present and data[name]]
    told |= {name: ("", str(data[name])) for name in fresh}
    gone = [name.removeprefix("delete:") for name in data if name.startswith("delete:")]
    for name, text in present.items():
        cell = cell_name(name)
        if cell and f"{cell[0]}@{cell[2]}" in gone and text:
            told[name] = (text, "")
    return told


def _told_of_old_page(
    posted: QueryDict, present: dict[str, str], report: Report, section: Section
) -> list[Conflict]:
    """A page without scripts says which version it shows; of an outdated one all that differs."""
    seen = posted.get("seen", "")
    if not seen.isdecimal() or len(seen) > 9:  # no page of ours sends such a one
        return []
    state = SectionState.objects.get(report=report, section=section)
    return stale(posted, present) if state.version > int(seen) else []


def confirmed(
    posted: QueryDict, form: Any, present: dict[str, str], dossier: Dossier, section: Section
) -> set[str]:
    """What was taken over and is now the clerk's own: by confirming it, or by changing it.

    What could not be read changes nothing.
    """
    carried = carried_in(dossier, section)
    asked = set(posted.getlist("confirm"))
    written = [name for name in changed(form.data, present) if name not in form.errors]
    touched = {carried_name(name, section) for name in written}
    return carried if "*" in asked else carried & (asked | touched)


def answered_in_one_go(posted: QueryDict, dossier: Dossier, section: Section) -> QueryDict:
    """A copy of what was posted, with "không phát sinh" for every empty figure that the page shows above
    the button pressed: of that one group, and of fields that were on the page."""
    filled = posted.copy()
    group = posted.get("none_arisen")
    if group is None or section in (Section.APPENDIX, Section.PAPER):
        return filled
    for asked in group_named(section_entry(dossier, section), group):
        if (
            may_be_none(asked.figure)
            and asked.name in filled
            and not str(filled[asked.name]).strip()
        ):
            filled[asked.name] = "không phát sinh"
    return filled


def group_named(entry: SectionEntry, code: str) -> tuple[Asked, ...]:
    """The figures of the group whose button bears `code`; none when the page has no such group."""
    places = (("nhom", entry.asked), ("khac", entry.others))
    named = {group_code(place, n): g.asked for place, gs in places for n, g in enumerate(gs)}
    return tuple(named.get(code, ()))


def answered_now(posted: QueryDict, dossier: Dossier, section: Section) -> list[str]:
    """The figures that the press of a group's button answered, by name: what taking it back empties."""
    filled = answered_in_one_go(posted, dossier, section)
    return [name for name in filled if filled[name] != posted.get(name, filled[name])]


def unread(outcome: Outcome, posted: QueryDict) -> dict[str, Unread]:
    """What stays in its field, by name."""
    found = {
        name: Unread(outcome.form.data.get(name, ""), " ".join(map(str, problems)))
        for name, problems in outcome.form.errors.items()
    }
    for name, old in outcome.old.items():
        words = f"Nội dung gõ bằng bảng mã {old.encoding.label}, chưa lưu. Chuyển sang Unicode thành: “{old.text}”"
        found[name] = Unread(posted.get(name, ""), words, old=True)
    for conflict in outcome.conflicts:
        words = "Dòng này vừa được người khác xóa."
        if not conflict.gone:
            words = (
                f"Người khác vừa ghi “{conflict.theirs or 'để trống'}”. "
                "Muốn thay bằng nội dung trong ô thì lưu lần nữa."
            )
        found[conflict.name] = Unread(posted.get(conflict.name, ""), words)
    return found


def keep_typed(shown: SectionForm, failed: dict[str, Unread]) -> None:
    """Put what was not written back into its field, with its message."""
    for name, wrong in failed.items():
        held = shown.fields.get(name)
        shown.initial[name] = wrong.typed
        if isinstance(held, TypedField):
            held.problem = wrong.problem


def frame_form(report: Report, dossier: Dossier, failed: dict[str, Unread]) -> PaperForm:
    """The form of the frame; what was not written stands in its field, with its message."""
    if not failed:
        return PaperForm(instance=report.paper)
    typed = {name: wrong.typed for name, wrong in failed.items()}
    form = PaperForm(page_texts(dossier, Section.PAPER) | typed, instance=report.paper)
    for name, wrong in failed.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, wrong.problem)
    form.data = {**form.data, **typed}  # as it was typed: cleaning drops a letter of TCVN3
    return form


def appendix_entries(
    dossier: Dossier, previous: Dossier | None, failed: dict[str, Unread]
) -> Iterator[IndicatorEntry]:
    """The rows of the appendix; what was not written stands in its field."""
    for entry in indicator_entries(dossier, previous):
        wrong = failed.get(entry.asked.name) if entry.asked else None
        if entry.asked and wrong:
            entry = replace(entry, asked=replace(entry.asked, text=wrong.typed))
        note = failed.get(f"note:{entry.row.code}")
        yield replace(entry, note=note.typed) if note else entry


def saved_answer(outcome: Outcome, section: Section) -> dict[str, Any]:
    """What the page's script needs after a save."""
    dossier, form = outcome.dossier, outcome.form
    shown: dict[str, str] = {}
    for name, content in getattr(form, "cleaned_data", {}).items():
        if isinstance(content, Value):
            code = name.partition("@")[0]
            figure = dossier.catalogue[code]
            shown[name] = (
                ask(dossier, figure, False).text if "@" not in name else entry_text(figure, content)
            )
        elif isinstance(content, date):
            shown[name] = format_date(content)
    said = noted(outcome, shown)
    if said:  # the page goes on with the text as it is held now
        texts = page_texts(dossier, section)
        shown |= {name: texts[name] for name in said if name in texts}
    return fresh(dossier, section) | {
        "saved_at": timezone.localtime().strftime("%H:%M"),
        "errors": {name: " ".join(map(str, found)) for name, found in form.errors.items()},
        "conflicts": {c.name: {"theirs": c.theirs, "gone": c.gone} for c in outcome.conflicts},
        "old": {
            name: {"encoding": old.encoding.label, "text": old.text}
            for name, old in outcome.old.items()
        },
        "by": last_saved(outcome.report, section) if outcome.conflicts else "",
        "shown": shown,
        "noted": said,
    }


def noted(outcome: Outcome, shown: Mapping[str, str]) -> dict[str, str]:
    """What to say of fields that were saved otherwise than typed, or that paper cannot print."""
    said = {}
    for name, content in getattr(outcome.form, "cleaned_data", {}).items():
        sent = str(outcome.sent.get(name, "")).strip()
        held = content.content if isinstance(content, Value) else content
        words = [replaced_words(sent)]
        if not words[0] and isinstance(held, date) and TWO_DIGIT_YEAR.search(sent):
            words = [f"Đã hiểu “{sent}” là ngày {shown[name]}."]
        strange = letters.unprintable(held, settings.FONT_DIR) if isinstance(held, str) else ""
        if strange:
            words.append(NOT_IN_FONT.format(letters.said(strange)))
        if any(words):
            said[name] = " ".join(filter(None, words))
    return said


def fresh(dossier: Dossier, section: Section) -> dict[str, Any]:
    """What a page shows beside its fields, as it reads now."""
    state, answered, required = progress(dossier, section)
    more: dict[str, Any] = {}
    if section not in (Section.APPENDIX, Section.PAPER):
        entry = section_entry(dossier, section)
        more = {
            "doubts": {a.name: a.doubt for a in entry.figures() if a.doubt}
            | {name: words for grid in entry.grids for name, words in grid.doubts.items()},
            "computed": {a.name: a.computed for a in entry.figures() if a.figure.whole},
            "sums": {a.name: format_count(a.sum) for a in entry.figures() if a.sum is not None},
            "composed": {n.item.code: n.composed for n in entry.narratives},
            "live_figures": live_figures(dossier),
        }
    return more | {
        "revision": dossier.revision,
        "preview": preview(dossier, section),
        "carried": sorted(carried_in(dossier, section)),
        "progress": {"state": state.value, "label": state.label,
                     "answered": answered, "required": required,
                     "asked": asked_words(dossier, section)},
    }  # fmt: skip


def last_saved(report: Report, section: Section) -> str:
    """`Nguyễn Thị A lúc 14:05`; "" when nobody saved the section yet."""
    state = report.section_states.select_related("saved_by").filter(section=section).first()
    if state is None or state.saved_at is None:
        return ""
    return f"{state.saved_by} lúc {timezone.localtime(state.saved_at):%H:%M}"
