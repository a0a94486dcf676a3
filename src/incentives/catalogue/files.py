"""Findings about the text of files (``E0``) and the keys of rule files (``E1``)."""

from __future__ import annotations

from typing import Final

from incentives.catalogue.entry import Both, Entry

_FILES: Final = (
    Entry(
        "E001",
        Both("文件不是有效的 TOML，或超出限度", "The file is not TOML, or beyond the limits"),
        Both(
            "文件读不出来，里面的规则就无法核对。为防止恶意文件，大小不超过1 MiB，嵌套不超过12层，"
            "键名不超过8段，数字不超过18位，只用十进制。",
            "Rules that cannot be read cannot be checked. Against hostile files: at most 1 MiB, "
            "12 levels, 8 parts to a key, 18 digits to a number, decimal digits only.",
        ),
        Both(
            "看提示所指的位置：常见的是全角标点、漏写引号或括号、同一个键写了两次。",
            "Look where the finding points: often a full-width mark, a quotation mark or bracket "
            "left out, or a key that stands twice.",
        ),
        'cap ＝ "20万元"',
        'cap = "20万元"',
    ),
    Entry(
        "E002",
        Both("文件不是 UTF-8 编码", "The file is not UTF-8"),
        Both(
            "编码猜错会悄悄改掉文字，所以不猜。",
            "A wrong guess at the encoding changes the text silently, so none is made.",
        ),
        Both(
            "用编辑器另存为 UTF-8。记事本和 WPS 的“ANSI”就是 GBK。",
            'Save the file as UTF-8. "ANSI" in a Chinese Windows editor is GBK.',
        ),
        "# 以 GBK 保存的文件",
        "# 以 UTF-8 保存的文件",
    ),
    Entry(
        "E003",
        Both("找不到规则文件", "There are no rule files there"),
        Both(
            "没有规则就不能判断，宁可停下，也不给出空的结果。",
            "Without rules nothing can be decided: better to stop than to give an empty answer.",
        ),
        Both("检查目录名；规则文件以 .toml 结尾。", "Check the path; rule files end in .toml."),
        "incentives rules list --rules my-rulse/",
        "incentives rules list --rules my-rules/",
    ),
    Entry(
        "E004",
        Both("问题太多，其余未列出", "Too many findings; the others are not shown"),
        Both(
            "一个文件最多列出100处问题。",
            "At most 100 findings of one file are shown.",
        ),
        Both("先改已列出的，再运行一次。", "Mend those that are shown, then run it again."),
        "# 上百个写错的键",
        'name = { zh = "技术合同奖励", en = "Technology contract award" }',
    ),
    Entry(
        "E010",
        Both("用了浮点数", "A float"),
        Both(
            "浮点数是二进制近似值，0.175 存不准，奖补金额可能差一分。",
            "A float is a binary approximation: 0.175 is not held exactly, and an award may be "
            "one fen off.",
        ),
        Both(
            '比例写成文本："17.5%"、"0.175" 或 "7/40"；金额带上单位："1.5万元"。',
            'Write ratios as text, "17.5%", "0.175" or "7/40", and money with its unit, "1.5万元".',
        ),
        "rate = 0.175",
        'rate = "17.5%"',
    ),
    Entry(
        "E011",
        Both("写了时刻", "A time of day"),
        Both(
            "政策按日计算；时刻带时区，午夜前后会差一天。",
            "Policies count days; a time has a zone, and around midnight that makes another day.",
        ),
        Both("只写日期。", "Write the day only."),
        "on = 2024-06-01T00:00:00",
        "on = 2024-06-01",
    ),
    Entry(
        "E012",
        Both(
            "有看不见、改变方向、未定义的字符，或文字不是 NFC 形式",
            "Characters that cannot be seen, turn the text or are unassigned; or text not in NFC",
        ),
        Both(
            "看起来一样的两段文字必须就是一样的，否则核对时看到的与机器读到的不同。",
            "Two texts that look the same must be the same, or a reviewer reads something else "
            "than the program does.",
        ),
        Both(
            "删掉提示所指的字符；多半是从网页或 PDF 复制来的，可改为手工输入。",
            "Delete the character shown; it usually comes with text copied from a page or a PDF.",
        ),
        'id = "award\\u200b"',
        'id = "award"',
    ),
)

