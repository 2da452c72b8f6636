"""What `check` says about the cases of a rulebook: (Chinese, English) pairs by code."""

from __future__ import annotations

from lovepoints.words import Table

CASE_PROBLEMS: Table = {
    "case_without_readings": ("算例“{case}”写明未定，却没有列出读法",
                              'the case "{case}" is open, but lists no reading'),
    "case_expects_nothing": ("算例“{case}”没有写预期的结果", 'the case "{case}" expects nothing'),
    "case_count": ("“{key_name}”有 {count} 项，而算例“{case}”应有 {expected} 项",
                   '"{key_name}" has {count} values; the case "{case}" needs {expected}'),
    "case_now_early": ("算例“{case}”看结果的时刻早于最后一步（{last}）",
                       'the case "{case}" is looked at before its last row ({last})'),
    "key_not_here": ("“{key_name}”不能用在 {do} 这一步", '"{key_name}" has no meaning for "{do}"'),
    "duplicate_case": ("算例“{case}”出现了两次", 'there are two cases "{case}"'),
    "unknown_code": ("没有“{value}”这个不予办理的代码", 'there is no refusal "{value}"'),
    "unknown_resident": ("算例里没有“{value}”这个人", 'nobody in this case is called "{value}"'),
    "unknown_limit": ("没有“{value}”这个上限", 'there is no limit "{value}"'),
    "unknown_star": ("没有“{value}”这个星级", 'there is no star "{value}"'),
    "unknown_rank": ("没有“{value}”这个榜单", 'there is no rank "{value}"'),
    "unknown_item": ("货架上没有“{value}”", 'there is no item "{value}" on the shelf'),
    "unknown_status": ("事项没有“{value}”这个状态", 'a deed is never "{value}"'),
}
"""What is wrong with a case."""

CASE_REMEDIES: Table = {
    "case_without_readings": ("请加 readings，或删掉 certain = false。",
                              "Add readings, or leave certain = false out."),
    "case_expects_nothing": ("请写 points、balance 等预期。",
                             "Say what should come out: points, balance ..."),
    "case_count": ("每件事（refused 是每一步）写一项，按先后次序；没有得分写 0。",
                   "Write one value a deed (refused: a row), in order; 0 if it got nothing."),
    "case_now_early": ("请改后，或在 steps 里写一步 do = \"expect\"。",
                       'Look later, or add a step with do = "expect".'),
    "key_not_here": ("请核对这一步的写法。", "Check what this step can say."),
    "duplicate_case": ("请换一个标题。", "Give one of them another title."),
    "unknown_code": ("请核对代码，可查阅不予办理代码表。", "Check the list of refusal codes."),
    "unknown_resident": ("请在 holders 里写上，或核对名字。",
                         "Add the name to holders, or check how it is written."),
    "unknown_limit": ("请核对代码；没有受限写空字。", 'Check the code; "" for no limit.'),
    "unknown_star": ("请核对星级的代码。", "Check the code of the star."),
    "unknown_rank": ("请核对榜单的代码。", "Check the code of the rank."),
    "unknown_item": ("请在 goods 里写上，或核对名称。",
                     "Add the item to goods, or check how it is written."),
    "unknown_status": ("可以写 confirmed、submitted、rejected 等。",
                       "Write confirmed, submitted, rejected ..."),
}
"""What to do about it."""

DIFFERENCES: Table = {
    "points": ("第 {number} 件事应得 {expected} 分，实得 {actual} 分",
               "deed {number} should get {expected} points, but got {actual}"),
    "balance": ("{holder}的{kind}余额应为 {expected}，实为 {actual}",
                "the balance of {holder} in {kind} should be {expected}, but is {actual}"),
    "spendable": ("{holder}的{kind}应可用 {expected}，实可用 {actual}",
                  "{holder} should be able to spend {expected} {kind}, but can spend {actual}"),
    "held": ("{holder}的{kind}应预留 {expected}，实为 {actual}",
             "{expected} {kind} of {holder} should be held, but {actual} are"),
    "owed": ("{holder}应欠{kind} {expected}，实欠 {actual}",
             "{holder} should owe {expected} {kind}, but owes {actual}"),
    "earned": ("{holder}在 {period} 应累计得{kind} {expected}，实得 {actual}",
               "{holder} should have earned {expected} {kind} in {period}, but earned {actual}"),
    "stock": ("{item}应有 {expected}，实有 {actual}",
              "there should be {expected} of {item}, but there are {actual}"),
    "sanctions": ("{holder}应处于：{expected}；实际：{actual}",
                  "{holder} should be under {expected}, but is under {actual}"),
    "stars": ("{holder}应为 {expected}，实为 {actual}",
              "{holder} should have the star {expected}, but has {actual}"),
    "ranking": ("榜单 {rank} 应为 {expected}，实为 {actual}",
                "the list {rank} should be {expected}, but is {actual}"),
    "status": ("第 {number} 件事应为 {expected}，实为 {actual}",
               "deed {number} should be {expected}, but is {actual}"),
    "limited": ("第 {number} 件事应受 {expected} 限制，实受 {actual}",
                "deed {number} should be cut by {expected}, but was cut by {actual}"),
    "refused": ("这一步应不予办理（{expected}），结果是 {actual}",
                "this row should be refused ({expected}), but the outcome was {actual}"),
    "not_played": ("这一步无法进行：{what}", "this row cannot be played: {what}"),
}
"""How what came out differs from what was expected."""

CHANGES: Table = {
    "case": ("算例“{case}”，{what}：{before} → {after}",
             'case "{case}", {what}: {before} -> {after}'),
    "what_deed": ("第 {number} 步（事项）", "row {number} (a deed)"),
    "what_row": ("第 {number} 步", "row {number}"),
    "same": ("没有变化", "nothing changes"),
}
"""What changes for whom from one rulebook to the next."""

REPORT: Table = {
    "title": ("{name}：{title}（{effective}起）", "{name}: {title} (from {effective})"),
    "counts": ("算例 {cases} 个，逐项核对 {checks} 次，不符 {differences} 处",
               "{cases} cases, {checks} runs, {differences} differences"),
    "defaults": (
        "{name}：{count} 项设置没有写明，按默认办理。请写明，或确认就是这样：",
        "{name}: settings left to their defaults ({count}); write them down, or be sure that"
        " they are meant:",
    ),
    "case": ("算例“{case}”", 'case "{case}"'),
    "reading": ("算例“{case}”，读法“{reading}”", 'case "{case}", reading "{reading}"'),
    "none": ("无", "none"),
}
"""The frame of a report."""
