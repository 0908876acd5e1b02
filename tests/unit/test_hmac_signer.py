import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from core.adapters.hmac_signer import HmacSigner

SIGNER = HmacSigner(SecretStr("key"))


@given(st.binary())
def test_what_was_sealed_is_verified(content: bytes) -> None:
    assert SIGNER.verify(content, SIGNER.sign(content))


@given(st.binary(min_size=1), st.data())
def test_one_other_byte_breaks_the_seal(content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    other = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]

    assert not SIGNER.verify(other, SIGNER.sign(content))


@given(st.text())
def test_no_seal_of_somebody_else_fits(seal: str) -> None:
    assert not SIGNER.verify(b"content", seal)


def test_another_key_makes_another_seal() -> None:
    assert not HmacSigner(SecretStr("another")).verify(b"content", SIGNER.sign(b"content"))


def test_the_seal_is_hmac_sha256() -> None:
    assert SIGNER.sign(b"content") == hmac.new(b"key", b"content", hashlib.sha256).hexdigest()
