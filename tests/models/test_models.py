"""What the database itself refuses, what rows of tables it keeps, and units through time."""

import re
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.access.policy import visible_reports
from reports.catalogue.values import Value
from reports.dossier.facts import load
from reports.dossier.json import to_json
from reports.models import (
    SECTIONS,
    SECTIONS_BY_CODE,
    TABLES,
    TABLES_BY_NAME,
    FormerName,
    Indicator,
    IndicatorValue,
    IssuedDocument,
    Mark,
    Narrative,
    Paper,
    Report,
    ReportingPeriod,
    RoleAssignment,
    Superior,
    Unit,
    User,
)
from reports.models.fields import FigureField, MeasureField
from reports.models.rows import FieldDossiers, OutgoingDocuments, Position, Staff
from reports.models.units import valid_on

JSON = {"accept": "application/json"}


@pytest.fixture
def report(db: None) -> Report:
    """An empty report in draft."""
    unit = make_unit()
    return make_report(unit, make_period(make_superior(unit)))


def refused(write: Callable[[], Any]) -> bool:
    """Whether the database itself refuses; whatever was written is taken back."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


def test_migrations_tell_the_models_as_they_are(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_unit_stored_by_an_older_release_is_found_by_todays_spelling(db: None) -> None:
    unit = make_unit("Hà Tiến")
    Unit.objects.filter(pk=unit.pk).update(folded="xa ha tiÐn", sort_key="zz")
    import_module("reports.migrations.0017_unit_keys").recompute(apps, None)
    stored = Unit.objects.get(pk=unit.pk)
    assert (stored.folded, stored.sort_key) == ("xa ha tien", unit.sort_key)


# --- figures ----------------------------------------------------------------------------------------


def numeric(model: type[Model]) -> list[Any]:
    kinds = (models.IntegerField, models.DecimalField, models.PositiveBigIntegerField)
    fields = model._meta.get_fields()
    return [f for f in fields if isinstance(f, FigureField) and isinstance(f, kinds)]


def test_no_figure_of_a_section_is_ever_negative(report: Report) -> None:
    taken = [
        f"{model.__name__}.{field.name}"
        for model in SECTIONS
        for field in numeric(model)
        if not refused(
            lambda m=model, f=field: m.objects.filter(report=report).update(**{f.name: -1})
        )
    ]
    assert sum(len(numeric(model)) for model in SECTIONS) > 100
    assert taken == []


def test_no_figure_of_a_row_is_ever_negative(report: Report) -> None:
    taken = [
        f"{model.__name__}.{field.name}"
        for model in TABLES
        for field in numeric(model)
        if not refused(lambda m=model, f=field: m(report=report, **{f.name: -1}).save())
    ]
    assert sum(len(numeric(model)) for model in TABLES) == 34
    assert taken == []


def test_a_figure_holds_fifteen_digits(report: Report) -> None:
    most = 10**15 - 1
    for model in SECTIONS:
        counts = {
            field.name: most
            for field in numeric(model)
            if isinstance(field, (models.PositiveBigIntegerField, MeasureField))
        }
        if counts:
            model.objects.filter(report=report).update(**counts)
            row = model.objects.get(report=report)
            assert {getattr(row, name) for name in counts} == {most}


# --- constraints ------------------------------------------------------------------------------------


def forbidden(report: Report) -> dict[str, Callable[[], Any]]:
    """What no row may say, by the name of the constraint that forbids it."""
    unit, period, user = report.unit, report.period, make_user()
    day, before = date(2023, 6, 14), date(2023, 6, 13)
    paper = Paper.objects.filter(report=report)
    indicator = Indicator.objects.first()
    mark = {"report": report, "figure": "procedures.received"}

    def twice(model: Any, **columns: Any) -> Callable[[], Any]:
        return lambda: [model.objects.create(**columns) for _ in range(2)]

    return {
        "number_and_date_together": lambda: paper.update(number=5),
        "number_and_date_together, the other way": lambda: paper.update(issued_on=day),
        "number_from_one": lambda: paper.update(number=0, issued_on=day),
        "one_report_a_unit_and_period": lambda: Report.objects.create(
            unit=unit, period=period, outline=report.outline
        ),
        "not_superior_of_itself": lambda: Superior.objects.create(
            unit=unit, superior=unit, valid_from=day
        ),
        "superior_interval": lambda: Superior.objects.create(
            unit=unit, superior=period.superior, valid_from=day, valid_to=before
        ),
        "one_superior_at_a_time": twice(
            Superior, unit=unit, superior=period.superior, valid_from=day
        ),
        "unit_interval": lambda: Unit.objects.create(
            code="1", kind="xã", name="A", valid_from=day, valid_to=before
        ),
        "one_unit_a_code_and_time": twice(Unit, code="1", kind="xã", name="A", valid_from=day),
        "role_interval": lambda: RoleAssignment.objects.create(
            user=user, unit=unit, role="leader", valid_from=day, valid_to=before
        ),
        "one_role_once": twice(RoleAssignment, user=user, unit=unit, role="leader"),
        "one_former_name_a_day": twice(FormerName, unit=unit, kind="xã", name="A", valid_to=day),
        "period_window": lambda: ReportingPeriod.objects.update(data_to=date(2000, 1, 1)),
        "period_deadline": lambda: ReportingPeriod.objects.update(deadline=date(2000, 1, 1)),
        "one_mark_of_a_kind": twice(Mark, **mark, kind="none_arisen"),
        "stated_has_text": lambda: Mark.objects.create(**mark, kind="stated", text=""),
        "stated_has_text, none arisen has none": lambda: Mark.objects.create(
            **mark, kind="none_arisen", text="x"
        ),
        "stated_has_text, no other kind": lambda: Mark.objects.create(**mark, kind="x", text="x"),
        "one_value_an_indicator": twice(
            IndicatorValue, report=report, indicator=indicator, number=1
        ),
        "indicator_not_negative": lambda: IndicatorValue.objects.create(
            report=report, indicator=indicator, number=-1
        ),
        "one_narrative_an_item": twice(Narrative, report=report, item="x"),
        "staff_uid": twice(Staff, report=report, uid="u1", category="part_time"),
        "one_staff_category": twice(Staff, report=report, category="officials"),
        "one_row_a_dossier_field": twice(FieldDossiers, report=report, name="Hộ tịch"),
        "one_position_a_title": twice(Position, report=report, name="Trưởng thôn"),
        "one_row_an_outgoing_kind": twice(OutgoingDocuments, report=report, kind="luat"),
    }


def test_the_database_refuses_what_cannot_be(report: Report) -> None:
    assert [name for name, write in forbidden(report).items() if not refused(write)] == []


def test_rows_without_a_name_yet_may_be_several(report: Report) -> None:
    for model in (FieldDossiers, Position, OutgoingDocuments):
        assert not refused(lambda m=model: [m.objects.create(report=report) for _ in range(2)])


def test_a_unit_that_has_reported_cannot_be_deleted(report: Report) -> None:
    with pytest.raises(models.ProtectedError):
        report.unit.delete()


# --- what the models say of themselves ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "keys", "unique", "filled"),
    [
        ("documents", "part item kind number symbol date date_text issuer subject purpose cited_as",
         "", {"part", "purpose", "item"}),
        ("plan_tasks", "field", "field", {"field"}),
        ("dossiers", "name", "name", set()),
        ("equipment", "name measure", "", set()),
        ("staff", "category", "category", {"category"}),
        ("positions", "name", "name", set()),
        ("disbursements", "name year", "", set()),
        ("outgoing", "kind", "kind", set()),
    ],
)  # fmt: skip
def test_a_table_says_what_its_columns_are(
    table: str, keys: str, unique: str, filled: set[str]
) -> None:
    model = TABLES_BY_NAME[table]
    assert " ".join(model.key_columns()) == keys
    assert model.unique_column() == unique
    assert model.filled_by_page() == filled
    assert set(model.keys) <= set(model.key_columns())
    figures = {column.name for column in model.figure_columns()}
    stored = {field.name for field in model._meta.concrete_fields}
    assert {*model.key_columns(), *figures} == stored - {"id", "report", "uid", "order"}


def test_every_table_and_section_is_found_by_its_name() -> None:
    assert tuple(TABLES_BY_NAME.values()) == TABLES
    assert tuple(SECTIONS_BY_CODE.values()) == SECTIONS


def test_a_row_says_on_which_page_it_stands() -> None:
    assert Staff.page_of({"category": "officials"}) == "civil_service"
    assert IssuedDocument.page_of({"part": "finance"}) == "finance"


def test_a_column_says_its_name_and_its_list() -> None:
    assert (Paper.label("place"), Staff.label("headcount")) == ("Địa danh", "Tổng số")
    assert ("tm", "Thay mặt Ủy ban nhân dân (TM.)") in Paper.choices("authority")
    assert Paper.choices("place") == ()


# --- rows as they are typed -------------------------------------------------------------------------


@pytest.fixture
def typing(report: Report, as_user: Callable[[User], Client]) -> Client:
    """The browser of the report's clerk."""
    return as_user(make_user(report.unit, "clerk"))


