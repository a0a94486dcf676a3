"""The help of the command line in Chinese.

Help is written in English beside each command; this table holds the same in
Chinese (``tests/unit/cli/test_help.py`` finds what is missing).
"""

from __future__ import annotations

from typing import Any, Final

HELP: Final = {
    "Decide eligibility for public incentives, exactly and with reasons.": (
        "判断能享受哪些惠企政策、金额多少，并说明依据，精确到分。"
    ),
    "--lang and --debug may stand anywhere on the line.": (
        "--lang 和 --debug 可以写在命令行的任何位置。"
    ),
    "Language; default: that of the locale, or else Chinese.": "语言；默认按系统语言，否则为中文。",
    "Show the traceback of an internal error.": "出现内部错误时显示调用栈。",
    "Assess a profile: what one can get, how much, and why.": (
        "评估一份申报资料：能得到什么、金额多少、依据是什么。"
    ),
    "Show the whole derivation of one decision.": "显示一项结论的完整推导。",
    "Assess a profile and issue a receipt that anyone can replay.": (
        "评估一份申报资料并出具凭证，供任何人日后重算核验。"
    ),
    "Replay receipts: reproduced, or what differs.": "重算凭证：已复现，或指出何处不一致。",
    "Receipts.": "凭证文件。",
    "Print an incentive as an SQL query, commented with its clauses.": (
        "把一项政策输出为 SQL 查询，并以注释写明条款。"
    ),
    "For which database.": "用于哪种数据库。",
    "Compare two rulebooks by what they mean; with --on, who gains and who loses.": (
        "按含义比较两套规则；加 --on 可看谁增加、谁减少。"
    ),
    "The rules before.": "原规则。",
    "The rules after.": "现规则。",
    "Profiles to assess by both: files, directories or tables; repeatable.": (
        "用两套规则评估的申报资料（文件、目录或表格）；可写多次。"
    ),
    "Date of assessment, YYYY-MM-DD.": "评估日期，如 2024-06-01。",
    "Write the impact as a picture.": "把影响画成图（SVG）。",
    "Sign with this Ed25519 key (PEM); the signature: .sig.": (
        "用该 Ed25519 私钥（PEM）签名；签名写入同名 .sig 文件。"
    ),
    "Print the one digest that stands for a batch of receipts.": "输出一批凭证的根摘要。",
    "Print the proof that this one is in it.": "输出该凭证在批次之内的证明。",
    "The signature; default: R.sig.": "签名文件；默认为同名 .sig 文件。",
    "Whose signature it is (PEM).": "签名人的公钥（PEM）。",
    "The digest of the batch they are.": "这些凭证所成批次的根摘要。",
    "The proof that one is in the batch.": "该凭证在批次之内的证明。",
    "Where to write; default: print it.": "写入的文件；默认直接输出。",
    "Put the rule files inside.": "把规则文件一并放入。",
    "Write a form (.xlsx) that asks for what incentives need to know.": (
        "生成填报表（.xlsx），列出所选政策需要的事实。"
    ),
    "Fill in what this profile states: .toml, .json, .xlsx, or example:NAME.": (
        "预先填入这份资料里的内容：.toml、.json、.xlsx，或 example:名称。"
    ),
    "Ask only what this incentive needs; repeatable.": "只问这一项政策需要的；可写多次。",
    "Also write a workbook whose sums recompute.": "同时写出可重算金额的结果工作簿（.xlsx）。",
    "The workbook to write.": "要写出的工作簿。",
    "Show what would change a decision: the smallest changes, and what more is worth.": (
        "显示怎样会改变一项结论：最小的改变，以及再多一些值多少。"
    ),
    "With --over, or as a picture (svg, png), the amount as a function of one figure.": (
        "加 --over 或要图片（svg、png）时，显示金额随某一项数额的变化。"
    ),
    "Show the amount over this one figure.": "显示金额随这一项数额的变化。",
    "Write to this file.": "写入这个文件。",
    "Ask for missing facts, the most valuable first, until nothing left can change the outcome.": (
        "逐项询问缺少的事实，最有用的先问，直到剩下的都不再影响结果。"
    ),
    'Answers may come from a pipe. ? is "don\'t know"; back and stop do what they say.': (
        "回答也可以由管道输入。? 表示不知道；“返回”退回上一题，“结束”即停止并保存。"
    ),
    "What is known already: a profile, or example:NAME.": "已知的资料，或 example:名称。",
    "Ask for this incentive only; repeatable.": "只为这一项询问；可写多次。",
    "Save the profile to this file.": "把资料保存到这个文件。",
    "Recompute what was paid and show where it differs.": "重新计算已兑现的款项，列出差异。",
    "What was paid: .xlsx, .csv or .parquet.": "兑现清单：.xlsx、.csv 或 .parquet。",
    "Profiles: files, directories or tables; contract=FILE for items; repeatable.": (
        "申报资料：文件、目录或表格；明细表写作 contract=文件；可写多次。"
    ),
    "Date of the rows that have none.": "清单中没有日期的行按这一天评估。",
    "Incentive of the rows that name none.": "清单中没有写明政策的行属于哪一项。",
    "What a name in the list stands for.": "清单中的政策名称指哪一项；可写多次。",
    "What a column of the list holds.": "清单中某一列是什么；可写多次。",
    "Unit of amounts without one: 元 or 万元.": "没有写单位的金额以什么为单位：元或万元。",
    "Sheet of the workbook.": "工作簿中的工作表。",
    "Encoding of CSV files, such as gb18030.": "CSV 文件的编码，如 gb18030。",
    "Write the result as a workbook.": "把结果写成工作簿（.xlsx）。",
    "Write a Word paper for each applicant.": "为每个单位写一份 Word 审计底稿。",
    "For whoever reads or writes rules.": "供查阅和编写规则的人使用。",
    "List incentives, document by document.": "按文件列出政策事项。",
    "Show everything about one incentive.": "显示一项政策的全部内容。",
    "Check rules for what loads but looks wrong.": "检查规则中能载入但可疑之处。",
    "Run the worked cases inside the rule files.": "运行规则文件里的算例。",
    "Print a JSON Schema: of the output, of profiles, of rule files.": (
        "输出 JSON Schema：结果、申报资料、规则文件。"
    ),
    "Show public funds: what they hold on a date, by every reading.": (
        "显示财政资金在某日的规模，列出各种理解。"
    ),
    "List the targets of plans: value, unit, due year.": "列出规划指标：目标值、单位、完成年份。",
    "Explain a finding: what it means and how to mend it.": "解释一个错误代码的含义和改法。",
    "List the shipped example profiles; use one as example:NAME.": (
        "列出自带的示例资料；用 example:名称 引用。"
    ),
    "Show the version of the program and the digest of the shipped rules.": (
        "显示程序版本和自带规则的摘要值。"
    ),
    "A profile (.toml, .json, or a form .xlsx), or example:NAME.": (
        "申报资料（.toml、.json 或填报表 .xlsx），或 example:名称。"
    ),
    "Date of assessment, YYYY-MM-DD; default: today.": "评估日期，如 2024-06-01；默认为今天。",
    "By the rules published by this date; default: all.": (
        "以该日及以前公布的规定为准；默认为现有全部规定。"
    ),
    "Rules to use instead of the shipped ones; repeatable.": "改用这个目录的规则；可写多次。",
    "Assess drafts too; they never enter totals.": "同时评估征求意见稿；不计入合计。",
    "Take it that nothing was received before.": "按此前未领取过任何资助处理。",
    "Warn about unknown facts instead of refusing them.": "遇到不认识的事实只提示，不拒绝。",
    "Show the whole derivation of every decision.": "显示每项结论的完整推导。",
    "Form of the result.": "结果的形式。",
    "Report only this incentive; repeatable.": "只报告这一项；可写多次。",
    "Suggest cases at the figures that no case stands at.": ("在没有算例的标准处建议算例。"),
    "With --suggest: put them into the rule files.": "与 --suggest 同用：写入规则文件。",
    "Only these incentives.": "只限这些政策。",
    "Change one thing at a time: some case must fail.": "每次改动一处规则：必须有算例发现。",
    "Run only this incentive's cases; repeatable.": "只运行这一项的算例；可写多次。",
    "Id of an incentive, or its last part.": "政策事项的编号，或编号的最后一段。",
    "Those for this region: six digits or its name.": "适用于该地区的（六位代码或全称）。",
    "Of this kind, such as award.": "该类型的，如 award（奖励）。",
    "For this kind of applicant.": "以该类主体为对象的。",
    "Legal status, such as in_force.": "效力状态，如 in_force（现行有效）。",
    "In their period on this date.": "该日在执行期内的。",
    "Of this document.": "该文件里的。",
    "Put rule files into the canonical style: white space only, never a word.": (
        "把规则文件排成统一格式：只动空白，不动一个字。"
    ),
    "Rule files, or directories of them.": "规则文件，或规则目录。",
    "List the files that would change; change nothing.": "列出不合格式的文件，不写入。",
    "Show what would change; change nothing.": "显示会改动什么，不写入。",
    "Show a document's text beside the rules that quote it.": "把原文与引用它的规则逐句对照。",
    "Id of a document of the rules.": "规则里的文件编号。",
    "The document's text (UTF-8).": "文件的原文（UTF-8）。",
    "Form of the report.": "报告的形式。",
    "Mend what takes no judgement; needs --rules.": "直接改正不须斟酌的问题；要与 --rules 同用。",
    "Show what --fix would change; change nothing.": "只显示 --fix 会改动什么，不写入。",
    "The documents' texts, to check quotes.": "政策原文所在目录，用于核对引文。",
    "What to describe.": "要描述的对象。",
    "On the last day of this year.": "按该年最后一天计算。",
    "A code such as E212, or a word such as zero-divisor.": (
        "代码，如 E212，或结果中的词，如 zero-divisor。"
    ),
    "Prove what holds for every applicant, or show one for whom it does not.": (
        "证明规则对所有申报主体都成立的性质，或者给出一份不成立的资料。"
    ),
    "Every profile shown was assessed by the engine first. Needs the extra `prove`.": (
        "所示资料都先经本程序评估核对。需要安装附加组件 prove。"
    ),
    "Ids of incentives, or their last parts.": "政策事项的编号，或编号的最后一段。",
    "Every incentive.": "全部政策事项。",
    "Of reach, redundant, bounds, monotone, overlap, readings, versions; by commas.": (
        "只问这些性质，用逗号分开：reach（能否享受）、redundant（条件是否多余）、"
        "bounds（金额范围）、monotone（基数增加时金额不减）、overlap（表中各行不重叠）、"
        "readings（各种理解）、versions（新旧版本）。"
    ),
    "Seconds for one step of the solver.": "求解器每一步的秒数上限。",
    "Up to so many items in each list.": "每个列表至多考虑这么多项。",
    "Compare readings and versions only there.": "只在该条件成立时比较各种理解和版本。",
    "A figure for --where; repeatable.": "供 --where 使用的数值；可写多次。",
    "Older rules to compare with; repeatable.": "用来比较的旧规则目录；可写多次。",
    "Decide every incentive for every firm of a table.": "对一张表里的每一户评估每一项政策。",
    "A row a firm: .parquet, .csv or .xlsx.": "每户一行的表：.parquet、.csv 或 .xlsx。",
    "The column that names the firm.": "标明是哪一户的列。",
    "The decisions: .parquet, .csv or .xlsx.": "写出的结论表：.parquet、.csv 或 .xlsx。",
    "A row an item, as contract=FILE; repeatable.": (
        "每项一行的明细表，写作 contract=文件；可写多次。"
    ),
    "Decide only this incentive; repeatable.": "只评估这一项；可写多次。",
    "A row for every item too.": "明细的每一项也各写一行。",
    "Unit of a column of bare numbers: 元, 万元, 亿元, 分, %, ‰ or 1; repeatable.": (
        "只有数字的列的单位：元、万元、亿元、分、%、‰ 或 1；可写多次。"
    ),
    "Memory for the columns, as 4GiB.": "按列计算可用的内存，如 4GiB。",
    "Where to put what does not fit into memory.": "内存放不下时暂存的目录。",
    "Threads for the columns.": "按列计算使用的线程数。",
    "Also write a row a firm, with its totals.": "另写每户一行的合计表。",
    "Also write totals by incentive, region and payer.": "另写按政策、地区、出资方汇总的表。",
    "Decide nothing if more firms than this have faults.": "资料有误的户数超过此数时不予评估。",
    "Decisions of a batch (.parquet), for --row.": "批量评估的结论（.parquet），与 --row 同用。",
    "Which row of them, from 1.": "其中第几行，从 1 数起。",
    "Processes for the single engine.": "逐户计算时使用的进程数。",
    "Firms at a time; changes no result.": "每批处理的户数；不影响结果。",
    "Show this message and exit.": "显示本说明。",
    "Install completion for the current shell.": "为当前命令行安装自动补全。",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "显示自动补全脚本。"
    ),
}


def translate(command: Any, ctx: Any) -> None:
    """Put the help of a command, its options and its subcommands into Chinese.

    ``ctx`` says how the option that shows the help is called.
    """
    command.help = _lines(command.help)
    for param in (*command.params, command.get_help_option(ctx)):
        if getattr(param, "help", None):
            param.help = _lines(param.help)
    for inner in getattr(command, "commands", {}).values():
        translate(inner, ctx)


def _lines(text: str | None) -> str | None:
    if text is None:
        return None
    return "\n\n".join(HELP.get(" ".join(part.split()), part) for part in text.split("\n\n"))
