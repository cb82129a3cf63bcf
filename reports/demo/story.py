"""The demo's story: moves reports from role to role through the functions that people's requests use.

`fixtures/demo/way.toml` lists who did what with which report, and when; `pages.toml` what clerks typed.
Each step goes through forms, `gate`, `remarks` and `workflow` as a person's would, so the history, its
chain and the kept papers are real. A report in which anything was entered is skipped: a story is loaded once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta
from string import Template
from typing import Any

from django.db.models import F
from django.utils import timezone

from .. import audit
from ..access import Refused
from ..checks import gate
from ..checks.gate import NotYet
from ..directory import DataError
from ..dossier import Dossier, load
from ..editing.save_page import PageChanges, write_page
from ..enums import Post, Role, Section, Verb
from ..issuing.release import IssuedPaper
from ..models import Letter, Notice, Report, User
from ..notifications import mail
from ..review import remarks
from ..verbs import CHECKED, RELEASING
from ..workflow import perform
from ..workflow.extension import ask_extension, extend
from ..workflow.moves import Approve, CorrectIssue, Issue, Move, Plain, Reopen, Return
from ..workflow.reopening import ask_reopen

#: How long a clerk of the story stays on one page.
PAGE_TAKES = timedelta(minutes=7)
Step = Mapping[str, Any]


def tell(
    stories: Mapping[str, Any], pages: Mapping[str, Any], say: Callable[[str], object]
) -> None:
    """Take the steps of every report that is still empty; `say` is called with what was left out.

    DataError names the step that the portal refused.
    """
    users = {user.username: user for user in User.objects.all()}
    for story in stories["reports"]:
        report = _report(story["unit"], story["period"])
        if report.revision or report.step:
            continue
        counted = True  # what the checks find: presenting and sending count it
        for position, step in enumerate(story["steps"], start=1):
            place = f"{report}, bước {position} ({step['do']})"
            try:
                if step["by"] not in users:
                    raise ValueError(f"không có “{step['by']}”")
                walk = Walk(report, users[step["by"]], step, pages)
                settle_post(report, walk.at)
                walk.take()
                counted = step["do"] in CHECKED or (counted and step["do"] not in ("fill", "edit"))
            except NotYet as refused:
                if step["do"] not in RELEASING:
                    raise DataError(f"{place}: {refused}") from refused
                say(f"Bỏ qua từ {place}: {refused}")
                break
            except (Refused, ValueError) as error:
                raise DataError(f"{place}: {error}") from error
        with nullcontext() if counted else gate.counting(report):  # once, not after each page
            audit.seal(report)
        send_letters(report)


def settle_post(report: Report, at: datetime) -> None:
    """Mark notices from before `at` as read and their letters as sent; the last notice stays unread."""
    Notice.objects.filter(report=report, read_at=None, at__lt=at).update(read_at=F("at"))
    send_letters(report)


def send_letters(report: Report) -> None:
    """Write the letters of the story with its dates, as sent already, so that no worker sends them."""
    waiting = Notice.objects.filter(report=report, post=Post.DIGEST, letter=None, read_at=None)
    for user in User.objects.filter(notices__in=waiting).distinct():
        own = waiting.filter(user=user)
        next_day = mail.digest_time(own.latest("at").at + timedelta(days=1))
        own.update(letter=Letter.objects.create(user=user, address=user.email, made_at=next_day))
    letters = Letter.objects.filter(notices__report=report, finished_at=None)
    letters.update(finished_at=F("made_at"), attempt=1)


def _report(unit: str, period: str) -> Report:
    return Report.objects.select_related("unit", "period").get(unit__code=unit, period__code=period)


class Walk:
    """One step of one report, taken by one person at one moment."""

    def __init__(self, report: Report, by: User, step: Step, pages: Mapping[str, Any]) -> None:
        self.report = Report.objects.select_related("unit", "period").get(pk=report.pk)
        self.by, self.step, self.pages = by, step, pages
        self.at: datetime = timezone.make_aware(step["at"])
        self.section = Section(step["section"]) if step.get("section") else None

    def take(self) -> None:
        actions = {"fill": self.fill, "edit": self.edit, "explain": self.explain,
                   "answer": self.answer, "settle": self.settle,
                   Verb.COMMENT: self.comment, Verb.ASK_REOPEN: self.ask,
                   Verb.ASK_EXTENSION: self.ask_time, Verb.EXTEND: self.extend}  # fmt: skip
        actions.get(self.step["do"], self.move)()

    def fill(self) -> None:
        """Type the pages of the report, or those that `sections` names, one after the other."""
        dossier, at = load(self.report), self.at
        for section, texts in self._pages():
            self._type(dossier, section, texts, at)
            at += PAGE_TAKES

    def _pages(self) -> Iterator[tuple[Section, dict[str, str]]]:
        """The texts typed into each page: those that all communes share, with the commune's own figures filled in."""
        for section in map(Section, self.step.get("sections", self.pages["pages"])):
            yield section, self._filled_in(self.pages["pages"][section])

    def _filled_in(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts with the unit's figures of this period and its name filled in."""
        unit, period = self.report.unit, self.report.period
        figures = (
            row for row in self.pages["figures"]
            if (row["unit"], row["period"]) == (unit.code, period.code)
        )  # fmt: skip
        names = {"commune": unit.name, "kind": unit.kind, "unit_name": f"{unit.kind} {unit.name}"}
        values = {**next(figures, {}), **names}
        return {name: Template(text).substitute(values) for name, text in texts.items()}

    def edit(self) -> None:
        assert self.section
        self._type(load(self.report), self.section, self._filled_in(self.step["fields"]), self.at)

    def _type(
        self, dossier: Dossier, section: Section, texts: Mapping[str, str], at: datetime
    ) -> None:
        """Save one page. ValueError naming the fields that were not taken."""
        saved = write_page(self.report, dossier, section, PageChanges(texts), self.by, at)
        unread = {name: refusal.problem for name, refusal in saved.refused.items()}
        unread |= dict.fromkeys(saved.old, "bảng mã cũ")
        unread |= dict.fromkeys(saved.without_field, "trang không có ô này")
        if unread:
            raise ValueError(f"phần {section}: {unread}")

    def explain(self) -> None:
        explanations = self.step["words"]
        if gate.explain(self.report, explanations, self.by, self.at) != len(explanations):
            raise ValueError(f"không phải mọi cảnh báo này đang có: {', '.join(explanations)}")

    def comment(self) -> None:
        about = {name: self.step.get(name, "") for name in ("name", "passage")}
        section = self.section or ""
        remarks.say(self.report, self.by, self.step["text"], section, **about, at=self.at)

    def answer(self) -> None:
        remarks.answer(self.report, self._remark(), self.by, self.step["text"], self.at)

    def settle(self) -> None:
        remarks.settle(self.report, self._remark(), self.by, settled=True, at=self.at)

    def _remark(self) -> int:
        """The remark that `to` counts, from 1, in the order they were made."""
        return list(self.report.remarks.filter(answers=None))[self.step["to"] - 1].pk

    def ask(self) -> None:
        assert self.section
        ask_reopen(self.report, self.section, self.by, self.step["note"], self.at)

    def ask_time(self) -> None:
        day, note = self.step["day"], self.step["note"]
        ask_extension(self.report, day, self.by, note, self.at)

    def extend(self) -> None:
        day, note = self.step["day"], self.step.get("note", "")
        extend(self.report, day, self.by, note, at=self.at)

    def _signer(self) -> str:
        """Who signed: named by the step, else the unit's leader, else whoever issues it."""
        unit = self.report.unit_id
        leader = User.objects.filter(roles__unit=unit, roles__role=Role.LEADER).first()
        return str(self.step.get("signer") or leader or self.by)

    def move(self) -> None:
        perform(self.report, self._payload(), self.by, at=self.at)

    def _payload(self) -> Move:
        """The move of the step with what its verb needs."""
        verb, note = Verb(self.step["do"]), self.step.get("note", "")
        sections = tuple(map(Section, self.step.get("sections", ())))
        match verb:
            case Verb.RETURN:
                return Return(note, sections)
            case Verb.REOPEN:
                return Reopen(note, sections)
            case Verb.APPROVE:
                return Approve(note)
            case Verb.ISSUE:
                return Issue(self._paper(), note)
            case Verb.CORRECT_ISSUE:
                return CorrectIssue(self._paper(), note)
        return Plain(verb, note)

    def _paper(self) -> IssuedPaper:
        return IssuedPaper(self.step["number"], self.step["issued_on"], self._signer())
