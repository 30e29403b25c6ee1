"""The company that sells: what stands on its paper, and its currency."""

from django.utils.translation import gettext_lazy as _

from core.parameters import Kind, Parameter

GROUP = _("Company")

NAME_ZH = Parameter("company.name_zh", "R1.8", Kind.TEXT, "订单通示范贸易有限公司", _("Name, Chinese"), GROUP)
NAME_EN = Parameter(
    "company.name_en", "R1.8", Kind.TEXT, "Orderway Model Trading Co., Ltd.", _("Name, English"), GROUP
)
ADDRESS_ZH = Parameter(
    "company.address_zh", "R1.8", Kind.TEXT, "上海市浦东新区示范路 100 号", _("Address, Chinese"), GROUP
)
ADDRESS_EN = Parameter(
    "company.address_en", "R1.8", Kind.TEXT, "100 Shifan Road, Pudong, Shanghai", _("Address, English"), GROUP
)
PHONE = Parameter("company.phone", "R1.8", Kind.TEXT, "021-5555 0100", _("Telephone"), GROUP)
BANK_ZH = Parameter("company.bank_zh", "R6.1", Kind.TEXT, "示范银行上海浦东支行", _("Bank, Chinese"), GROUP)
BANK_EN = Parameter(
    "company.bank_en", "R6.1", Kind.TEXT, "Model Bank, Shanghai Pudong Branch", _("Bank, English"), GROUP
)
BANK_ACCOUNT = Parameter(
    "company.bank_account", "R6.1", Kind.TEXT, "6222 0000 0000 0000", _("Bank account"), GROUP
)
TAX_ID = Parameter("company.tax_id", "R6.1", Kind.TEXT, "91310000MA00000000", _("Tax identity"), GROUP)
CURRENCY = Parameter(
    "company.currency",
    "R1.6",
    Kind.CHOICE,
    "CNY",
    _("Company currency"),
    GROUP,
    choices=[("CNY", _("Chinese yuan")), ("USD", _("US dollar")), ("EUR", _("Euro"))],
)
