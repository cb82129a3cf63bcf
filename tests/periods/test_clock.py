"""The last second of a deadline and the first after it, in Vietnam, wherever they are told."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.enums import State
from reports.models import Report, User
from reports.text.dates import format_date

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = date(2027, 3, 31)
SECOND = timedelta(seconds=1)


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), VIETNAM)


@pytest.fixture
def signed(db: None) -> Report:
    """A report on the point of being sent, due on DUE; the only one of its period."""
    unit = make_unit()
    superior = make_superior(unit)
    make_user(unit, "clerk", "nguoi_lap")
    make_user(superior, "reviewer", "nguoi_tham_dinh")
    report = make_report(unit, make_period(superior, deadline=DUE))
    Report.objects.filter(pk=report.pk).update(state=State.SIGNED)
    return report


@pytest.fixture(params=[None, DUE + timedelta(days=5)], ids=["deadline", "extended"])
def due(signed: Report, request: pytest.FixtureRequest) -> date:
    Report.objects.filter(pk=signed.pk).update(extended_to=request.param)
    return request.param or DUE


def pages(report: Report) -> dict[str, Any]:
    """Everything that tells whether the report is late, asked at this moment."""
    clients = {name: Client() for name in ("nguoi_lap", "nguoi_tham_dinh")}
    for name, client in clients.items():
        client.force_login(User.objects.get(username=name))
    code = report.period.code
    inbox = clients["nguoi_lap"].get("/").context["rows"]
    board = clients["nguoi_tham_dinh"].get(reverse("period", args=[code]), {"loc": "tre-han"})
    whole = clients["nguoi_tham_dinh"].get(reverse("period", args=[code]))
    matrix = clients["nguoi_tham_dinh"].get(reverse("matrix", args=[code]))
    late = {row.report.pk: row.late_days for row in whole.context["rows"]}
    cells = [cell for _, row in matrix.context["rows"] for cell in row]
    return {
        "inbox": next(row.left for row in inbox if row.report == report),
        "page": clients["nguoi_lap"].get(reverse("report", args=[report.pk])).context["left"],
        "review": clients["nguoi_tham_dinh"]
        .get(reverse("review", args=[report.pk]))
        .context["left"],
        "board": late[report.pk],
        "filter": report.pk in {row.report.pk for row in board.context["rows"]},
        "matrix": next(cell.late_days for cell in cells if cell.report == report),
        "in_time": whole.context["totals"].in_time,
    }


def told(words: str, days: int, in_time: int = 0) -> dict[str, Any]:
    return {
        "inbox": words, "page": words, "review": words, "board": days, "filter": days > 0,
        "matrix": days, "in_time": in_time,
    }  # fmt: skip


def test_sent_a_second_before_midnight_is_in_time_and_a_second_after_is_a_day_late(
    signed: Report, due: date
) -> None:
    midnight = midnight_after(due)
    for moment, late in ((midnight - SECOND, 0), (midnight, 1), (midnight + SECOND, 1)):
        Report.objects.filter(pk=signed.pk).update(state=State.SIGNED, sent_at=None)
        with time_machine.travel(moment, tick=False):
            client = Client()
            client.force_login(User.objects.get(username="nguoi_lap"))
            step = Report.objects.get(pk=signed.pk).step
            client.post(reverse("act", args=[signed.pk, "send"]), {"step": step})
            assert Report.objects.get(pk=signed.pk).sent_at == moment
        words = f"Đã gửi ngày {format_date(moment.date())}{', chậm 1 ngày' * late} (hạn {format_date(due)})"
        with time_machine.travel(midnight + timedelta(days=9), tick=False):
            assert pages(signed) == told(words, late, in_time=1 - late), moment


def test_not_sent_the_last_day_ends_at_midnight_in_vietnam(signed: Report, due: date) -> None:
    midnight = midnight_after(due)
    with time_machine.travel(midnight - SECOND, tick=False):
        assert pages(signed) == told(f"Hôm nay là hạn cuối (hạn {format_date(due)})", 0)
    with time_machine.travel(midnight + SECOND, tick=False):
        assert pages(signed) == told(f"Chậm 1 ngày (hạn {format_date(due)})", 1)
