"""How often a value changes rooms on its way: `.venv/bin/python tests/journeys.py`.

Four things are done through the portal's own pages, on a database of its own with the demo's archive: a
figure is typed, a section is opened, a period is exported as a workbook, a report is returned. Counted are the
rooms (what stands directly below `reports`) that were entered, the ways from one into another, and the pairs of
functions that took these ways, each once however often; and of the pairs those that led up to a higher floor,
which only a function handed down can do. `--ways` prints the pairs.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from races import ROOT, prepare
from worlds import copied

Pair = tuple[str, str]


@contextmanager
def watched(pairs: set[Pair]) -> Iterator[None]:
    """Note every call from a function of one room into a function of another."""

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or not (callee := place(frame)):
            return
        caller = frame.f_back
        while caller is not None and not place(caller):  # Django and Python stand between
            caller = caller.f_back
        if caller is not None and room(place(caller)) != room(callee):
            pairs.add((place(caller), callee))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def place(frame: FrameType) -> str:
    """`reports.entry.figures:ask`; "" for what is not of ours."""
    module = str(frame.f_globals.get("__name__", ""))
    return f"{module}:{frame.f_code.co_name}" if module.startswith("reports.") else ""


def room(function: str) -> str:
    return function.partition(":")[0].split(".")[1]


def journeys() -> dict[str, Callable[[], Any]]:
    """What is done, by name."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from reports.models import Report, User

    def browser(username: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(User.objects.get(username=username))
        return client

    unit = User.objects.get(username="hatien").roles.get(role="clerk").unit
    typed = Report.objects.filter(unit=unit, state__in=("draft", "returned")).latest("pk")
    sent = Report.objects.filter(period__code="HT-2023-9T", state__in=("sent", "reviewing")).first()
    assert sent is not None
    clerk, reviewer = browser("hatien"), browser("hatrung_noivu")
    section = reverse("section", kwargs={"pk": typed.pk, "section": "procedures"})
    name, number = "procedures.received", "2.395"

    def done(response: Any) -> None:
        assert response.status_code in (200, 302), response.status_code

    def export() -> None:
        address = reverse("exports", kwargs={"code": "HT-2023-9T"})
        done(reviewer.post(address, {"kind": "workbook", "scope": "sent"}))
        call_command("work", "--once")

    return {
        "a figure is typed": lambda: done(
            clerk.post(section, {name: number, f"base:{name}": ""},
                       headers={"accept": "application/json"})
        ),
        "a section is opened": lambda: done(clerk.get(section)),
        "a period is exported": export,
        "a report is returned": lambda: done(
            reviewer.post(reverse("act", kwargs={"pk": sent.pk, "verb": "return"}),
                          {"step": sent.step, "note": "Đề nghị rà soát số liệu."})
        ),
    }  # fmt: skip


def plain_static_files() -> None:
    """Addresses of static files without collecting them first."""
    from django.conf import settings

    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}


def floors() -> dict[str, int]:
    """On which floor each room stands, the lowest is 0; empty when no contract tells."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    contracts = settings.get("importlinter", {}).get("contracts", ())
    layers = next((each["layers"] for each in contracts if each["type"] == "layers"), [])
    names = [layer.replace(":", "|").split("|") for layer in reversed(layers)]
    return {name.strip(): number for number, layer in enumerate(names) for name in layer}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ways", action="store_true", help="print every pair")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        copied(Path(home), f"cchc_journeys_{os.getpid()}") as url,
    ):
        prepare(home, url)
        plain_static_files()
        height = floors()
        for name, do in journeys().items():
            pairs: set[Pair] = set()
            with watched(pairs):
                do()
            up = [p for p in pairs if height.get(room(p[1]), 0) > height.get(room(p[0]), 0)]
            ways = {(room(caller), room(callee)) for caller, callee in pairs}
            rooms = {name for way in ways for name in way}
            print(
                f"{name:24}{len(rooms):4} rooms, {len(ways)} ways between two of them, taken by {len(pairs)} "
                f"pairs of functions, {len(up)} of them upward"
            )
            for caller, callee in sorted(pairs) if options.ways else ():
                print(f"    {caller} → {callee}")


if __name__ == "__main__":
    main()
