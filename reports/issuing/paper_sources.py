"""What of this software shapes a paper: code, stylesheet, fonts, libraries down to Pango, as one hash.

The code is found, not listed: every module that the makers of papers import, as their imports are
written. It is hashed as it is understood: a comment or a docstring changes nothing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from django.conf import settings

from ..documents import html
from ..documents.natives import native_versions

#: The room that makes papers; whatever it imports, and what that imports, shapes them.
MAKER = "reports.issuing.papers"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def shape() -> str:
    """The hash of all of it. Reads the files each time: `papers.writing` remembers it."""
    files, outside = sources(MAKER)
    parts = [understood(files[path]) for path in sorted(files)]
    parts += [sha256(path.read_bytes()).hexdigest() for path in looks()]
    parts += [*versions(outside), *native_versions()]
    return sha256("\n".join(parts).encode()).hexdigest()


def understood(tree: ast.Module) -> str:
    """The source without what nobody but a reader sees."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)


def looks() -> list[Path]:
    """What a paper is drawn with beside code: stylesheets, fonts, and what tells which fonts there are."""
    fonts = sorted(settings.FONT_DIR.rglob("*.ttf"))
    files = [*html.STYLESHEETS, *fonts, settings.FONTCONFIG_FILE]
    return [path for path in files if path.is_file()]


def sources(maker: str) -> tuple[dict[Path, ast.Module], set[str]]:
    """Files of ours that a module runs with, itself among them; the packages of others they name."""
    files: dict[Path, ast.Module] = {}
    outside: set[str] = set()
    waiting = [maker]
    while waiting:
        path = _file(waiting.pop())
        if path is None or path in files:
            continue
        tree = files[path] = ast.parse(path.read_text(encoding="utf-8"))
        for name in imported(path, tree):
            if name.split(".")[0] == "reports":
                waiting += _with_parents(name)
            else:
                outside.add(name.split(".")[0])
    return files, outside


def _with_parents(name: str) -> Iterator[str]:
    """`reports.compose.prose`, and `reports.compose`, whose `__init__` runs first."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _file(module: str) -> Path | None:
    """The file of a module of ours; None for a name that is something inside one."""
    base = Path(settings.BASE_DIR, *module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def imported(path: Path, tree: ast.Module) -> Iterator[str]:
    """The full name of all that a file imports, at its head or inside its functions.

    `from .models import Unit` names `reports.models.Unit` too: what is no module is passed over later.
    """
    inside = path.relative_to(settings.BASE_DIR).with_suffix("").parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def versions(packages: Iterable[str]) -> list[str]:
    """`weasyprint 66.0`: what provides these packages, and what that needs in turn."""
    providers = _providers()
    waiting = [name for package in packages for name in providers.get(package, ())]
    found: dict[str, str] = {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            held = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # needed only elsewhere, on another system
            continue
        found[name] = held.version
        needs = [need for need in held.requires or () if "extra ==" not in need]
        waiting += [_plain(re.split(r"[^\w.-]", need, maxsplit=1)[0]) for need in needs]
    return [f"{name} {version}" for name, version in sorted(found.items())]


@cache
def _providers() -> dict[str, list[str]]:
    told = metadata.packages_distributions()
    return {package: [_plain(name) for name in names] for package, names in told.items()}


def _plain(name: str) -> str:
    """One spelling of a distribution's name: `Python_Docx` is `python-docx`."""
    return re.sub(r"[-_.]+", "-", name).lower()
