"""What stands beside a receipt: a signature, or the proof that it belongs to a batch.

Neither says anything of what the receipt decides; ``audit.verify`` does.
"""

from __future__ import annotations

from typing import Any

from incentives.audit.canonical import NotCanonicalError, read_canonical
from incentives.audit.merkle import includes, is_root, read_proof, root
from incentives.audit.signature import is_signed
from incentives.diagnostics import Finding


def signature_findings(raw: bytes, signature: bytes, public_key: bytes) -> list[Finding]:
    """Return what is wrong with the signature of some bytes; nothing if it fits.

    Raises:
        KeyFileError: the key is none.
    """
    if is_signed(raw, signature, public_key):
        return []
    return [
        Finding(
            code="E606",
            message="the signature is not that of this file by the owner of this key",
            zh="签名与文件、公钥不符：不是该密钥对本文件的签名",
        )
    ]


def batch_findings(raws: list[bytes], batch_root: str) -> list[Finding]:
    """Return what is wrong if some receipts should be a whole batch."""
    found = root(raws)
    if found == batch_root:
        return []
    return [
        Finding(
            code="E608",
            message=f"these are not the receipts of that batch: their root is {found}",
            zh=f"不是该批次的全部凭证：这些凭证的根摘要为 {found}",
        )
    ]


def inclusion_findings(raw: bytes, proof: bytes, batch_root: str) -> list[Finding]:
    """Return what is wrong with the proof that a receipt is in a batch."""
    inclusion = read_proof(_data(proof))
    if inclusion is not None and is_root(batch_root) and includes(inclusion, raw, batch_root):
        return []
    return [
        Finding(
            code="E608",
            message="the proof does not lead from this receipt to that root",
            zh="证明与凭证、根摘要不符：不能证明本凭证在该批次之内",
        )
    ]


def _data(raw: bytes) -> Any:
    try:
        return read_canonical(raw.rstrip(b"\n"))
    except NotCanonicalError:
        return None
