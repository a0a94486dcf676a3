"""The tree of RFC 6962: known roots, and proofs that lead to them and to nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incentives.audit.attest import batch_findings, inclusion_findings
from incentives.audit.canonical import canonical
from incentives.audit.merkle import (
    Inclusion,
    batch,
    includes,
    is_root,
    leaf,
    path,
    prove,
    read_proof,
    root,
    tree_head,
)

# The vectors that implementations of Certificate Transparency share.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
BATCHES = st.lists(st.binary(max_size=3), min_size=1, max_size=20, unique=True)


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert tree_head([leaf(each) for each in INPUTS[:size]]).hex() == ROOTS[size]


def test_a_known_path() -> None:
    leaves = [leaf(each) for each in INPUTS[:7]]
    beside = path(leaves, 0)
    assert [each.hex()[:8] for each in beside] == ["96a296d2", "5f083f0a", "837dbb15"]


@settings(max_examples=60)
@given(BATCHES, st.data())
def test_a_proof_leads_to_the_root_from_its_receipt_only(
    receipts: list[bytes], data: st.DataObject
) -> None:
    mine = data.draw(st.sampled_from(receipts))
    proof = prove(mine, receipts)
    assert includes(proof, mine, root(receipts))
    assert read_proof(proof.to_dict()) == proof
    assert inclusion_findings(mine, canonical(proof.to_dict()), root(receipts)) == []
    other = data.draw(st.binary(max_size=3))
    assume(other != mine)
    assert not includes(proof, other, root(receipts))
    for wrong in (
        replace(proof, index=proof.index + 1),
        replace(proof, index=-1),
        replace(proof, size=proof.size + len(receipts) + 1),
        replace(proof, path=(*proof.path, leaf(b""))),
        replace(proof, path=proof.path[:-1], size=proof.size + 1),
    ):
        assert not includes(wrong, mine, root(receipts)) or wrong == proof


@settings(max_examples=30)
@given(BATCHES, st.randoms())
def test_the_root_is_that_of_a_set(receipts: list[bytes], random: Any) -> None:
    shuffled = [*receipts, receipts[0]]
    random.shuffle(shuffled)
    assert root(shuffled) == root(receipts)
    assert batch_findings(shuffled, root(receipts)) == []
    if len(receipts) > 1:
        assert [one.code for one in batch_findings(receipts[1:], root(receipts))] == ["E608"]
    assert len(batch(shuffled)) == len(receipts)


def test_a_node_is_no_leaf() -> None:
    """The two leaves below a node, put together, are no receipt with the same root."""
    pair = [leaf(b"a"), leaf(b"b")]
    assert tree_head(pair) != leaf(pair[0] + pair[1])


def test_one_that_is_not_there_has_no_proof() -> None:
    with pytest.raises(ValueError, match="not in list"):
        prove(b"c", [b"a", b"b"])


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"format": "incentives/inclusion/2"},
        {"format": "incentives/inclusion/1", "index": 0, "size": True, "path": []},
        {"format": "incentives/inclusion/1", "index": 0, "size": 1, "path": ["sha256:0"]},
        {"format": "incentives/inclusion/1", "index": 0, "size": 1, "path": 3},
        {"format": "incentives/inclusion/1", "index": 0, "size": 1, "path": [3]},
    ],
)  # fmt: skip
def test_what_is_no_proof(data: Any) -> None:
    assert read_proof(data) is None
    assert [one.code for one in inclusion_findings(b"", canonical(data), root([b""]))] == ["E608"]


def test_texts_that_are_no_proof_or_root() -> None:
    good = canonical(Inclusion(0, 1, ()).to_dict())
    assert inclusion_findings(b"a", good + b"\n", root([b"a"])) == []
    assert inclusion_findings(b"a", b"{", root([b"a"]))
    assert inclusion_findings(b"a", good, "sha256:xyz")
    assert not is_root("sha256:" + "A" * 64)
    assert not is_root(3)
