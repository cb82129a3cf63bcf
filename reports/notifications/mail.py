"""The post: letters go out from the queue, and once a day one that gathers what waits for it.

A mail server that is down loses nothing: the letter is tried again and again, and with it the others
wait, so that a dead server is asked every ten minutes and not once for every letter. Only an address
that the server refuses for good, or five days without success, ends a letter unsent; its
notices stand in the portal all the same.
"""

import smtplib
from contextlib import suppress
from datetime import datetime, time, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ..enums import Mailing, Post
from ..jobs.queue import Claim, Failed, Later, Line, backoff
from ..models import Letter, Notice, User
from ..text.dates import format_date
from ..text.numbers import format_count
from ..text.typography import clean_line
from .notices import readable

#: How long a letter is tried, and the longest pause while the server does not answer at all.
PATIENCE = timedelta(days=5)
PAUSE = timedelta(minutes=10)
SUBJECT = "[Báo cáo CCHC] "
ADDRESS_CHANGED = "Địa chỉ nhận thư đã thay đổi"
NO_LONGER = "Người nhận không còn quyền xem báo cáo."
ADDRESS_LEFT = "Người nhận đã bỏ địa chỉ thư này."
#: Each change of address is a letter to the one that is left, which may be anybody's.
MOST_CHANGES = 5
CHANGED_TOO_OFTEN = (
    f"Địa chỉ thư đã đổi {MOST_CHANGES} lần trong 24 giờ qua; mời đổi lại vào ngày mai."
)


def send(claim: Claim) -> None:
    """Send one letter. Later when the server cannot now; Failed when it never will."""
    letter: Letter = claim.item
    if timezone.now() - letter.made_at > PATIENCE and claim.attempt > 1:
        raise Failed(f"Đã thử trong {PATIENCE.days} ngày. {letter.problem}".strip())
    claim.prolong()
    message, server = written(letter), get_connection()
    try:
        server.open()
    except OSError as error:  # what smtplib raises is one too
        wait = backoff(claim.attempt, PAUSE)
        _delay_others(letter, wait)
        raise Later(f"Máy chủ thư không trả lời: {error}"[:300], wait) from error
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refused:
        code, reply = refused.recipients.get(letter.address, (0, b""))
        reason = f"Máy chủ thư từ chối địa chỉ {letter.address}: {code} {_reply_text(reply)}"
        # 5.7: its own rules, which change
        if code >= 500 and not _reply_text(reply).startswith("5.7."):
            raise Failed(reason) from refused
        raise Later(reason, backoff(claim.attempt)) from refused
    except smtplib.SMTPResponseException as refused:
        reason = f"Máy chủ thư không nhận: {refused.smtp_code} {_reply_text(refused.smtp_error)}"
        raise Later(reason, backoff(claim.attempt)) from refused
    except OSError as error:  # the trouble of this letter, perhaps: the others go on
        reason = f"Máy chủ thư ngắt giữa chừng: {error}"[:300]
        raise Later(reason, backoff(claim.attempt)) from error
    except ValueError as error:
        raise Failed("Địa chỉ thư không đúng dạng nên không gửi được.") from error
    finally:
        with suppress(OSError):  # what was sent is sent, however the server takes its leave
            server.close()
    claim.finish()


LINE = Line(Letter, send, most_attempts=None)


def _delay_others(letter: Letter, wait: timedelta) -> None:
    """Let the other letters wait as well: each would find the same server down."""
    until = timezone.now() + wait
    others = Letter.objects.filter(finished_at=None, lease_until=None).exclude(pk=letter.pk)
    others.filter(Q(not_before=None) | Q(not_before__lt=until)).update(not_before=until)


def _reply_text(reply: bytes | str) -> str:
    return (reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply)[:200]


# --- what a letter says -------------------------------------------------------------------------------


