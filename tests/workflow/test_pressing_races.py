"""Eight people press at the same moment: `tests/races.py` in a process and on a database of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RACES = Path(__file__).resolve().parents[1] / "races.py"
ROUNDS = 20


@pytest.mark.pdf
def test_of_eight_who_press_at_once_one_wins_and_the_others_are_told() -> None:
    ran = subprocess.run(
        [sys.executable, str(RACES), "--rounds", str(ROUNDS)],
        env={**os.environ, "DEMO": "1"}, capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
    assert f"decide: {ROUNDS} rounds of 8" in ran.stdout
    assert "typing: 150 saves of 3 people" in ran.stdout
    assert ran.stdout.endswith("Every round ended as it must.\n")
