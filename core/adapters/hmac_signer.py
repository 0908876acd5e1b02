"""Seals with a secret key: HMAC-SHA256."""

import hmac

from pydantic import SecretStr


class HmacSigner:
    """Whoever has the key can seal and verify."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def sign(self, content: bytes) -> str:
        """See Signer."""
        return hmac.digest(self._key.get_secret_value().encode(), content, "sha256").hex()

    def verify(self, content: bytes, seal: str) -> bool:
        """See Signer."""
        return hmac.compare_digest(self.sign(content).encode(), seal.encode())
