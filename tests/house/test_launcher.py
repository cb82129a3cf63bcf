"""The launcher and the files it installs from: what a fresh machine would stumble over."""

import importlib.machinery
import importlib.util
import json
import os
import re
import socket
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`run` as a module whose working copy is an empty folder."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    setup = tmp_path / ".setup"
    setup.mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SETUP", setup)
    monkeypatch.setattr(module, "FONTS_CONF", setup / "fonts.conf")
    monkeypatch.setattr(module, "BROWSER", setup / "chromium")
    return module


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`./run …` as an operator would type it."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run"), *args],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env={**os.environ, **env},
    )


# ---------------------------------------------------------------- locks


def pinned(name: str) -> dict[str, str]:
    """Package and version of every entry of a lock."""
    entries = re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / name).read_text(), re.MULTILINE)
    return dict(entries)


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_and_hashed(name: str) -> None:
    lines = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert len(entries) == len(pinned(name)) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_tests_run_with_the_versions_that_are_served() -> None:
    runtime, dev = map(pinned, PYTHON_LOCKS)
    assert {name: dev.get(name) for name in runtime} == runtime


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime, dev = map(pinned, PYTHON_LOCKS)
    for wanted, lock in (
        (project["dependencies"], runtime),
        (project["optional-dependencies"]["dev"], dev),
    ):
        names = {re.split(r"[\[<>= ]", requirement)[0] for requirement in wanted}
        assert names <= set(lock)


@pytest.mark.parametrize(
    "name", [*PYTHON_LOCKS, "package.json", "pyproject.toml", ".ci/run", "run"]
)
def test_no_file_names_an_index_or_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"http://(127\.0\.0\.1|\{host\})", "", text)
    assert not re.findall(
        r"https?://|file:|--(?:extra-)?index-url|find-links|/(?:home|root)/", text
    )


