from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from core import parameters
from core.models import Event, ParameterValue
from core.parameter_actions import set_parameter
from core.parameters import Kind, Parameter, reset_cache
from core.rules import Blocked
from tests.core.people import administrator, person

CLOCK = Parameter("test.clock", "R1.5", Kind.WORKING_HOURS, 24, "Clock", "Test")
LIMIT = Parameter("test.limit", "R2.4", Kind.MONEY, "500000", "Limit", "Test", minimum=0, maximum=10_000_000)
WEEKS = Parameter("test.weeks", "R4.8", Kind.DAYS, 14, "Days", "Test")
STRICT = Parameter("test.strict", "R10.4", Kind.BOOLEAN, False, "Strict", "Test")
COLOUR = Parameter(
    "test.colour", "R1.2", Kind.CHOICE, "red", "Colour", "Test", choices=[("red", "Red"), ("blue", "Blue")]
)


@pytest.mark.django_db
def test_a_parameter_without_a_row_has_its_default():
    assert CLOCK.value() == Decimal(24)
    assert WEEKS.value() == 14
    assert STRICT.value() is False


@pytest.mark.django_db
@pytest.mark.rule("R10.1")
def test_what_was_decided_under_an_old_value_is_explained_by_it():
    admin = administrator()
    start = timezone.now()
    next_week = start + timedelta(days=7)
    set_parameter(key="test.clock", value="12", reason="Faster", actor=admin)
    set_parameter(key="test.clock", value="8.5", reason="Faster still", effective_from=next_week, actor=admin)

    assert CLOCK.value(start - timedelta(days=1)) == 24
    assert CLOCK.value() == 12
    assert CLOCK.value(next_week - timedelta(seconds=1)) == 12
    assert CLOCK.value(next_week) == Decimal("8.5")
    standing = CLOCK.standing()
    assert (standing.value, standing.next_value, standing.next_from) == (12, Decimal("8.5"), next_week)


@pytest.mark.django_db
@pytest.mark.rule("R10.1")
def test_a_change_is_audited_with_old_and_new_and_reason():
    admin = administrator()
    set_parameter(key="test.limit", value="600000", reason="Board of November", actor=admin)

    event = Event.objects.get(verb="parameter.changed")
    assert (event.thread, event.actor, event.reason) == ("parameter:test.limit", admin, "Board of November")
    assert event.facts["old"] == {"value": "500000"}
    assert event.facts["new"]["value"] == "600000"


@pytest.mark.django_db
@pytest.mark.rule("R10.1")
def test_a_wrong_change_gives_every_reason_and_changes_nothing():
    with pytest.raises(Blocked) as refusal:
        set_parameter(
            key="test.limit",
            value="-1",
            reason=" ",
            effective_from=timezone.now() - timedelta(days=1),
            actor=administrator(),
        )

    assert {reason.field_name for reason in refusal.value.reasons} == {"value", "reason", "effective_from"}
    assert not ParameterValue.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.rule("R10.2")
def test_only_an_administrator_changes_parameters():
    with pytest.raises(Blocked) as refusal:
        set_parameter(key="test.limit", value="1", reason="Mine", actor=person())

    assert [reason.rule for reason in refusal.value.reasons] == ["R10.2"]
    assert LIMIT.value() == 500_000


@pytest.mark.django_db
@pytest.mark.rule("R10.1")
def test_a_value_once_set_is_never_overwritten_or_removed():
    set_parameter(key="test.weeks", value=7, reason="First", actor=administrator())
    for change in (lambda rows: rows.update(value=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(ParameterValue.objects.all())
    assert WEEKS.value() == 7


@pytest.mark.django_db
def test_two_values_cannot_begin_at_one_moment():
    admin, moment = administrator(), timezone.now() + timedelta(days=1)
    set_parameter(key="test.weeks", value=7, reason="First", effective_from=moment, actor=admin)
    with pytest.raises(Blocked):
        set_parameter(key="test.weeks", value=21, reason="Second", effective_from=moment, actor=admin)
    assert WEEKS.value(moment) == 7


@pytest.mark.django_db
def test_all_parameters_are_read_by_one_query(django_assert_num_queries):
    reset_cache()
    with django_assert_num_queries(1):
        for each in parameters.REGISTRY.values():
            each.value()


@pytest.mark.parametrize("raw", ["１２", "1_0", "1e1", "", "12.5", "nan", " 0x1", None, True])
def test_a_whole_number_is_typed_in_plain_figures(raw):
    with pytest.raises(ValidationError):
        WEEKS.clean(raw)


@pytest.mark.parametrize("raw", ["１２", "1_0", "1e1", "", "nan", "Infinity", 0.5, "1.2345678", "-0.5"])
def test_a_fraction_is_typed_in_plain_figures_and_never_a_float(raw):
    with pytest.raises(ValidationError):
        LIMIT.clean(raw)


def test_a_choice_is_one_of_those_offered():
    assert COLOUR.clean("blue") == "blue"
    with pytest.raises(ValidationError):
        COLOUR.clean("green")


def test_a_key_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        Parameter("test.clock", "R1.5", Kind.HOURS, 2, "Again", "Test")


def test_the_value_is_shown_with_its_unit():
    assert LIMIT.show(Decimal("500000")).startswith("500")
    assert COLOUR.show("blue") == "Blue"
