from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import invariants
from core.models import Thread


@pytest.mark.django_db
def test_the_invariants_hold_on_an_empty_house():
    answer = StringIO()
    call_command("verify_invariants", stdout=answer)
    assert "BROKEN" not in answer.getvalue()
    assert invariants.broken() == {}


@pytest.mark.django_db
@pytest.mark.rule("R10.1")
def test_a_broken_line_is_named_with_its_rows():
    Thread.objects.create(name="order:1", last_seq=2, last_hash="x")
    answer = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify_invariants", "--only", "I8", stdout=answer)
    assert failure.value.returncode == 1
    assert "BROKEN I8" in answer.getvalue()
    assert "name=order:1" in answer.getvalue()


@pytest.mark.django_db
def test_every_line_is_asked_of_the_database_and_named_by_number():
    for line in invariants.in_order():
        assert line.number[0] == "I"
        assert line.number[1:].isdigit()
        assert isinstance(line.broken_rows(), list)