def page_of(report: Report, section: str) -> str:
    return reverse("section", kwargs={"pk": report.pk, "section": section})


def send(client: Client, report: Report, section: str, data: dict[str, str]) -> dict[str, Any]:
    response = client.post(page_of(report, section), data, headers=JSON)
    assert response.status_code == 200
    return response.json()


def test_a_row_sent_five_times_is_one_row(typing: Client, report: Report) -> None:
    row = {"dossiers.name@b1": "Hộ tịch", "dossiers.received@b1": "1.204"}
    for _ in range(5):
        answer = send(typing, report, "procedures", row)
        assert answer["shown"] == {"dossiers.received@b1": "1.204"}
    stored = FieldDossiers.objects.filter(report=report)
    assert list(stored.values_list("uid", "name", "received")) == [("b1", "Hộ tịch", 1204)]
    send(typing, report, "procedures", {"dossiers.name@b2": "Đất đai"})
    send(typing, report, "procedures", {"dossiers.received@b1": "kps"})
    rows = load(report).tables["dossiers"]
    assert [(row.uid, row.keys["name"]) for row in rows] == [("b1", "Hộ tịch"), ("b2", "Đất đai")]
    assert rows[0].value("dossiers.received") == Value(none_arisen=True)


def test_a_deleted_row_is_gone_with_its_marks(typing: Client, report: Report) -> None:
    send(typing, report, "procedures", {"dossiers.name@b1": "Hộ tịch", "dossiers.late@b1": "kps"})
    sent = {"delete:dossiers@b1": "1", "dossiers.name@b1": "Hộ tịch", "dossiers.late@b1": "5"}
    send(typing, report, "procedures", sent)
    assert load(report).tables["dossiers"] == ()
    assert not Mark.objects.filter(report=report, row="b1").exists()


