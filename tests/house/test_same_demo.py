"""What `./run same` takes for the same page, and what for another."""

from pathlib import Path

import pytest
from page_lines import lines, numbered
from same_demo import compare, paper

pytestmark = pytest.mark.once

SHORT = '<div class="moves"><a class="button">Gửi</a><form><input type="hidden" name="step"><button>Sửa</button></form></div>'
LONG = """
<div class="moves">
  <a class="button">
    Gửi
  </a>
  <form>
    <input type="hidden" name="step">
    <button>Sửa</button>
  </form>
</div>
"""


def test_a_template_written_in_more_lines_is_the_same_page() -> None:
    assert lines(SHORT) == lines(LONG)


@pytest.mark.parametrize(
    ("page", "other"),
    [
        ("<p>a <b>b</b></p>", "<p>a<b>b</b></p>"),
        ("<p>a <b>b</b> c</p>", "<p>a <b>b</b>c</p>"),
        ('<p><input name="a"> b</p>', '<p><input name="a">b</p>'),
        ("<p>a</p>", "<p>b</p>"),
        ('<p class="as-stated">a b</p>', '<p class="as-stated">a\nb</p>'),
        ("<td></td>", "<td> </td>"),
        ('<a href="/" id="x">a</a>', '<a id="x" href="/">a</a>'),
        ("<textarea>a b</textarea>", "<textarea>a\nb</textarea>"),
    ],
)
def test_what_a_person_could_see_is_told(page: str, other: str) -> None:
    assert lines(page) != lines(other)


def test_tokens_and_random_keys_tell_nothing() -> None:
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    assert lines(token.format("a")) == lines(token.format("b"))
    first, second = "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"
    assert numbered(f"{second} {first} {second}") == "key-1 key-2 key-1"
    assert numbered("/static/css/site.0123456789ab.css") == "/static/css/site.css"


def test_bytes_of_no_known_kind_are_told_by_their_hash() -> None:
    assert paper(b"\xff\xfe") != paper(b"\xff\xff")


def test_two_folders_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, text in ((before, "một"), (after, "hai")):
        folder.mkdir()
        (folder / "a.txt").write_text(text, "utf-8")
        (folder / "b.txt").write_text("như nhau", "utf-8")
    assert compare(before, before) == 0
    (after / "c.txt").write_text("mới", "utf-8")
    assert compare(before, after) == 1
    told = capsys.readouterr().out
    assert "-một\n+hai" in told
    assert "c.txt" in told
    assert "b.txt" not in told
