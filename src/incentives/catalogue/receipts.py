"""Findings about receipts (``E60``, ``E61``): read by auditors, and by whoever kept a receipt.

``bad`` and ``good`` are command lines, or a part of a receipt.
"""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Both, Entry

ENTRIES: Final[tuple[Entry, ...]] = (
    Entry(
        "E600",
        Both("不是可核验的凭证", "Not a receipt that can be verified"),
        Both(
            "文件不是规范形式的 JSON（RFC 8785），或者格式、版本、字段不符；编辑器另存会改变字节。",
            "The file is not canonical JSON (RFC 8785), or has another format or other fields."
            " An editor that saves it anew changes its bytes.",
        ),
        Both(
            "取出具时的原文件；作为附件传送，不要复制粘贴。",
            "Take the file as it was issued; send it as an attachment, not as pasted text.",
        ),
        '{ "format": "incentives/receipt/1" }',
        '{"format":"incentives/receipt/1"}',
    ),
    Entry(
        "E601",
        Both("凭证在出具后被改动过", "The receipt was changed after it was issued"),
        Both(
            "凭证载有自身内容的摘要；两者不符，说明有字节变了，凭它不能证明任何事。",
            "A receipt carries the digest of its own contents. They do not agree: some byte"
            " changed, and it proves nothing.",
        ),
        Both(
            "取原件。同时列出的其他差异，通常就是被改动的地方。",
            "Take the original. The differences listed with this one are usually what was changed.",
        ),
        "sed -i s/100000.00/200000.00/ R.json",
        "incentives receipt profile.toml --on 2024-06-01 -o R.json",
    ),
    Entry(
        "E602",
        Both("规则不是凭证所依据的规则", "The rulebook is not the receipt's"),
        Both(
            "规则的摘要与凭证所记不同：规则后来改过，或者目录不对。用别的规则重算，证明不了原来的结论。",
            "The digest of the rulebook is not the one recorded: the rules changed since, or these"
            " are others. Other rules prove nothing about that decision.",
        ),
        Both(
            "用 --rules 指明当时的规则目录，或请对方用 --embed-rules 重新出具。",
            "Name the rules of that time with --rules, or ask for a receipt with --embed-rules.",
        ),
        "incentives verify R.json",
        "incentives verify R.json --rules rules-2024/",
    ),
    Entry(
        "E603",
        Both("日期不一致", "A date differs"),
        Both(
            "凭证所记的评估日或知悉日前后不一。规则随日期而变，日期不同，结论可以不同。",
            "The date of assessment, or the date as known on, is not the same throughout."
            " Rules change with dates, and decisions with them.",
        ),
        Both("取原件核对。", "Compare with the original."),
        '"on":"2024-06-01" … "assessment":{"on":"2023-06-01"}',
        '"on":"2024-06-01" … "assessment":{"on":"2024-06-01"}',
    ),
    Entry(
        "E604",
        Both("事实或选项不一致", "A fact or an option differs"),
        Both(
            "凭证既记申报时的原文，也记读出的数值。由原文重新读出的数值不同，说明其中一处被改动。",
            "A receipt holds each fact as it was stated and as it was read. Read again, what was"
            " stated gives something else: one of the two was changed.",
        ),
        Both("与申报材料核对。", "Compare with the applicant's documents."),
        '"written":"150万元" … "value":"1600000元"',
        '"written":"150万元" … "value":"1500000元"',
    ),
    Entry(
        "E605",
        Both("结论重算后不同", "A decision came out otherwise"),
        Both(
            "列出的是推导中最先不同的一步（事实、参数或日期）和所在条款，金额的差异由此而来。",
            "Named is the first step of the derivation that differs, a fact, a figure or a date,"
            " with its clause; the amounts differ because of it.",
        ),
        Both(
            "核对这一步：被改动的是申报材料、规则，还是凭证。",
            "Look at that step: was it the application, the rule or the receipt that changed?",
        ),
        '["parameter award.parameters.rate","12%"]',
        '["parameter award.parameters.rate","10%"]',
    ),
    Entry(
        "E606",
        Both("签名不符", "The signature does not fit"),
        Both(
            "签名不是该密钥对这份文件的签名：文件变过，签名是别的文件的，或者密钥不对。",
            "It is not this key's signature of this file: the file changed, the signature is of"
            " another, or the key is another.",
        ),
        Both(
            "取原文件和原签名，用出具单位公布的公钥。",
            "Take the file and the signature as issued, and the key that the issuer published.",
        ),
        "incentives verify R.json --signature other.sig --public-key pub.pem",
        "incentives verify R.json --signature R.sig --public-key pub.pem",
    ),
    Entry(
        "E607",
        Both("不是可用的密钥", "Not a key that can be used"),
        Both(
            "签名用 Ed25519 密钥，PEM 格式，私钥不加密码；其他算法的密钥不能用。",
            "Signatures take Ed25519 keys as PEM files, the private one without a password."
            " Keys of other algorithms do not serve.",
        ),
        Both(
            "用 openssl 生成一对密钥；私钥放在只有出具人能读的地方。",
            "Make a pair with openssl; keep the private one where only the issuer can read it.",
        ),
        "openssl genrsa -out key.pem",
        "openssl genpkey -algorithm ed25519 -out key.pem",
    ),
    Entry(
        "E608",
        Both("不在该批次之内", "Not in that batch"),
        Both(
            "一批凭证有一个根摘要；少一份、多一份、改一个字节，根摘要都不同。",
            "A batch of receipts has one root. One receipt less, one more or one byte changed"
            " gives another.",
        ),
        Both(
            "核对根摘要抄写是否有误、凭证是否齐全；只有一份时，向出具单位要证明文件。",
            "Check that the root is copied right and that no receipt is missing; with a single"
            " one, ask the issuer for its proof.",
        ),
        "incentives verify R.json --root sha256:…",
        "incentives verify R.json --root sha256:… --proof R.proof.json",
    ),
)
