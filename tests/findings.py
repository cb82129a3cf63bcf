"""Reports changed in one place, and what the checks then say."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from conftest import TONG_SON, report_of

from reports.checks import Finding, check
from reports.dossier.facts import Dossier, load
from reports.dossier.json import from_json, to_json
from reports.evidence.holding import figures_needing_evidence

Changes = Mapping[tuple[Any, ...], Any]


def tong_son() -> Dossier:
    return load(report_of(TONG_SON, "TH-2026-9T"))


def told(data: dict[str, Any], like: Dossier) -> Dossier:
    return from_json(data, like.outline, like.indicators, like.catalogue)


def changed(dossier: Dossier, changes: Changes) -> Dossier:
    """The dossier with other values at these paths of its JSON; a path that ends in + appends."""
    data = deepcopy(to_json(dossier))
    for path, value in changes.items():
        place = data
        for step in path[:-1]:
            place = place[step]
        if path[-1] == "+":
            place.append(value)  # type: ignore[attr-defined]
        else:
            place[path[-1]] = value
    return told(data, dossier)


def by(rule: str, dossier: Dossier, previous: Dossier | None = None) -> list[Finding]:
    held = figures_needing_evidence(dossier)
    return [finding for finding in check(dossier, previous, held) if finding.rule == rule]


def cell(table: str, row: int, column: str) -> tuple[Any, ...]:
    return ("tables", table, row, column)


# --- the composed paper ---


def with_body(body: str) -> Dossier:
    """Tống Sơn's report with another body of one item of its outline."""
    dossier = tong_son()
    items = tuple(
        replace(item, body=body) if item.code == "systems" else item
        for item in dossier.outline.items
    )
    return replace(dossier, outline=replace(dossier.outline, items=items))
