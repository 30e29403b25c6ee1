"""What the tree may not contain."""

import re

import pytest

from tests.house.tree import ROOT, files, shown

pytestmark = pytest.mark.house
TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".toml",
    ".yml",
    ".yaml",
    ".css",
    ".js",
    ".json",
    ".po",
    ".sh",
    ".cfg",
    ".ini",
    "",
}
REGISTRIES = (
    "py" + "pi.",
    "python" + "hosted",
    "npm" + "js",
    "npm" + "mirror",
    "ruby" + "gems",
    "/simple" + "/",
)
HOMES = re.compile(r"(?:^|[\s\"'=(:])(/work/|/home/\w|/Users/\w|/root/)")


def addresses(text: str) -> list[str]:
    """The package registries that a text names."""
    return [each for each in REGISTRIES if each in text.lower()]


def test_no_registry_address_and_no_path_of_one_machine():
    found = []
    for path in files():
        if path.suffix in TEXT and path.name != "test_tree.py" and ".min." not in path.name:
            text = path.read_text(errors="replace")
            found += [f"{shown(path)}: {each}" for each in [*addresses(text), *HOMES.findall(text)]]
    assert found == []


def test_requirements_are_pinned_by_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert len(pins) > 50
        assert [line for line in pins if "==" not in line or not line.endswith("\\")] == []


def test_an_address_is_found():
    assert addresses("fetched from files.Python" + "Hosted.org") == ["python" + "hosted"]
    assert HOMES.findall("cd /work/somewhere") == ["/work/"]