def test_a_fixed_table_has_its_rows_and_no_others(typing: Client, report: Report) -> None:
    page = typing.get(page_of(report, "civil_service")).content.decode()
    uids = {f"staff-{name}" for name in ("officials", "civil_servants", "part_time", "contract")}
    assert set(re.findall(r'name="staff\.headcount@([^"]+)"', page)) == uids
    send(typing, report, "civil_service", {"staff.headcount@staff-officials": "11"})
    send(typing, report, "civil_service", {"delete:staff@staff-officials": "1"})
    stored = Staff.objects.filter(report=report).values_list("category", "headcount")
    assert list(stored) == [("officials", 11)]


@pytest.mark.parametrize(
    "sent",
    [
        {"staff.headcount@x1": "1", "staff.headcount@x2": "2"},
        {"staff.headcount@staff-no-such-category": "1"},
        {"staff.headcount@staff-officials": "1"},
        {"staff.category@ht-staff-1": "civil_servants"},
        {"staff.category@ht-staff-1": ""},
    ],
)
def test_no_row_gets_into_a_fixed_table_otherwise(
    typing: Client, report: Report, sent: dict[str, str]
) -> None:
    """The table has rows already, under identifiers of their own."""
    categories = ("officials", "civil_servants", "part_time", "contract")
    for position, category in enumerate(categories, start=1):
        Staff.objects.create(report=report, uid=f"ht-staff-{position}", category=category)
    before = list(Staff.objects.filter(report=report).values_list("uid", "category"))
    typing.raise_request_exception = False
    with transaction.atomic():
        response = typing.post(page_of(report, "civil_service"), sent, headers=JSON)
    assert response.status_code == 200
    assert list(Staff.objects.filter(report=report).values_list("uid", "category")) == before


