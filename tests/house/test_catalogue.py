import gettext
import shutil
import subprocess
import sys

import pytest

from tests.house import catalogue
from tests.house.tree import APPS, ROOT

pytestmark = pytest.mark.house
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
BAD = """
msgid ""
msgstr ""
"Language: zh_Hans\\n"

msgid "Order"
msgstr ""

#, fuzzy
msgid "Line"
msgstr "行"
"""
EXTRACT = """
import django
from django.conf import settings
from django.core.management import call_command
settings.configure(USE_I18N=True)
django.setup()
call_command("makemessages", locale=["zh_Hans"], verbosity=0)
"""


@pytest.mark.parametrize("domain", ["django"])
def test_the_chinese_catalogue_is_complete(domain):
    assert list(catalogue.faults((FOLDER / f"{domain}.po").read_text())) == []


def test_the_compiled_catalogue_says_what_the_source_says():
    with (FOLDER / "django.mo").open("rb") as compiled:
        said = gettext.GNUTranslations(compiled)
    plain = [
        each
        for each in catalogue.entries((FOLDER / "django.po").read_text())
        if list(each.texts) == ["msgid", "msgstr"]
    ]
    assert plain
    differing = [
        each.texts["msgid"]
        for each in plain
        if "\\" not in "".join(each.texts.values())
        and said.gettext(each.texts["msgid"]) != each.texts["msgstr"]
    ]
    assert differing == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs xgettext (package gettext)")
def test_every_text_in_the_sources_is_in_the_catalogue(tmp_path):
    for each in (*APPS, "config", "templates", "manage.py"):
        source = ROOT / each
        if source.is_dir():
            shutil.copytree(
                source, tmp_path / each, ignore=shutil.ignore_patterns("__pycache__", "migrations")
            )
    (tmp_path / "locale").mkdir()
    subprocess.run([sys.executable, "-c", EXTRACT], cwd=tmp_path, check=True, capture_output=True)
    fresh = (tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text()
    assert catalogue.missing(fresh, (FOLDER / "django.po").read_text()) == set()


def test_a_gap_and_a_guess_are_found():
    assert list(catalogue.faults(BAD)) == ["untranslated: Order", "fuzzy: Line"]
    assert list(catalogue.faults('msgid "%(n)s left"\nmsgstr "剩 %(m)s"\n')) == ["unknown figure: %(n)s left"]


def test_a_text_that_is_not_in_the_catalogue_is_found():
    assert catalogue.missing('msgid "New"\nmsgstr ""\n\nmsgid "Order"\nmsgstr ""\n', BAD) == {"New"}
