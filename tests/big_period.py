"""A period as large as the country: thousands of units, every figure entered, for measuring."""

import random
from datetime import date
from typing import Any

LETTERS = ["Hà", "Tân", "Yên", "Đông", "Lộc", "Sơn", "Thủy", "Phú", "Bình", "Long"]


def fill_period(code: str, units: int, seed: int = 1) -> Any:
    """A new period `code` shaped as the demo's `TH-2026-9T`, with so many approved reports, each with every
    typed number of its sections and appendix, some marks and rows."""
    from django.utils import timezone

    from reports.catalogue.figures import typed_figures
    from reports.enums import DocumentKind, Field
    from reports.models import (
        SECTIONS,
        IndicatorValue,
        IssuedDocument,
        Mark,
        Paper,
        Report,
        ReportingPeriod,
        Unit,
    )  # fmt: skip
    from reports.models.rows import OutgoingDocuments, PlanTask
    from reports.text.names import fold, unit_sort_key

    pick = random.Random(seed)
    like = ReportingPeriod.objects.get(code="TH-2026-9T")
    period = ReportingPeriod.objects.create(
        code=code, kind=like.kind, year=like.year, superior=like.superior, data_from=like.data_from,
        data_to=like.data_to, deadline=like.deadline, outline=like.outline,
        indicator_set=like.indicator_set, opened_at=timezone.now(),
    )  # fmt: skip
    names = [f"{pick.choice(LETTERS)} {pick.choice(LETTERS)} {n}" for n in range(units)]
    made = Unit.objects.bulk_create(
        [Unit(code=f"{units}-{n}", kind="xã", name=name, valid_from=date(2025, 7, 1),
              folded=fold(f"xã {name}"), sort_key=unit_sort_key(name))
         for n, name in enumerate(names)]
    )  # fmt: skip
    reports = Report.objects.bulk_create(
        [Report(unit=unit, period=period, outline=like.outline, indicator_set=like.indicator_set,
                state="approved", sent_at=timezone.now(), revision=1) for unit in made]
    )  # fmt: skip
    period.units.add(*made)
    Paper.objects.bulk_create([Paper(report=report) for report in reports])
    figures = [f for f in typed_figures().values() if f.column and not f.table and not f.rows_of]
    for model in SECTIONS:
        columns = [f for f in figures if f.section == model.section]
        rows = []
        for report in reports:
            row: Any = model(report=report)
            for figure in columns:
                if figure.kind in ("count", "amount", "decimal"):
                    setattr(row, figure.column, pick.randrange(1, 9000))
                elif figure.kind == "code":
                    setattr(row, figure.column, 1)
            rows.append(row)
        model.objects.bulk_create(rows, batch_size=500)
    typed = [i for i in like.indicator_set.indicators.all()
             if i.kind == "value" and i.applies and not i.figure and i.value_kind != "text"]  # fmt: skip
    tasks, documents, outgoing, marks, values = [], [], [], [], []
    for report in reports:
        for n, reform in enumerate(Field.values[:4]):
            tasks.append(PlanTask(report=report, uid=f"t{n}", field=reform, planned=9, done=n))
        for n in range(4):
            documents.append(IssuedDocument(report=report, uid=f"d{n}", part="direction", number=str(n),
                                            kind="ke_hoach", date=like.data_to))  # fmt: skip
            kind = DocumentKind.values[n]
            outgoing.append(OutgoingDocuments(report=report, uid=f"o{n}", kind=kind, quantity=n))
        marks += [
            Mark(report=report, figure=figure.code, kind="none_arisen")
            for figure in pick.sample(figures, 3)
        ]
        for indicator in typed:
            number = pick.randrange(1, 100)
            values.append(IndicatorValue(report=report, indicator=indicator, number=number))
    for model, rows in ((PlanTask, tasks), (IssuedDocument, documents), (OutgoingDocuments, outgoing),
                        (Mark, marks), (IndicatorValue, values)):  # fmt: skip
        model.objects.bulk_create(rows, batch_size=2000)
    return period
