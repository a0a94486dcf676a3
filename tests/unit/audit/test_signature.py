"""Signatures: that of RFC 8032, and what does not fit."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from incentives.audit.attest import signature_findings
from incentives.audit.signature import KeyFileError, is_signed, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# RFC 8032, section 7.1, test 2
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def private(
    key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey,
    lock: KeySerializationEncryption | None = None,
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption())


def public(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


KEY = ed25519.Ed25519PrivateKey.from_private_bytes(SECRET)
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(SECRET[::-1])


def test_the_signature_of_the_standard() -> None:
    assert sign(b"\x72", private(KEY)) == SIGNATURE
    assert is_signed(b"\x72", SIGNATURE, public(KEY))
    assert signature_findings(b"\x72", SIGNATURE, public(KEY)) == []


@pytest.mark.parametrize(
    ("raw", "signature", "key"),
    [
        (b"\x73", SIGNATURE, KEY),
        (b"\x72", SIGNATURE[:-1] + b"\x01", KEY),
        (b"\x72", SIGNATURE[:-1], KEY),
        (b"\x72", b"", KEY),
        (b"\x72", SIGNATURE, OTHER),
    ],
)
def test_what_does_not_fit(raw: bytes, signature: bytes, key: Ed25519PrivateKey) -> None:
    assert not is_signed(raw, signature, public(key))
    assert [one.code for one in signature_findings(raw, signature, public(key))] == ["E606"]


BROKEN = b"-----BEGIN %b-----\nAA==\n-----END %b-----\n"
ELLIPTIC = ec.generate_private_key(ec.SECP256R1())
SECRETS = {
    "它不是以 -----BEGIN 开头的 PEM 文件": b"",
    "内容已损坏": BROKEN % ((b"PRIVATE KEY",) * 2),
    "它带有口令": private(KEY, BestAvailableEncryption(b"secret")),
    "它是 EC 密钥": private(ELLIPTIC),
    "它是公钥": public(KEY),
    "它是证书": BROKEN % ((b"CERTIFICATE",) * 2),
}
PUBLICS = {
    "它不是以 -----BEGIN 开头的 PEM 文件": b"hello",
    "内容已损坏": BROKEN % ((b"PUBLIC KEY",) * 2),
    "它是 EC 密钥": public(ELLIPTIC),
    "它是私钥": private(KEY),
}


@pytest.mark.parametrize("why", SECRETS)
def test_what_is_no_key_to_sign_with(why: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        sign(b"", SECRETS[why])
    (finding,) = caught.value.findings
    assert finding.code == "E607"
    assert finding.zh == f"这不是未加密的 PEM 格式 Ed25519 私钥：{why}"


@pytest.mark.parametrize("why", PUBLICS)
def test_what_is_no_key_to_check_with(why: str) -> None:
    with pytest.raises(KeyFileError) as caught:
        is_signed(b"", SIGNATURE, PUBLICS[why])
    (finding,) = caught.value.findings
    assert finding.zh == f"这不是未加密的 PEM 格式 Ed25519 公钥：{why}"


def test_without_the_package_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ImportError, match=r"pip install 'incentives\[receipts\]'"):
        sign(b"", b"")
