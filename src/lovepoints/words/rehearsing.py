"""The words of a rehearsal, in Chinese and English."""

from __future__ import annotations

from lovepoints.words import Table

REHEARSAL: Table = {
    "title": ("新办法试算", "Rehearsal of a rulebook"),
    "nothing": ("只是试算，没有写入账本。", "A rehearsal only: nothing was written into the book."),
    "rulebook": ("办法", "Rulebook"),
    "period": ("期间", "Period"),
    "decisions": ("核实件数", "Decisions"),
    "changed": ("其中结果不同", "Of these otherwise"),
    "head_what": ("项目", "Item"),
    "head_was": ("现行", "Present"),
    "head_now": ("试算", "New"),
    "given": ("发放积分", "Points given"),
    "deducted": ("扣减积分", "Points taken"),
    "yuan": ("约合元", "In yuan"),
    "months": ("可用月数", "Months"),
    "cuts": ("触限次数", "Limits hit"),
    "shelf": ("货架现有 {points} 分的物品；另有认捐 {yuan} 元。",
              "Goods on the shelf: {points} points; pledged besides: {yuan} yuan."),
    "waiting": ("待发 {points} 分。", "Waiting for room: {points} points."),
    "refused": ("按新办法不予计分：{count} 件。", "The rulebook would not allow: {count}."),
    "more": ("{count} 户多得", "Passbooks that win: {count}"),
    "less": ("{count} 户少得", "Passbooks that lose: {count}"),
    "rest": ("另有 {count} 户未列出。", "Not listed: {count} more."),
    "price_title": ("新价目试算", "Rehearsal of a price list"),
    "redemptions": ("兑换次数", "Redemptions"),
    "fetched": ("兑换积分", "Points paid"),
    "covered": ("存折可用 {points} 分，新价目下货架折合 {shelf} 分，缺 {missing} 分。",
                "To spend: {points} points; the shelf at these prices: {shelf}; "
                "missing: {missing}."),
    "dearer": ("{count} 户多付", "Passbooks that pay more: {count}"),
    "cheaper": ("{count} 户少付", "Passbooks that pay less: {count}"),
    "short": ("多付的户中，现有积分不够补差的：{count} 户。",
              "Of those that pay more, could not pay the rest today: {count}."),
    "hidden": ("保密事项只计入合计，不在名单内。",
               "Confidential deeds are in the sums only, not in this list."),
    "committee": ("仅供居委会内部研究，请勿公开。",
                  "For the committee only; please do not publish."),
}
