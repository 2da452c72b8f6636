"""What a verification finds, in Chinese and English."""

from __future__ import annotations

from lovepoints.words import Table

FINDINGS: Table = {
    "entry_missing": ("缺少这张凭证，后面一张是第 {next} 张",
                      "it is missing; the next one there is {next}"),
    "leaf": ("内容与指纹不符", "its bytes do not give its leaf hash"),
    "not_canonical": ("内容不是规范写法", "its bytes are not in canonical form"),
    "not_readable": ("内容无法读出（{why}）", "its bytes cannot be read: {why}"),
    "not_foldable": ("无法据此重算（{why}）", "it cannot be folded: {why}"),
    "column": ("{column} 一栏与内容不符", "its column {column} is not what its bytes say"),
    "recorded_before": ("记账时间早于前一张凭证",
                        "it was recorded before the entry in front of it"),
    "checkpoint": ("到这里为止的账，与留存的对账点不符",
                   "the journal up to here is not the one of a remembered checkpoint"),
    "postings": ("存下的分录与凭证内容不符",
                 "its stored postings are not what its bytes say"),
    "postings_behind": ("最后一张凭证之后还有分录", "postings are stored behind the last entry"),
    "journal_cut": ("账本比留存的对账点（{size} 张）短",
                    "the journal is shorter than the remembered checkpoint at {size}"),
    "row_unmade": ("{table} 中有一行没有凭证：{row}",
                   "{table} has a row that no entry made: {row}"),
    "row_differs": ("{table} 中有一行与凭证不符：{row}",
                    "{table} has a row that is not what the entries say: {row}"),
    "row_missing": ("{table} 中缺少一行：{row}", "{table} lacks a row: {row}"),
    "sum": ("{unit} 合计应为零，实为 {total}", "{unit} does not sum to zero but to {total}"),
    "lots": ("{account} 的各批次与 {unit} 余额不符",
             "the lots of {account} do not add up to its balance of {unit}"),
    "key_differs": ("一个已用的办理号不属于它所指的凭证",
                    "a used key does not belong to the entry that it names"),
    "key_missing": ("办理号不在登记簿中，可能被再用一次",
                    "its key is missing in the register and could be used again"),
    "sealed": ("关于 {subject} 的文字记录被改动过",
               "what was written about {subject} is not what was sealed"),
    "party": ("{party} 的人员记录与登记的凭证不符",
              "who {party} is, is not what the entries say"),
    "close": ("结账时逐户记下的余额与凭证不符",
              "what the close counted for each holder is not what its entry says"),
    "file": ("数据库文件自身有损：{what}", "the file contradicts itself: {what}"),
    "award": ("第 {line} 项赋分记为 {is}，按办法应为 {should}",
              "its award {line} says {is}; the rulebook gives {should}"),
    "award_refused": ("记有赋分 {is}，按办法不能赋分（{code}）",
                      "it awards {is}; the rulebook refuses that ({code})"),
    "award_posted": ("{deed} 入账与赋分不符", "what it moved for {deed} is not what it awarded"),
    "award_unreadable": ("赋分无法重算（{why}）", "its award cannot be rated again: {why}"),
    "deduction": ("扣分记为 {is}，应为 {should}", "it takes {is} where {should} was decided"),
    "taken_back": ("收回 {deed} 前一次决定的分录与原分录不符",
                   "it does not take back what the decision on {deed} before it posted"),
    "rulebook_unknown": ("所依据的办法（{digest}）当时没有启用",
                         "its rulebook {digest} had not been adopted"),
    "rulebook_other": ("依据的办法是 {digest}，当时应为 {should}",
                       "it follows rulebook {digest}; {should} was the one in force"),
    "not_due": ("记有到期事项（{kind}），按当时的账并未到期或不是这样",
                "it writes what was due ({kind}); by the entries before it, that was not"),
    "reversed_before": ("第 {entry} 号凭证已冲正过，或本身就是冲正",
                        "entry {entry} was taken back before, or takes one back itself"),
    "reversed_otherwise": ("冲正第 {entry} 号凭证的分录与原分录不符",
                           "it does not take back what entry {entry} posted"),
    "price_other": ("{item} 不是当天的价格", "{item} is not at the price of its day"),
    "lots_turn": ("{unit} 没有按先到期先用的顺序扣减",
                  "it does not draw on the lots of {unit} whose turn it was"),
    "moved_otherwise": ("{subject} 的分录与应有的不符",
                        "what it moves for {subject} is not what had to move"),
    "move_unreadable": ("分录无法重算（{why}）", "what it moves cannot be worked out again: {why}"),
    "decided_again": ("{deed} 已有决定，不能再次决定", "{deed} was decided already"),
    "decided_own": ("核实人就是当事人、记录人或同户的人（{who}）",
                    "its officer decided on what was done at home ({who})"),
    "code": ("{party} 的编号不是登记时的编号",
             "the code of {party} is not the one it was enrolled under"),
}

