"""What the linter finds in a rulebook, and what to decide: (Chinese, English) pairs by code."""

from __future__ import annotations

from lovepoints.words import Table

FINDINGS: Table = {
    "left_to_default": (
        "{question}没有写明，按 {setting} = {value}{meaning}办理{places}",
        "{question}: left to its default, {setting} = {value}{meaning}{places}",
    ),
    "notice_unstated": (
        "没有写公示天数，按不公示办理",
        "no notice days are stated, so there is no notice",
    ),
    "everybody_counts": (
        "同一活动一户来几人没有限制，“{rule}”来一人记一人次",
        'several people of one household at one event: each counts in "{rule}"',
    ),
    "attribute_unused": ("属性“{value}”没有用到", 'the attribute "{value}" is not used'),
    "stars_level": (
        "“{value}”与“{other}”的分数线相同",
        '"{value}" begins where "{other}" begins',
    ),
    "star_never_grants": (
        "“{value}”一直累计，没有下一个周期，奖励的积分永远不会发",
        '"{value}" is reached for ever: there is no next period in which it could give points',
    ),
    "bands_not_rising": ("各档的上限没有由低到高排列", "the bands do not rise"),
    "bands_end": ("超过 {value} 的部分没有档", "there is no band above {value}"),
    "tiers_not_rising": ("各级的起点没有由低到高排列", "the tiers do not rise"),
    "tier_worth_less": (
        "这一级的分值不高于前一级",
        "this tier is not worth more than the one before",
    ),
    "sizes_not_rising": ("各档的分值上限没有由低到高排列", "the sizes do not rise"),
    "sizes_end": (
        "超过 {value} 分的积分没有写有效期",
        "awards above {value} points have no validity",
    ),
    "variants_overlap": (
        "第 {first} 种和第 {second} 种情形会同时适用",
        "variants {first} and {second} may fit the same deed",
    ),
    "variants_gap": ("{first} 到 {last} 没有哪种情形适用", "no variant covers {first} to {last}"),
    "values_gap": (
        "“{attribute}”为 {missing} 时没有哪种情形适用",
        'no variant covers {missing} of "{attribute}"',
    ),
    "variant_over": (
        "这种情形到 {until} 为止，早于生效日 {effective}",
        "this variant ends on {until}, before the rulebook begins on {effective}",
    ),
    "parts_without_grades": (
        "写了 {value} 个部分，但没有按等次给分",
        "there are {value} parts, but no grades to add up",
    ),
    "grades_unused": ("列了等次，但没有按等次给分", "grades are listed, but no points go by them"),
    "deduction_with_reward": (
        "扣分事项里的“{key_name}”不起作用",
        '"{key_name}" means nothing in a deduction',
    ),
    "kind_never_credited": (
        "没有任何事项会记入“{value}”",
        'nothing ever brings points of "{value}"',
    ),
    "kind_unspendable": (
        "“{value}”不能花，却列在兑换里",
        '"{value}" cannot be spent, yet redemption lists it',
    ),
    "threshold_without_base": (
        "“{value}”有不可兑换的底数，但没有基础分",
        'part of "{value}" cannot be spent, yet there are no base points',
    ),
    "overflow_stuck": (
        "超出的积分进入“{value}”后既不能花也不能转赠",
        'what goes over into "{value}" can neither be spent nor given on',
    ),
    "overflow_circle": (
        "“{value}”超出的积分又会转回来",
        'what goes over into "{value}" would come back from there',
    ),
    "sanction_unused": (
        "处置“{value}”没有哪个事项会用到",
        'no rule leads to the sanction "{value}"',
    ),
    "sanction_does_nothing": (
        "处置“{value}”没有写任何后果",
        'the sanction "{value}" has no effect',
    ),
    "until_lifted": (
        "处置“{value}”没有写期限，要由人解除",
        'the sanction "{value}" lasts until somebody lifts it',
    ),
    "pairing_unspendable": (
        "“{value}”不能花，无法搭配",
        '"{value}" cannot be spent and so not be paired',
    ),
    "minimum_between_steps": (
        "最低 {value} 分不是 {step} 的倍数",
        "the minimum of {value} is not a multiple of {step}",
    ),
    "cleared_and_ended": (
        "“{value}”每{each}末已经失效，年度清零不会再有作用",
        '"{value}" ends with every {each} anyway, so the clearing finds nothing',
    ),
    "limit_without_rules": (
        "上限“{value}”没有管到任何事项",
        'the limit "{value}" applies to no rule',
    ),
    "limit_zero": ("上限是 0，{rules} 永远不给分", "the limit is 0, so {rules} can never pay"),
    "limit_never_reached": (
        "上限 {value} 永远达不到，最多只能得 {possible} 分",
        "the limit of {value} is never reached: {possible} points are possible",
    ),
    "limit_on_deduction": (
        "上限里的“{rule}”是扣分事项",
        'the limit names "{rule}", which takes points',
    ),
    "limit_of_other_kind": (
        "上限管的是“{value}”，但这些事项不给这种积分",
        'the limit counts "{value}", which these rules do not pay',
    ),
    "limit_twice": (
        "“{value}”与“{other}”管的是同一件事",
        '"{value}" limits the same as "{other}"',
    ),
    "limit_units_differ": (
        "这些事项的单位不同：{units}",
        "these rules count in different units: {units}",
    ),
    "limit_without_quantity": (
        "“{rule}”不按数量给分，无法按数量设上限",
        '"{rule}" states no quantity that could be limited',
    ),
    "queue_without_period": (
        "没有周期，排队的积分永远等不到",
        "without a period, what waits would wait for ever",
    ),
    "never_paid": (
        "“{rule}”至少 {value} 分，超过上限 {most}，永远不给分",
        '"{rule}" brings at least {value}, above the limit of {most}: it can never pay',
    ),
    "sometimes_never_paid": (
        "“{rule}”最多 {value} 分，超过上限 {most} 时一分不给",
        '"{rule}" may bring {value}, above the limit of {most}: then it pays nothing',
    ),
}
"""What was found."""

