"""Which columns look as if nobody should read them."""

import pytest

from infra.local.first_config.sensitive import why_sensitive
from tests.unit.test_first_config.looked_at import one


@pytest.mark.parametrize(
    "name",
    [
        *("email", "customerEmail", "first_name", "Name", "phone", "client_ip", "IP address"),
        *("iban", "street", "date_of_birth", "userName", "cardholder name"),
    ],
)
def test_a_name_may_say_that_nobody_should_read_a_column(name: str) -> None:
    assert (why_sensitive(one(name, ["x"])) or "").startswith("its name says ")


@pytest.mark.parametrize("name", ["tip", "carrier_name", "shipping", "emails_sent", "zip", "mean"])
def test_a_part_of_a_word_says_nothing(name: str) -> None:
    assert why_sensitive(one(name, ["x"])) is None


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["ada@example.org", "grace@example.org", "unknown"], "e-mail addresses"),
        (["192.0.2.1", "2001:db8::1"], "IP addresses"),
        (["+49 30 901820", "+1 202-555-0143"], "phone numbers"),
        (["(202) 555-0143"], "phone numbers"),
        (["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"], "IBANs"),
    ],
)
def test_words_may_say_so_too(values: list[str], what: str) -> None:
    assert why_sensitive(one("contact", values)) == f"it holds {what}"


@pytest.mark.parametrize(
    "values",
    [
        ["2013-02-08", "2013-02-09"],
        ["DE89370400440532013001"],
        ["1.5", "12"],
        ["AA", "ada@x.org", "B"],
    ],
)
def test_what_only_resembles_it_is_not_sensitive(values: list[str]) -> None:
    assert why_sensitive(one("contact", values)) is None
