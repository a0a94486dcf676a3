"""A detached signature over the bytes of a receipt: Ed25519 (RFC 8032), 64 bytes.

The bytes of the file are signed and nothing else, so that other programs can
verify it too (``openssl pkeyutl -verify -rawin``). Keys are PEM files.

What a signature proves: whoever has the private key signed these bytes. When,
and whose key it is, it does not say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from incentives.diagnostics import Finding, FindingsError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from incentives.diagnostics import Pair


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
    except (TypeError, ValueError, UnsupportedAlgorithm):  # TypeError: it has a password
        raise _refused("私钥", "private", _why(pem, b"PRIVATE KEY")) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused("私钥", "private", _other(key))
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    _needed()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise _refused("公钥", "public", _why(pem, b"PUBLIC KEY")) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _refused("公钥", "public", _other(key))
    return key


def _needed() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ImportError:
        raise MissingExtraError(("signing", "签名"), "cryptography", "receipts") from None


_LABELS: Final[tuple[tuple[bytes, Pair], ...]] = (
    (b"ENCRYPTED", ("it has a password", "它带有口令")),
    (b"PUBLIC KEY", ("it is a public key", "它是公钥")),
    (b"PRIVATE KEY", ("it is a private key", "它是私钥")),
    (b"CERTIFICATE", ("it is a certificate", "它是证书")),
)
_DAMAGED: Final[Pair] = ("what stands in it is damaged", "内容已损坏")
_NO_PEM: Final[Pair] = (
    "it is no PEM file, which begins with -----BEGIN",
    "它不是以 -----BEGIN 开头的 PEM 文件",
)


def _why(pem: bytes, wanted: bytes) -> Pair:
    """Return why a file could not be read as the key that was ``wanted``: what it calls itself.

    The library's own reason is about its encoding and helps nobody.
    """
    label = re.search(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----", pem)
    if label is None:
        return _NO_PEM
    if b"Proc-Type: 4,ENCRYPTED" in pem:
        return _LABELS[0][1]
    found = next((said for part, said in _LABELS if part in label[1]), _DAMAGED)
    return _DAMAGED if found is dict(_LABELS)[wanted] else found


def _other(key: object) -> Pair:
    """Return of what other kind a key is."""
    kind = type(key).__name__.removesuffix("PrivateKey").removesuffix("PublicKey")
    return f"it is of the kind {kind}", f"它是 {kind} 密钥"


def _refused(zh: str, en: str, why: Pair) -> KeyFileError:
    return KeyFileError(
        [
            Finding(
                code="E607",
                message=f"this is no {en} Ed25519 key as a PEM file without a password: {why[0]}",
                zh=f"这不是未加密的 PEM 格式 Ed25519 {zh}：{why[1]}",
            )
        ]
    )