FINDING_REMEDIES: Table = {
    "left_to_default": ("请写明，或确认就是这样。", "Write it down, or be sure that it is meant."),
    "notice_unstated": (
        "请写 notice_days = 3 这样的天数；确实不公示写 0。",
        "Write notice_days = 3 or the like; 0 if none is meant.",
    ),
    "everybody_counts": (
        "如只记一次，请加一个按户、按活动的上限。",
        "If one is enough, add a limit per household and event.",
    ),
    "attribute_unused": ("请删掉，或写进条件。", "Leave it out, or use it in a condition."),
    "stars_level": ("请核对分数线。", "Check where the levels begin."),
    "star_never_grants": (
        "请写 each = \"year\" 一类的周期，或删掉 grants。",
        'Write each = "year" or the like, or leave grants out.',
    ),
    "bands_not_rising": (
        "请按 to 从小到大写，只有最后一档可以不写 to。",
        "Write them by rising `to`; only the last may leave it out.",
    ),
    "bands_end": (
        "请加一档不写 to 的，或确认超出就不予办理。",
        "Add a band without `to`, unless larger amounts are to be refused.",
    ),
    "tiers_not_rising": ("请按 at 从小到大写。", "Write them by rising `at`."),
    "tier_worth_less": (
        '请核对分值；各级另加请写 mode = "add"。',
        'Check the values; if tiers add up, write mode = "add".',
    ),
    "sizes_not_rising": (
        "请按 to 从小到大写，只有最后一档可以不写 to。",
        "Write them by rising `to`; only the last may leave it out.",
    ),
    "sizes_end": ("请加一档不写 to 的。", "Add a size without `to`."),
    "variants_overlap": (
        "请让条件或日期互不重叠，由社区决定以哪种为准。",
        "Decide which is meant, and make conditions or days exclusive.",
    ),
    "variants_gap": (
        "请补上这些日子，或写一个平常的 points。",
        "Cover these days, or give the rule plain points.",
    ),
    "values_gap": (
        "请补上这些情形，或写一个平常的 points。",
        "Cover them, or give the rule plain points.",
    ),
    "variant_over": ("请删掉，或核对日期。", "Leave it out, or check the day."),
    "parts_without_grades": (
        "请按等次写 points，或删掉 parts。",
        "Write points by grade, or leave parts out.",
    ),
    "grades_unused": (
        "请按等次写 points，或删掉 grades。",
        "Write points by grade, or leave grades out.",
    ),
    "deduction_with_reward": ("请删掉。", "Leave it out."),
    "kind_never_credited": (
        "请在事项里写 kinds 或 also，或删掉这种积分。",
        "Name it in kinds or also of a rule, or leave it out.",
    ),
    "kind_unspendable": (
        "请从 redemption.kinds 里删掉，或写 spendable = true。",
        "Take it out of redemption.kinds, or make it spendable.",
    ),
    "threshold_without_base": (
        "请写 base，或删掉 spendable_above。",
        "Give it a base, or leave spendable_above out.",
    ),
    "overflow_stuck": (
        "请开放转赠，或换一种接收的积分。",
        "Allow transfers, or choose another kind.",
    ),
    "overflow_circle": (
        "请让其中一个写 lost、refuse 或 queue。",
        "Let one of them say lost, refuse or queue.",
    ),
    "sanction_unused": (
        "请在扣分事项里写 sanction，或写 below。",
        "Name it in a deduction, or write below.",
    ),
    "sanction_does_nothing": ("请写 bars、clears 或 note。", "Write bars, clears or note."),
    "until_lifted": (
        "如有期限，请写 lasts 或 lasts_periods。",
        "If it has an end, write lasts or lasts_periods.",
    ),
    "pairing_unspendable": (
        "请写 spendable = true，或换一种积分。",
        "Make it spendable, or name another kind.",
    ),
    "minimum_between_steps": ("请改成倍数。", "Make it a multiple."),
    "cleared_and_ended": ("请只保留一种。", "Keep one of the two."),
    "limit_without_rules": ("请核对 rules 和 groups。", "Check its rules and groups."),
    "limit_zero": ("请核对数字，或删掉这些事项。", "Check the number, or leave these rules out."),
    "limit_never_reached": (
        "请核对数字，或删掉这个上限。",
        "Check the number, or leave the limit out.",
    ),
    "limit_on_deduction": (
        "请确认是要限制扣分，否则删掉。",
        "Leave it out, unless deductions are to be limited.",
    ),
    "limit_of_other_kind": ("请核对 kind。", "Check kind."),
    "limit_twice": ("请合并成一个。", "Keep one of them."),
    "limit_units_differ": ("请按单位分开写。", "Write one limit for each unit."),
    "limit_without_quantity": ("请用 points 或 times 设上限。", "Limit points or times instead."),
    "queue_without_period": (
        "请写 each 或 within，或把 crossing 改成 part 或 none。",
        "Write each or within, or another crossing.",
    ),
    "never_paid": (
        '请提高上限，或写 crossing = "part"。',
        'Raise the limit, or write crossing = "part".',
    ),
    "sometimes_never_paid": (
        '请提高上限，或写 crossing = "part"。',
        'Raise the limit, or write crossing = "part".',
    ),
}
"""What to decide."""

