"""The shapes of figures that the models of customers share."""

from django.conf import settings

MONEY = {"max_digits": 16, "decimal_places": 2}
QUANTITY = {"max_digits": 14, "decimal_places": 3}
PRICE = {"max_digits": 14, "decimal_places": 4}
PERSON = settings.AUTH_USER_MODEL
