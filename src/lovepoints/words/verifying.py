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
    "code": ("{party} 的编号不是登记时的编号",
             "the code of {party} is not the one it was enrolled under"),
}