QUESTIONS: Table = {
    "question-1": (
        "按哪一天选用办法和计算上限",
        "which day picks the rulebook and fills the limits",
    ),
    "question-2": ("从哪一天起算有效期和排名", "which day starts validity and ranking"),
    "question-3": ("越过上限的那一笔怎么办", "the deed that crosses a limit"),
    "question-5": ("一件事符合几条时怎么算", "several rules for one matter"),
    "question-7": ("最小单位和舍入", "the smallest unit and rounding"),
    "question-8": ("累计分级是否叠加", "tiers on a running total"),
    "question-9": ("分档是分段计还是整体计", "bands on an amount"),
    "question-10": ("界限本身算不算在内", "whether bounds are included"),
    "question-11": ("基础分", "base points"),
    "question-12": ("扣分扣到哪里为止", "the floor under a deduction"),
    "question-13": ("积分花掉后又被撤销怎么办", "an award overturned after it was spent"),
    "question-14": ("再犯是否加重", "a repeated offence"),
    "question-15": ("成员被扣分由谁承担", "who bears a member's deduction"),
    "question-16": ("被驳回的上报已得的分", "points of a report that is rejected later"),
    "question-17": ("同一情况重复上报", "the same matter reported again"),
    "question-18": ("存折积分的封顶", "a ceiling of the passbook"),
    "question-19": ("先花哪一批积分", "the order in which points are spent"),
    "question-20": ("有效期与清零", "validity and clearing"),
    "question-21": ("公示期", "the notice period"),
    "question-22": ("需要几人核实", "how many checks are needed"),
    "question-23": ("过期补报", "late reports"),
    "question-24": ("限制的内容和期限", "what is barred, and how long"),
    "question-25": ("兑换取消或逾期未领", "a redemption cancelled or not collected"),
    "question-26": ("排名的口径", "how a ranking counts"),
    "question-27": ("谁可以兑换、代领和转赠", "who may spend, fetch and give"),
    "question-28": ("积分总额快用完时的提醒", "the warning before a budget ends"),
    "question-29": ("余额不足时的统一扣减", "a compulsory debit on a short balance"),
    "question-30": ("周和年从哪天开始", "where weeks and years begin"),
}
"""The open questions that a setting answers, by the number that the reference gives them."""