@pytest.mark.parametrize(
    ("section", "name"),
    [("direction", "plan_tasks.done@plan_tasks-egov"), ("procedures", "dossiers.late@b9"),
     ("civil_service", "staff.headcount@staff-officials")],
)  # fmt: skip
def test_nothing_arose_is_kept_in_a_row_that_holds_nothing_else(
    typing: Client, report: Report, section: str, name: str
) -> None:
    assert send(typing, report, section, {name: "kps"})["shown"] == {name: "Không phát sinh"}
    code, _, uid = name.partition("@")
    rows = load(report).tables[code.partition(".")[0]]
    kept = {row.uid: row.value(code) for row in rows}
    assert kept.get(uid) == Value(none_arisen=True)


# --- documents --------------------------------------------------------------------------------------


@pytest.fixture
def ha_tien_clerk(clerk: User, as_user: Callable[[User], Client]) -> Client:
    return as_user(clerk)


def test_a_document_stands_on_the_page_of_its_section(
    ha_tien_clerk: Client, ha_tien: Report
) -> None:
    row = {"kind": "quyet_dinh", "number": "07", "symbol": "QĐ-UBND", "date": "05/02/2023",
           "subject": "giao dự toán", "purpose": "decision", "item": "budget"}  # fmt: skip
    sent = {f"documents.{name}@d9": text for name, text in row.items()}
    answer = send(ha_tien_clerk, ha_tien, "finance", sent)
    cited = "Quyết định số 07/QĐ-UBND ngày 05/02/2023 về giao dự toán."
    shown = re.sub(r"</?span[^>]*>", "", answer["preview"]).replace("\u00a0", " ")
    assert cited in shown
    assert IssuedDocument.objects.get(report=ha_tien, uid="d9").part == "finance"
    for section in ("direction", "procedures", "finance", "plan"):
        page = ha_tien_clerk.get(page_of(ha_tien, section)).content.decode()
        assert ('name="documents.number@d9"' in page) == (section == "finance")


def test_a_page_reaches_no_document_of_another_section(
    ha_tien_clerk: Client, ha_tien: Report
) -> None:
    before = to_json(load(ha_tien))["tables"]["documents"]
    sent = {"delete:documents@ht-doc-04": "1", "documents.subject@ht-doc-05": "chuyện khác"}
    send(ha_tien_clerk, ha_tien, "direction", sent)
    assert to_json(load(ha_tien))["tables"]["documents"] == before


def test_a_document_names_only_an_item_of_its_page(ha_tien_clerk: Client, ha_tien: Report) -> None:
    for item in ("no_such_item", "budget", '"><b>'):
        answer = send(ha_tien_clerk, ha_tien, "direction", {"documents.item@ht-doc-01": item})
        assert list(answer["errors"]) == ["documents.item@ht-doc-01"], item
    assert IssuedDocument.objects.get(report=ha_tien, uid="ht-doc-01").item == "assignment"