def written(letter: Letter) -> EmailMessage:
    """The letter as it goes now: its own words, or those of its notices. Four queries at most.

    A notice of what its reader may no longer look at is left out; Failed when nothing remains. The same
    letter always bears the same Message-ID, so that a mailbox knows one that came twice.
    """
    mine = readable(letter.user).filter(letter=letter)
    notices = list(mine.select_related("by", "period").order_by("at", "pk"))
    if not notices and not letter.subject:
        raise Failed(NO_LONGER)
    if not notices:
        subject, body = letter.subject, letter.body
    elif len(notices) == 1:
        subject, body = (
            notices[0].title,
            _rendered("notice", reader=letter.user, notice=notices[0], address=address(notices[0])),
        )
    else:
        subject = f"{format_count(len(notices))} thông báo đến ngày {format_date(timezone.localdate(letter.made_at))}"
        lines = [(notice, address(notice)) for notice in notices]
        body = _rendered(
            "digest", reader=letter.user, lines=lines, list_address=absolute("notices")
        )
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<letter-{letter.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    subject = SUBJECT + clean_line(subject)
    return EmailMessage(subject, body, None, [letter.address], headers=headers)


def _rendered(name: str, **context: object) -> str:
    context |= {"choice_address": absolute("mailing")}
    return render_to_string(f"email/{name}.txt", context)


def address(notice: Notice) -> str:
    """Where in the portal the notice leads."""
    if notice.report_id:
        return absolute("report", pk=notice.report_id)
    return absolute("period", code=notice.period.code) if notice.period else ""


def absolute(name: str, **arguments: object) -> str:
    """An address of the portal as it is reached from a mailbox; "" while PORTAL_URL is not set."""
    return settings.PORTAL_URL + reverse(name, kwargs=arguments) if settings.PORTAL_URL else ""


def changed_often(user: User) -> bool:
    """Whether the person left as many addresses since yesterday as a day allows."""
    since = timezone.now() - timedelta(days=1)
    return user.letters.filter(subject=ADDRESS_CHANGED, made_at__gt=since).count() >= MOST_CHANGES


def leave_address(user: User, old: str) -> None:
    """After a change: waiting letters go to the new address, and one letter tells the old address of it.

    Whoever did not ask for the change learns of it; whom the old address belonged to learns nothing more.
    """
    if old == user.email:
        return
    waiting = Letter.objects.filter(user=user, finished_at=None, address=old, subject="")
    if user.email:
        waiting.update(address=user.email)
    else:
        waiting.update(finished_at=timezone.now(), problem=ADDRESS_LEFT)
    if settings.MAIL and old:
        body = _rendered("address", user=user, old=old)
        Letter.objects.create(
            user=user, address=old, subject=ADDRESS_CHANGED, body=body, made_at=timezone.now()
        )


# --- once a day ---------------------------------------------------------------------------------------


def digests() -> None:
    """A chore: after DIGEST_HOUR one letter a person of all that awaits one and is still unread."""
    cut = digest_time(timezone.now())
    if timezone.now() >= cut and gathered(cut).exists():
        make_digests(cut)


def digest_time(moment: datetime) -> datetime:
    """When the digest of that day goes."""
    day = timezone.localdate(moment)
    return timezone.make_aware(datetime.combine(day, time(settings.DIGEST_HOUR)))


def gathered(cut: datetime) -> QuerySet[Notice]:
    """The notices written before `cut` that await a digest and that nobody has read."""
    return (
        Notice.objects.filter(post=Post.DIGEST, letter=None, read_at=None, done_at=None, at__lt=cut)
        .filter(user__is_active=True)
        .exclude(user__email="")
        .exclude(user__mail=Mailing.NONE)
    )


@transaction.atomic
def make_digests(cut: datetime) -> int:
    """One letter for each person; returns how many. Two workers at once make one: the rows are locked."""
    rows = gathered(cut)
    waiting = set(rows.select_for_update(of=("self",)).values_list("user", flat=True))
    at = timezone.now()
    letters = Letter.objects.bulk_create(
        Letter(user=user, address=user.email, made_at=at)
        for user in User.objects.filter(notices__in=rows).distinct() if user.pk in waiting
    )  # fmt: skip
    own = Letter.objects.filter(user=OuterRef("user"), made_at=at).order_by("-pk").values("pk")
    rows.update(letter=Subquery(own[:1]))
    return len(letters)