MEANINGS: Table = {
    "Rulebook.counts_on=deed_day": ("事项发生日", "the deed's day"),
    "Rulebook.starts_on=notice_end": (
        "公示结束日，没有公示就是核实日",
        "the end of notice, or the confirmation",
    ),
    "Limit.crossing=part": ("给到上限为止", "what is left is credited"),
    "Rulebook.several_rules=highest": ("取最高一条", "the highest counts"),
    "Group.take=highest": ("取最高一条", "the highest counts"),
    "Kind.decimals=0": ("一分为最小单位", "whole points"),
    "Kind.rounding=down": ("舍去零头", "parts are dropped"),
    "PerUnit.carry=": ("零头不结转", "parts are not carried over"),
    "Tiers.mode=highest": ("只算最高一级", "the highest tier counts"),
    "Bands.mode=progressive": ("分段累计", "each part at its own band"),
    "Band.to_included=true": ("含上限", "the bound is included"),
    "Tier.at_included=true": ("含起点", "the bound is included"),
    "Star.at_included=true": ("含分数线", "the bound is included"),
    "Kind.base=": ("没有基础分", "none"),
    "Deduction.floor=zero": ("扣到零为止，不足部分记录在案", "down to zero, the rest is recorded"),
    "Rulebook.overturned=debt": ("记为待抵扣", "owed in the open"),
    "Rulebook.settle_debt=true": ("以后的积分先抵扣", "later points pay it first"),
    "Deduction.repeat=": ("不加重", "nothing more"),
    "Deduction.borne_by=holder": ("本该得分的存折", "the passbook that would have earned"),
    "Stage.kept_when_rejected=true": ("如实上报的保留", "an honest report keeps them"),
    "Stage.kept_when_false=false": ("虚假上报的收回", "a false report gives them back"),
    "Rule.first=": ("不比较是否同一处", "reports are not compared"),
    "Kind.ceiling=": ("不封顶", "none"),
    "Ceiling.overflow=lost": ("超出部分不计", "what goes over is dropped"),
    "Redemption.order=soonest": ("先到期的先花", "what ends soonest goes first"),
    "Rulebook.validity=": ("长期有效", "for ever"),
    "Validity.last_day=in": ("最后一天仍有效", "the last day still counts"),
    "Clearing.pending=keep": ("公示中和已预留的不清", "pending and held points stay"),
    "Rulebook.usable=after_notice": ("公示结束后可用", "usable after the notice"),
    "Rulebook.objection=line": ("异议只停有异议的一笔", "an objection stops its own line"),
    "Confirm.people=1": ("另一人核实即可", "one other person"),
    "Confirm.above=": ("不因分值增加人数", "no more for larger amounts"),
    "Rulebook.late=30 days": ("事后三十天内", "thirty days after the deed"),
    "Rulebook.late_then=reason": ("逾期须写理由", "then with a reason"),
    "Sanction.bars=": ("不限制任何事", "nothing is barred"),
    "Sanction.lasts=": ("按其他写法或直到解除", "as said otherwise, or until lifted"),
    "Redemption.collect_within=7 days": ("预留七天", "kept for seven days"),
    "Redemption.returned_after_expiry=": (
        "退回时已过期的随即失效",
        "points that have ended end at once",
    ),
    "Rank.of=earned": ("所得积分", "points earned"),
    "Rank.ties=share": ("并列同名次", "ties share a place"),
    "Rank.excludes_staff=true": ("工作人员不参加", "staff are left out"),
    "Redemption.spenders=adults": ("成年家庭成员", "adult members"),
    "Redemption.proxy=named": ("指定的代领人", "a named proxy"),
    "Transfer.to=off": ("不能转赠", "no giving on"),
    "Limit.warn_at=90": ("用到九成时提醒", "at ninety percent"),
    "Debit.short=nothing": ("不足就不扣", "all or nothing"),
    "Rulebook.week_start=monday": ("周一", "Monday"),
    "Rulebook.year_start=01-01": ("一月一日", "1 January"),
}
"""What a default means, by attribute and value."""
