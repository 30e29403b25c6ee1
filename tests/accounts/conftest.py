"""The model company, and English sentences."""

import pytest
from django.utils import translation

from tests.world import World


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return World()
