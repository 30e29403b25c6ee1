"""The ground floor's tests read the English sentences, whatever the installation's language is."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield
