"""How long until a deadline, in words."""

from datetime import date

from ..text.dates import format_date
from ..text.numbers import format_count


def time_left(deadline: date, today: date) -> tuple[str, str]:
    """`Còn 3 ngày (hạn 17/6/2023)` and how pressing it is: calm, soon, today or late."""
    days = (deadline - today).days
    due = f"hạn {format_date(deadline)}"
    if days > 0:
        return f"Còn {format_count(days)} ngày ({due})", "soon" if days <= 5 else "calm"
    if days == 0:
        return f"Hôm nay là hạn cuối ({due})", "today"
    return f"Chậm {format_count(-days)} ngày ({due})", "late"


def period_words(deadline: date, today: date) -> tuple[str, str]:
    """The deadline of a whole period: units are late, a period is only over."""
    if deadline < today:
        return f"Đã hết hạn gửi ngày {format_date(deadline)}", "calm"
    return time_left(deadline, today)


def sent_words(deadline: date, sent: date) -> tuple[str, str]:
    """`Đã gửi ngày 20/9/2026, chậm 3 ngày (hạn 17/9/2026)`, and whether it was late or calm."""
    days = (sent - deadline).days
    late = f", chậm {format_count(days)} ngày" if days > 0 else ""
    text = f"Đã gửi ngày {format_date(sent)}{late} (hạn {format_date(deadline)})"
    return text, "late" if days > 0 else "calm"
