"""Documents cited: dates, numbers, and what contradicts itself among them."""

import re
from collections.abc import Iterator
from datetime import date

from ..catalogue.field_names import FieldName
from ..catalogue.values import TableRow
from ..entry import same_documents
from ..entry.progress import incomplete_documents
from ..enums import Section, Severity
from ..evidence import document_label
from ..text.dates import format_date
from ..text.names import fold
from .case import WITHOUT_TABLES, Case, Problem, rule, values_of

#: The founding of the state whose documents these are.
FIRST_DAY = date(1945, 9, 2)
YEAR = re.compile(r"\d{1,5}/((?:19|20)\d\d)")


def _place(row: TableRow, column: str) -> tuple[Section, str]:
    section = Section(str(row.keys["part"]))
    return section, "" if section in WITHOUT_TABLES else str(
        FieldName.cell("documents", column, row.uid)
    )


@rule(Severity.WARNING)
def document_date_implausible(case: Case) -> Iterator[Problem]:
    """A document cited is dated no later than the period's last day, nor before 02/9/1945.

    A report tells of its period, and the state of whose documents it tells was founded that day.
    """
    last = case.dossier.period.data_to
    for row in case.rows("documents"):
        day = row.keys["date"]
        if not isinstance(day, date) or FIRST_DAY <= day <= last:
            continue
        contradiction = (
            f"sau ngày cuối kỳ báo cáo ({format_date(last)})"
            if day > last
            else "trước ngày 02/9/1945"
        )
        yield Problem(
            *_place(row, "date"),
            f"{document_label(row)} ghi ngày {contradiction}.",
            "Sửa ngày ban hành, hoặc giải trình.",
            values_of(day),
        )


@rule(Severity.WARNING)
def document_incomplete(case: Case) -> Iterator[Problem]:
    """A document cited has a number and a date, at least where it is cited first.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: viện dẫn tên loại, số, ký hiệu, ngày ban hành, cơ quan, trích
    yếu; laws, drafts and standards are cited otherwise.
    """
    for row in incomplete_documents(case.dossier):
        number, day = row.keys["number"], row.keys["date"]
        lacks = " và ".join(["số"] * (not number) + ["ngày ban hành"] * (not day))
        unread = row.keys.get("date_text") if not day else ""
        yield Problem(
            *_place(row, "date" if number else "number"),
            f"{document_label(row)} có ngày ghi “{unread}” không đọc được."
            if unread and number
            else f"{document_label(row)} chưa có {lacks}.",
            "Bổ sung theo văn bản đã ban hành, hoặc giải trình.",
            values_of(number, day, unread),
        )


@rule(Severity.WARNING)
def document_year(case: Case) -> Iterator[Problem]:
    """The year in a document's number is that of its date.

    Luật Ban hành văn bản quy phạm pháp luật: the number of a legal document names its year.
    """
    for row in case.rows("documents"):
        match, day = YEAR.fullmatch(str(row.keys["number"] or "")), row.keys["date"]
        if match and isinstance(day, date) and int(match[1]) != day.year:
            yield Problem(
                *_place(row, "number"),
                f"{document_label(row)}: số ghi năm {match[1]}, ngày ghi năm {day.year}.",
                "Sửa số hoặc ngày ban hành.",
                values_of(row.keys["number"], day),
            )


@rule(Severity.WARNING)
def document_two_dates(case: Case) -> Iterator[Problem]:
    """A document's number stands with one date.

    Nghị định 30/2020/NĐ-CP, Điều 15: numbers run from 01 within the year, so one may return in the
    next year for another subject.
    """
    for rows in same_documents(case.dossier).values():
        dated = [(row, day) for row in rows if (day := row.day("date"))]
        for row, last in dated:
            others = {
                day
                for other, day in dated
                if day != last and (day.year == last.year or _same_subject(row, other))
            }
            # Told once for the group, beside the date that stands last.
            if others and max(others) < last:
                days = [*sorted(others), last]
                dates = "; ".join(map(format_date, days))
                label = document_label(row).rpartition(" ngày ")[0]
                yield Problem(
                    *_place(row, "date"),
                    f"{label} được ghi với {len(days)} ngày khác nhau: {dates}.",
                    "Ghi thống nhất ngày ban hành, hoặc sửa số văn bản.",
                    values_of(*days),
                )
                break


def _same_subject(row: TableRow, other: TableRow) -> bool:
    subject = fold(row.text("subject"))
    return bool(subject) and subject == fold(other.text("subject"))


@rule(Severity.WARNING)
def document_two_numbers(case: Case) -> Iterator[Problem]:
    """One document, by kind, issuer, date and subject, stands under one number.

    Nghị định 30/2020/NĐ-CP, Điều 15: số và ký hiệu văn bản là duy nhất trong một năm.
    """
    alike: dict[tuple[str, str, date, str], list[TableRow]] = {}
    for row in case.rows("documents"):
        subject, day = fold(row.text("subject")), row.day("date")
        if subject and row.keys["number"] and day:
            identity = (row.text("kind"), row.text("issuer"), day, subject)
            alike.setdefault(identity, []).append(row)
    for (_, _, day, _), rows in alike.items():
        numbers = list(dict.fromkeys(str(row.keys["number"]) for row in rows))
        if len(numbers) > 1:
            row = next(row for row in rows if row.keys["number"] == numbers[1])
            yield Problem(
                *_place(row, "number"),
                f"{rows[0].keys['kind_label']} ngày {format_date(day)} về cùng một nội "
                f"dung được ghi với {len(numbers)} số: {', '.join(numbers)}.",
                "Ghi thống nhất một số, hoặc giải trình.",
                values_of(*numbers),
            )