MISREAD: Table = {
    "length": (
        "“{typed}”有 {count} 个字母和数字；核对码是凭证数加 30 个字母和数字。请照纸上逐组重读。",
        "{typed!r} has {count} letters and digits; a code is the number of entries and 30 more."
        " Please read it from the paper again, group by group.",
    ),
    "letters": (
        "“{typed}”里有核对码不用的字符：{letters}。请照纸上重读。",
        "{typed!r} has signs that no code uses: {letters}. Please read it from the paper again.",
    ),
    "shape": (
        "“{typed}”不像核对码，例如 12-000G-40R4-0M30-E209-185G-R38E-5ABN-70。请照纸上逐组重读。",
        "{typed!r} does not read like a code, 12-000G-40R4-0M30-E209-185G-R38E-5ABN-70 for"
        " instance. Please read it from the paper again, group by group.",
    ),
    "check": (
        "“{typed}”的末两位校验不符：有一处读错或打错。请照纸上逐组重读。",
        "the check digits of {typed!r} do not fit: one sign was misread or mistyped."
        " Please read it from the paper again, group by group.",
    ),
    "text": (
        "“{typed}”开头的文字不是对账点（{why}）。请用打印时留下的原文件，或改用纸上的核对码。",
        "the text that begins with {typed!r} is no checkpoint ({why}). Use the file as it was"
        " kept, or the code from paper.",
    ),
}
"""Why what was typed is no checkpoint, and what to do."""

AGAINST: Table = {
    "holds": ("与对账点 {kept} 相符：前 {size} 号凭证一字未改。",
              "It matches {kept}: the first {size} entries are unchanged."),
    "differs": (
        "与对账点 {kept} 不符：前 {size} 号凭证已不是当时的样子，账本被改写过。",
        "It does not match {kept}: the first {size} entries are not what they were."
        " The book was rewritten.",
    ),
    "shorter": (
        "账本比对账点 {kept} 旧：缺少最后 {missing} 号凭证，被删去了，或换回了旧的副本。",
        "The book is older than the paper {kept}: the last {missing} entries are missing."
        " They were cut off, or an older copy was put back.",
    ),
    "other_book": (
        "对账点 {kept} 属于另一个账本，不能用来核对这一本。请确认纸和文件都是本社区的。",
        "The paper {kept} is of another book and says nothing about this one."
        " Check that paper and file are both of this community.",
    ),
    "newer": (
        "第 {seq} 号凭证晚于对账点 {kept}（只到第 {size} 号）。请改用它之后打印的对账点。",
        "Entry {seq} is newer than the paper {kept}, which ends at entry {size}."
        " Take a paper that was printed after it.",
    ),
    "later": (
        "对账点 {kept} 比要核对的那一个（第 {size} 号）还晚。请把两张对调。",
        "The paper {kept} is later than the one that should continue it (entry {size})."
        " Exchange the two.",
    ),
    "limits": (
        "只凭账本自身，查不出两件事：掌管文件和程序的人把账连同全部指纹重写一遍；换回一份旧的完好副本。"
        "要查出，请用印在外面的对账点：lovepoints verify 账本 --against 核对码。",
        "From the book alone two things cannot be seen: a journal rewritten whole, with all its"
        " hashes, by whoever has the file and the program; and an older sound copy put back."
        " A checkpoint kept elsewhere shows both: lovepoints verify BOOK --against CODE.",
    ),
    "limits_after": (
        "对账点只管到它的 {size} 号凭证；之后的 {later} 号，要等下一个对账点才能核对。",
        "The paper speaks of the first {size} entries; the {later} after it wait for the next"
        " checkpoint.",
    ),
}
"""What a checkpoint from outside says, and what cannot be said without one."""
