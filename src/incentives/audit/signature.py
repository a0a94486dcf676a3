"""A detached signature over the bytes of a receipt: Ed25519 (RFC 8032), 64 bytes.

The bytes of the file are signed and nothing else, so that other programs can
verify it too (``openssl pkeyutl -verify -rawin``). Keys are PEM files.

What a signature proves: whoever has the private key signed these bytes. When,
and whose key it is, it does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incentives.diagnostics import Finding, FindingsError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )


class KeyFileError(FindingsError):
    """A file holds no Ed25519 key that can be used."""


def sign(raw: bytes, private_key: bytes) -> bytes:
    """Return the signature of some bytes, 64 bytes.

    Args:
        raw: what is signed.
        private_key: a PEM file, PKCS #8, without a password.

    Raises:
        KeyFileError: it is no such key.
        MissingExtraError: the package ``cryptography`` is not installed.
    """
    return _private(private_key).sign(raw)


def is_signed(raw: bytes, signature: bytes, public_key: bytes) -> bool:
    """Say whether a signature is that of some bytes by the owner of a key.

    Args:
        raw: what was signed.
        signature: 64 bytes.
        public_key: a PEM file, SubjectPublicKeyInfo.

    Raises:
        KeyFileError: it is no such key.
        MissingExtraError: the package ``cryptography`` is not installed.
    """
    key = _public(public_key)
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, raw)
    except InvalidSignature:
        return False
    return True


def _private(pem: bytes) -> Ed25519PrivateKey:
    _needed()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise _refused("私钥", "private", str(error)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused("私钥", "private", type(key).__name__)
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    _needed()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise _refused("公钥", "public", str(error)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _refused("公钥", "public", type(key).__name__)
    return key


def _needed() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtraError(("signing", "签名"), "cryptography", "receipts") from None


def _refused(zh: str, en: str, why: str) -> KeyFileError:
    short = " ".join(why.split())[:100]
    return KeyFileError(
        [
            Finding(
                code="E607",
                message=f"this is no {en} Ed25519 key as a PEM file without a password: {short}",
                zh=f"这不是未加密的 PEM 格式 Ed25519 {zh}：{short}",
            )
        ]
    )