# --- units ------------------------------------------------------------------------------------------


def test_units_stand_in_vietnamese_order_on_both_engines(db: None) -> None:
    names = [
        "Đông Hà",
        "An Bình",
        "Ân Thi",
        "Ăn",
        "Dân Hòa",
        "Bình An",
        "Bà Rịa",
        "Ba Vì",
        "Ơ",
        "O",
        "Ô",
    ]
    for position, name in enumerate(names):
        Unit.objects.create(code=f"9{position}", kind="xã", name=name)
    ordered = Unit.objects.filter(code__in=[f"9{n}" for n in range(len(names))])
    assert [unit.name for unit in ordered] == [
        "An Bình", "Ăn", "Ân Thi", "Bà Rịa", "Ba Vì", "Bình An", "Dân Hòa", "Đông Hà", "O", "Ô", "Ơ",
    ]  # fmt: skip


def test_units_are_found_without_diacritics(db: None) -> None:
    found = Unit.objects.filter(folded__contains="dien bien").values_list("name", flat=True)
    assert list(found) == ["Điện Biên"]
    unit = Unit.objects.get(name="Điện Biên")
    unit.name = "Điện Biên Phủ"
    unit.save()
    assert Unit.objects.get(pk=unit.pk).folded == "phuong dien bien phu"


def superior_on(code: str, day: date) -> list[str]:
    held = Superior.objects.filter(valid_on(day), unit__code=code)
    return [str(superior.superior) for superior in held.select_related("superior")]


@pytest.mark.parametrize(
    ("code", "day", "superiors"),
    [
        ("15325", date(2023, 6, 14), ["huyện Hà Trung"]),
        ("15325", date(2025, 6, 30), ["huyện Hà Trung"]),
        ("15325", date(2025, 7, 1), []),
        ("392", date(2025, 6, 30), ["tỉnh Thanh Hóa"]),
        ("392", date(2025, 7, 1), []),
        ("15316", date(2025, 6, 30), []),
        ("15316", date(2025, 7, 1), ["tỉnh Thanh Hóa"]),
    ],
)
def test_a_unit_has_the_superior_of_the_day(
    db: None, code: str, day: date, superiors: list[str]
) -> None:
    assert superior_on(code, day) == superiors


def test_a_merged_commune_remembers_the_old_ones(db: None) -> None:
    merged = Unit.objects.get(code="15316")
    names = sorted(str(unit) for unit in merged.predecessors.all())
    assert names == ["xã Hà Sơn", "xã Hà Tiến", "xã Hà Tân"]


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2022, 3, 4), "tỉnh Thừa Thiên Huế"), (date(2024, 12, 31), "tỉnh Thừa Thiên Huế"),
     (date(2025, 1, 1), "thành phố Huế")],
)  # fmt: skip
def test_a_unit_is_named_as_on_the_day(db: None, day: date, name: str) -> None:
    assert " ".join(Unit.objects.get(code="46").named_on(day)) == name


def test_whoever_stands_above_the_district_then_sees_its_reports_now(db: None) -> None:
    province = User.objects.get(username="thanhhoa_noivu")
    units = (
        visible_reports(province)
        .order_by("unit__sort_key")
        .values_list("unit__name", flat=True)
        .distinct()
    )
    assert list(units) == [
        "Điện Biên", "Hà Bắc", "Hà Bình", "Hà Đông", "Hà Giang", "Hà Long", "Hà Ngọc", "Hà Sơn",
        "Hà Tân", "Hà Tiến", "Hà Trung", "Hà Vinh", "Hạc Thành", "Tống Sơn", "Yến Sơn",
    ]  # fmt: skip
    Superior.objects.filter(unit__code="392").update(valid_to=date(2023, 6, 13))
    province = User.objects.get(username="thanhhoa_noivu")
    assert visible_reports(province).filter(period__code="HT-2023-6T").count() == 0
