"""One digest for a batch of receipts, and the proof that a receipt is in it.

A Merkle tree as in RFC 6962 (section 2.1): a leaf is hashed with a zero byte
before it, an inner node with a one, so that no node can pass for a leaf. The
tree splits at the largest power of two below its size.

The law kept here: a batch is a *set* of receipts. Leaves stand in the order of
their hashes, and the same receipt twice counts once, so the root depends neither
on names of files nor on their order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PREFIX: Final = "sha256:"
FORMAT: Final = "incentives/inclusion/1"
_HASH_SIZE: Final = 32


def leaf(receipt: bytes) -> bytes:
    """Return the hash of a receipt as a leaf: SHA-256 of a zero byte and its bytes."""
    return hashlib.sha256(b"\x00" + receipt).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 of a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """Return the root over hashed leaves in the given order; of none, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return node(tree_head(leaves[:cut]), tree_head(leaves[cut:]))


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf: the hashes beside it, from the leaf up."""
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*path(leaves[:cut], index), tree_head(leaves[cut:])]
    return [*path(leaves[cut:], index - cut), tree_head(leaves[:cut])]


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a receipt is leaf ``index`` of ``size``; ``path`` holds the hashes beside it."""

    index: int
    size: int
    path: tuple[bytes, ...]

    def root(self, receipt: bytes) -> bytes | None:
        """Return the root that the proof leads to from a receipt, ``None`` if it is no proof.

        Source: RFC 9162, section 2.1.3.2.
        """
        if not 0 <= self.index < self.size:
            return None
        at, last, found = self.index, self.size - 1, leaf(receipt)
        for beside in self.path:
            if last == 0:
                return None
            if at & 1 or at == last:
                found = node(beside, found)
                while not at & 1 and at:
                    at, last = at >> 1, last >> 1
            else:
                found = node(found, beside)
            at, last = at >> 1, last >> 1
        return found if last == 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the proof as JSON data."""
        return {
            "format": FORMAT,
            "index": self.index,
            "size": self.size,
            "path": [PREFIX + each.hex() for each in self.path],
        }


def batch(receipts: Iterable[bytes]) -> list[bytes]:
    """Return the leaves of a batch, each once, in their order."""
    return sorted({leaf(receipt) for receipt in receipts})


def root(receipts: Iterable[bytes]) -> str:
    """Return the root of a batch of receipts, as ``sha256:…``."""
    return PREFIX + tree_head(batch(receipts)).hex()


def prove(receipt: bytes, receipts: Iterable[bytes]) -> Inclusion:
    """Return the proof that a receipt is in a batch.

    Raises:
        ValueError: it is not.
    """
    leaves = batch(receipts)
    index = leaves.index(leaf(receipt))
    return Inclusion(index, len(leaves), tuple(path(leaves, index)))


def includes(proof: Inclusion, receipt: bytes, batch_root: str) -> bool:
    """Say whether a proof leads from a receipt to a root."""
    found = proof.root(receipt)
    return found is not None and PREFIX + found.hex() == batch_root


def read_proof(data: Any) -> Inclusion | None:
    """Return a proof from JSON data, ``None`` if it is none."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return None
    index, size, hashes = data.get("index"), data.get("size"), data.get("path")
    if type(index) is not int or type(size) is not int:
        return None
    if not isinstance(hashes, list) or not all(map(is_root, hashes)):
        return None
    return Inclusion(index, size, tuple(bytes.fromhex(each[len(PREFIX) :]) for each in hashes))


def is_root(text: Any) -> bool:
    """Say whether a text is a hash as written here: ``sha256:`` and 64 lower case digits."""
    if not isinstance(text, str) or not text.startswith(PREFIX):
        return False
    digits = text.removeprefix(PREFIX)
    return len(digits) == 2 * _HASH_SIZE and set(digits) <= set("0123456789abcdef")