_KEYS: Final = (
    Entry(
        "E101",
        Both("缺少必填的键", "A required key is missing"),
        Both(
            "缺了它就不知道给谁、凭哪一条、给多少，程序不替人补。",
            "Without it nobody knows who gets what under which clause, and nothing is guessed.",
        ),
        Both("补上提示所说的键。", "Add the key that the finding names."),
        '[[incentive]]\nid = "contract-award"',
        '[[incentive]]\nid = "contract-award"\nclause = "二（三）6"',
    ),
    Entry(
        "E102",
        Both("不认识的键", "An unknown key"),
        Both(
            "写错的键如果被忽略，封顶就可能不起作用。",
            "If a misspelt key were ignored, a cap might not apply.",
        ),
        Both(
            "按提示改正拼写；TOML 中写在 [incentive.amount] 之后的键都属于它，"
            "属于外层的要移到前面。",
            "Mend the spelling as shown. In TOML every key after [incentive.amount] belongs to it: "
            "move those of the incentive above.",
        ),
        "[incentive.amount]\ncapp = 'cap'",
        "[incentive.amount]\ncap = 'cap'",
    ),
    Entry(
        "E103",
        Both("编号或名称的写法不对", "An id or a name is not well formed"),
        Both(
            "编号会出现在结果、凭证和其他文件里，必须到处都能照样写出。",
            "Ids stand in results, receipts and other files and must be writable everywhere.",
        ),
        Both(
            "文件、条款、条件的编号用小写字母、数字和 -；表达式里的名称用小写字母、数字和 _，"
            "且不是语言的保留词；地区代码是六位数字。",
            "Ids have small letters, digits and -; names in expressions have small letters, digits "
            "and _ and are no word of the language; region codes have six digits.",
        ),
        'id = "Contract_Award"',
        'id = "contract-award"',
    ),
    Entry(
        "E104",
        Both("值的类型不对", "A value of the wrong type"),
        Both(
            "文本、数字、日期、列表和表不能互相代替。",
            "Texts, numbers, dates, lists and tables do not stand for one another.",
        ),
        Both(
            "日期不加引号；列表用 [ ]；可有多个的表用 [[ ]]；中英文用 { zh = …, en = … }。",
            "Dates have no quotation marks, lists have [ ], tables of which there may be several "
            "have [[ ]], texts are { zh = …, en = … }.",
        ),
        'effective = { until = "2025-12-31" }',
        "effective = { until = 2025-12-31 }",
    ),
    Entry(
        "E105",
        Both("不在允许的取值之内", "Not one of the allowed words"),
        Both(
            "这些词各有确定的含义，例如“按”与“最高”给出的结果不同。",
            "Each of these words has one meaning; 按 and 最高, for one, give different results.",
        ),
        Both("从列出的词里选一个。", "Choose one of those shown."),
        'entitlement = "upto"',
        'entitlement = "up_to"',
    ),
    Entry(
        "E106",
        Both("几个键之间不相配", "Keys that do not go together"),
        Both(
            "有的键只能选一个，有的要成对出现；写重或写缺，含义就不确定。",
            "Of some keys exactly one is needed, others come in pairs; otherwise the meaning "
            "is open.",
        ),
        Both("按提示保留一个，或补上另一个。", "Keep one, or add the other, as shown."),
        "[incentive.amount]\nfixed = \"1万元\"\nformula = 'base * rate'",
        '[incentive.amount]\nfixed = "1万元"',
    ),
    Entry(
        "E107",
        Both("空文本或空列表", "An empty text or list"),
        Both(
            "空的条款、空的对象等于没有写。",
            "An empty clause or an empty list of recipients says nothing.",
        ),
        Both("写上内容，或删去这个键。", "Write it, or delete the key."),
        'clause = ""',
        'clause = "二（三）6"',
    ),
    Entry(
        "E108",
        Both("永远用不上的内容", "Something that can never apply"),
        Both(
            "期限先止后起、“三项中的四项”、“其他”之后的行，都不会起作用，多半是笔误。",
            "A period that ends before it begins, four of three, a row after `otherwise`: "
            "such things never apply and are usually slips.",
        ),
        Both("改正次序或数目。", "Mend the order or the number."),
        "effective = { from = 2025-01-01, until = 2024-12-31 }",
        "effective = { from = 2024-01-01, until = 2024-12-31 }",
    ),
    Entry(
        "E109",
        Both("键的值不合要求", "A value is not accepted"),
        Both(
            "其他不合要求之处，原因见提示。",
            "Any other fault of a single value; the finding gives the reason.",
        ),
        Both("按提示改正。", "Mend it as the finding says."),
        "at_least = 0",
        "at_least = 1",
    ),
)

ENTRIES: Final[tuple[Entry, ...]] = (*_FILES, *_KEYS)
