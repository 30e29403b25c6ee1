import pytest

from approvals.snapshot import differences, shown, values

pytestmark = pytest.mark.django_db

ORDER = {
    "customer": "KH01",
    "test_terms": "deposit",
    "total": "7226.3",
    "product_id": 9,
    "note": "",
    "lines": [{"position": 1, "product": "P-1", "quantity": "1200.500", "price": "46.7125", "discount": "0"}],
}


def test_a_snapshot_is_read_as_facts_and_tables():
    values(test_terms={"deposit": "Deposit first"})
    content = shown(ORDER)
    assert [(each["label"], each["value"]) for each in content["facts"]] == [
        ("Customer", "KH01"),
        ("test terms", "Deposit first"),
        ("Total", "7,226.30"),
    ]
    table = content["tables"][0]
    assert [head["label"] for head in table["heads"]] == ["Line", "Product", "Quantity", "Price", "Discount"]
    assert [cell[0] for cell in table["rows"][0]] == ["1", "P-1", "1,200.5", "46.7125", "0"]


@pytest.mark.rule("R2.11")
def test_what_changed_is_named_line_by_line():
    now = {**ORDER, "total": "8000", "lines": [*ORDER["lines"], {"position": 2, "product": "P-2"}]}
    assert [(each["label"], each["old"], each["new"]) for each in differences(ORDER, now)] == [
        ("Total", "7,226.30", "8,000.00"),
        ("Lines 2 · Line", "", "2"),
        ("Lines 2 · Product", "", "P-2"),
    ]
    assert differences(ORDER, ORDER) == []
    assert differences({}, ORDER) == []