def test_every_omission_has_a_mark(launcher: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    marks = {line.split(":")[0] for line in project["tool"]["pytest"]["ini_options"]["markers"]}
    assert marks == {*launcher.SYSTEM, "postgres", "once", "every_engine"}


def test_npm_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    served = {name for name, package in packages.items() if "dev" not in package}
    served = {name.removeprefix("node_modules/") for name in served}
    builds = {name for name in served if name.startswith("@esbuild/")}  # one a kind of machine
    assert served - builds == {
        "",
        "@expo-google-fonts/tinos",
        "@fontsource/tinos",
        "esbuild",
        "idb-keyval",
    }
    tools = {
        name.removeprefix("node_modules/") for name, entry in packages.items() if "dev" in entry
    }
    assert all(re.match(r"@biomejs/(biome|cli-[a-z0-9-]+)$", name) for name in tools), tools
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")


# ---------------------------------------------------------------- set-up


@pytest.fixture
def steps(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that preparing the assets ran; they fetch nothing, but leave what they would."""
    ran: list[list[str]] = []

    def call(*command: Any, env: dict[str, str] | None = None) -> None:
        ran.append([str(part) for part in command[3:]])
        for path in (launcher.FONTS, *([] if "--omit=dev" in command else [launcher.BIOME])):
            path.mkdir(parents=True, exist_ok=True)

    for name in ("FONTS", "BIOME"):
        monkeypatch.setattr(launcher, name, launcher.ROOT / name)
    monkeypatch.setattr(launcher, "call", call)
    (launcher.ROOT / "package-lock.json").write_text("{}")
    return ran


def test_a_portal_that_is_served_fetches_no_tools(
    launcher: ModuleType, steps: list[list[str]]
) -> None:
    launcher.prepare_assets(dev=False)
    launcher.prepare_assets(dev=False)
    assert [step[0] for step in steps] == ["ci"]
    assert "--omit=dev" in steps[0]


def test_a_working_copy_keeps_the_tools_once_it_has_them(
    launcher: ModuleType, steps: list[list[str]]
) -> None:
    launcher.prepare_assets(dev=False)
    for dev in (True, False, True):
        launcher.prepare_assets(dev=dev)
    assert ["--omit=dev" in step for step in steps] == [True, False]


def test_a_step_runs_again_only_when_its_inputs_change(launcher: ModuleType) -> None:
    lock, log = launcher.ROOT / "lock", launcher.ROOT / "log"
    step = [sys.executable, "-c", f"open({str(log)!r}, 'a').write('x')"]

    def runs() -> int:
        launcher.once("thing", log, [lock, "value"], *step)
        return len(log.read_text())

    lock.write_text("a")
    assert [runs(), runs()] == [1, 1]
    lock.write_text("b")
    assert [runs(), runs()] == [2, 2]
    log.unlink()
    assert runs() == 1


def test_a_failed_step_stops_and_is_tried_again(launcher: ModuleType) -> None:
    for _ in range(2):
        with pytest.raises(SystemExit, match=r"This step failed: .*exit"):
            launcher.once("thing", launcher.ROOT, ["value"], sys.executable, "-c", "exit(3)")
    assert not list(launcher.SETUP.iterdir())


def test_a_missing_package_is_named_once_and_nothing_stops(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(launcher, "say", said.append)
    monkeypatch.setattr(launcher.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(launcher, "PDF_LIBRARIES", ("libno-such-library.so.0",))
    launcher.prepare_system("pdf")
    packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert said == [f"No PDF files until you run: sudo apt-get install {packages}"]


def test_without_ensurepip_one_line_says_what_to_install(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "PYTHON", launcher.ROOT / ".venv" / "bin" / "python")
    monkeypatch.setattr(launcher.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda name: None)
    package = f"python3.{sys.version_info.minor}-venv"
    with pytest.raises(SystemExit, match=f"^Please install {package} first: sudo apt-get [^\n]*$"):
        launcher.prepare_venv()


def test_a_browser_that_does_not_start_is_none(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("chromium", 1), ("google-chrome", 0)):
        program = launcher.ROOT / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(launcher.ROOT))
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    assert launcher.find_browser() == str(launcher.ROOT / "google-chrome")
    (launcher.ROOT / "google-chrome").unlink()
    assert launcher.find_browser() == ""


def test_paper_sees_the_project_font_and_no_other() -> None:
    assert run("manage", "version").returncode == 0
    config = ElementTree.parse(ROOT / ".setup" / "fonts.conf").getroot()
    folders = [Path(element.text or "") for element in config.iter("dir")]
    assert [folder.relative_to(ROOT).as_posix() for folder in folders] == [
        "node_modules/@expo-google-fonts/tinos"
    ]
    assert len(list(folders[0].glob("**/*.ttf"))) == 4
    assert config.find("include") is None


# ---------------------------------------------------------------- commands


@pytest.mark.parametrize("args", [(), ("--help",), ("help",)])
def test_help_lists_every_command(launcher: ModuleType, args: tuple[str, ...]) -> None:
    answer = run(*args)
    assert answer.returncode == 0
    for command in launcher.COMMANDS:
        assert f"./run {command} " in answer.stdout


def test_an_unknown_command_fails() -> None:
    assert run("tests").returncode == 2


def test_old_python_is_refused_politely_in_both_languages() -> None:
    source = (ROOT / "run").read_text(encoding="utf-8")
    old = "import sys; sys.version_info = (3, 9, 2); exec(compile(sys.stdin.read(), 'run', 'exec'))"
    answer = subprocess.run(
        [sys.executable, "-c", old], input=source, capture_output=True, check=False, text=True
    )
    assert answer.returncode == 1
    assert re.fullmatch(r"Cần Python ≥ 3\.11 / .* newer is needed, not 3\.9\n", answer.stderr)


def test_management_commands_own_stdout() -> None:
    answer = run("manage", "version")
    assert answer.returncode == 0
    assert re.fullmatch(r"5\.2\.\d+\n", answer.stdout)


def test_a_key_is_made_once_and_never_replaces_a_given_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    show = ("manage", "shell", "-v0", "-c", code)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = [run(*show).stdout for _ in range(2)]
    path = ROOT / ".setup" / "secret_key"
    assert made == [path.read_text() + "\n"] * 2
    assert len(made[0]) > 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run(*show, SECRET_KEY="given").stdout == "given\n"


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = run("demo", "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert re.fullmatch(r"Address already in use .*--port NUMBER\n", answer.stderr)
