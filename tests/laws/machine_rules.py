"""A rulebook in which much can happen within a few weeks."""

RULES = '''
format = 1
title = "万用积分办法"
effective = 2026-01-01
holder = "household"
late = "400 days"
overturned = "debt"
several_rules = "sum"

[[kind]]
code = "point"
title = "积分"
base = { points = 4, each = "year", renew = "add" }
ceiling = { points = 60, overflow = "queue" }

[[kind]]
code = "honour"
title = "荣誉积分"
decimals = 1
spendable = false
credited = false

[[rule]]
code = "help"
title = "助老"
clause = "第一条"
points = { per = "hour", value = 2 }
also = { honour = 0.5 }

[[rule]]
code = "hazard"
title = "隐患"
clause = "第二条"
points = { minor = 3, major = 9 }
grades = { minor = "轻微", major = "重大" }
first = { same = ["place"], within = "30 days", later = 1 }
notice_days = 2

[[rule]]
code = "staged"
title = "分段"
clause = "第三条"
stages = [
  { code = "seen", points = 1, automatic = true, kept_when_false = false },
  { code = "checked", points = 4 },
  { code = "solved", points = { from = 1, to = 8 }, kept_when_rejected = false },
]

[[rule]]
code = "big"
title = "大事"
clause = "第四条"
points = 12
confirm = { by = ["committee", "grid-officer"], people = 1, above = 10, people_above = 2 }

[[rule]]
code = "litter"
title = "乱扔"
clause = "第五条"
points = 9
deduction = { notice_days = 2, appeal = "居委会", floor = "debt", repair = 2, sanction = "pause" }

[[rule]]
code = "noise"
title = "扰民"
clause = "第六条"
points = 5
deduction = { notice_days = 0, appeal = "居委会", floor = "zero" }

[[rule]]
code = "shared"
title = "合办"
clause = "第七条"
points = 10
weights = [60, 40]

[[limit]]
code = "help-month"
title = "助老每月封顶"
rules = ["help"]
per = "resident"
each = "month"
most = 12
kind = "point"

[[limit]]
code = "hazard-budget"
title = "隐患每月总额"
rules = ["hazard"]
per = "community"
each = "month"
most = 15
crossing = "queue"

[validity]
after = "2 months"

[[clearing]]
kind = "point"
on = "05-10"
at = 09:00:00
carry_share = 50

[[debit]]
code = "fee"
title = "年费"
points = 3
on = "04-20"
short = "what-there-is"

[[sanction]]
code = "pause"
title = "暂停兑换"
bars = ["redeem"]
lasts = "5 days"

[transfer]
to = "anyone"
most = 30
each = "month"

[redemption]
collect_within = "3 days"
spenders = "members"
often = [{ most = 6, each = "month" }]
'''


def later(rules: str, day: str) -> str:
    """The same with other worths, from a later day on."""
    return (rules.replace("effective = 2026-01-01", f"effective = {day}")
            .replace("value = 2 }", "value = 3 }").replace("minor = 3", "minor = 4")
            .replace('after = "2 months"', 'after = "20 days"')
            .replace("points = 12", "points = 14").replace("repair = 2", "repair = 1")
            .replace("weights = [60, 40]", "weights = [50, 50]")
            + 'returned_after_expiry = "5 days"\n')
