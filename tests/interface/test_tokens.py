"""The token table: the written files are fresh, and the colours can be read in both themes."""

import pytest

from core import tokens
from core.management.commands.write_tokens import written_files

pytestmark = pytest.mark.house


def test_the_written_files_are_fresh():
    stale = [path.name for path, text in written_files().items() if path.read_text() != text]

    assert not stale, f"run manage.py write_tokens: {stale}"


@pytest.mark.parametrize("theme", [tokens.LIGHT, tokens.DARK])
def test_words_of_every_status_stand_out_from_their_ground(theme):
    weak = {
        status: round(_contrast(f"status-{status}-fg", f"status-{status}-bg", theme), 2)
        for status in tokens.STATUS
        if _contrast(f"status-{status}-fg", f"status-{status}-bg", theme) < 4.5
    }

    assert not weak


@pytest.mark.parametrize("theme", [tokens.LIGHT, tokens.DARK])
@pytest.mark.parametrize("ground", ["canvas", "surface", "sunken"])
@pytest.mark.parametrize("words", ["text", "text2", "text3", "brand"])
def test_words_can_be_read_on_every_ground(words, ground, theme):
    assert _contrast(words, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", [tokens.LIGHT, tokens.DARK])
def test_the_edges_of_controls_and_the_marks_can_be_seen(theme):
    marks = ["control-border", *(f"status-{status}-mark" for status in tokens.STATUS)]

    assert [mark for mark in marks if _contrast(mark, "surface", theme) < 3] == []


def test_a_colour_that_is_not_in_the_table_is_refused():
    with pytest.raises(KeyError):
        tokens.colour("mauve")


def _contrast(one: str, other: str, theme: str) -> float:
    lighter, darker = sorted((_luminance(one, theme), _luminance(other, theme)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(name: str, theme: str) -> float:
    value = tokens.colour(name, theme).lstrip("#")
    parts = [int(value[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
