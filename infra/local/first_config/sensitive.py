"""Which columns look as if nobody should read their values, by name or by what they hold."""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

from infra.local.first_config.columns import ColumnSeen
from infra.local.first_config.rules import words_of

_PERSONS: Final = frozenset(
    {"first", "last", "full", "family", "given", "middle", "maiden", "user", "customer", "client"}
    | {"person", "patient", "driver", "passenger", "guest", "contact", "nick", "cardholder"}
)
_MOST: Final = 0.5  # of the words that were seen
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE: Final = re.compile(r"\+\d[\d ()/.-]{6,18}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_IBAN_REMAINDER: Final = (97, 1)


def why_sensitive(column: ColumnSeen) -> str | None:
    """Say by what a column looks like something that nobody should read; `None` if by nothing."""
    words = words_of(column.name)
    for what, by_name in _SENSITIVE_NAMES:
        if by_name(words):
            return f"its name says {what}"
    texts = [word.strip() for word in column.words if word.strip()]
    for what, is_one in _SENSITIVE_WORDS:
        if texts and sum(bool(is_one(text)) for text in texts) >= _MOST * len(texts):
            return f"it holds {what}"
    return None


def _has(*names: str) -> Callable[[list[str]], bool]:
    return lambda words: bool(set(names) & set(words))


def _is_name_of_person(words: list[str]) -> bool:
    joined = "".join(words)
    if words == ["name"] or joined in {"firstname", "lastname", "fullname", "username"}:
        return True
    return "surname" in words or ("name" in words and bool(_PERSONS & set(words)))


_SENSITIVE_NAMES: Final[tuple[tuple[str, Callable[[list[str]], bool]], ...]] = (
    ("an e-mail address", _has("email", "mail")),
    ("a person's name", _is_name_of_person),
    ("a phone number", _has("phone", "mobile", "tel", "telephone", "msisdn", "fax")),
    ("an IP address", _has("ip", "ipv4", "ipv6")),
    ("an address", _has("address", "street", "addr")),
    ("an account or card number", _has("iban", "bic", "pan", "card", "account")),
    ("a personal number", _has("ssn", "passport", "birth", "birthdate", "birthday", "dob")),
)


def _is_ip(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _is_iban(word: str) -> bool:
    """Check form and check digits (ISO 13616)."""
    plain = word.replace(" ", "")
    if not _IBAN.fullmatch(plain):
        return False
    modulus, remainder = _IBAN_REMAINDER
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % modulus == remainder


_SENSITIVE_WORDS: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("e-mail addresses", _EMAIL.fullmatch),
    ("IP addresses", _is_ip),
    ("IBANs", _is_iban),
    ("phone numbers", _PHONE.fullmatch),
)
