"""What a person reads when something cannot be done, and why no more points can be spent.

Facts in braces; a part between ⟦ and ⟧ is left out when one of its facts is not known.
"""

from __future__ import annotations

from lovepoints.words import Table

REFUSALS: Table = {
    # before the key is looked at
    "limit_exceeded": (
        "一次办不了这么多⟦（最多 {most} 笔）⟧，请分几次办理。",
        "This is too much for one go⟦ (at most {most} movements)⟧; please do it in parts.",
    ),
    "ledger_readonly": (
        "账本现在只能查看，不能记账。请联系管理员检查账本。",
        "The book can only be read at the moment. Please ask the administrator to check it.",
    ),
    "not_permitted": (
        "这件事不由您的岗位办理，请找有权限的同事。",
        "Your role does not cover this; please ask a colleague who may do it.",
    ),
    "locked": (
        "试错次数太多，已经锁定。请到服务台找工作人员办理。",
        "There were too many wrong tries, so this is locked. Please ask the staff at the desk.",
    ),
    "try_later": (
        "请稍等⟦ {seconds} 秒⟧再试。",
        "Please wait⟦ {seconds} seconds⟧ before you try again.",
    ),
    "not_recognised": (
        "号码、密码或取货码不对，请再试一次。",
        "The number, the PIN or the code does not fit; please try again.",
    ),
    "card_not_valid": (
        "这张卡不能使用，请到服务台办理。",
        "This card cannot be used; please ask at the desk.",
    ),
    # accounts and amounts
    "account_closed": (
        "这本存折已经结清⟦（{closed}）⟧，不能再办理。",
        "This passbook is closed⟦ (since {closed})⟧ and cannot be used any more.",
    ),
    "code_taken": (
        "这个编号⟦（{code}）⟧已经有人用了，请换一个。",
        "This code⟦ ({code})⟧ is taken; please choose another one.",
    ),
    "amount_range": (
        "数量超出范围⟦，最多 {most}⟧⟦，这次是 {given}⟧。",
        "The amount is out of range⟦: at most {most}⟧⟦, here {given}⟧.",
    ),
    "pin_too_simple": (
        "这个密码太容易被猜到。请换一个，不要用生日、连号、重复的数字或自己的号码。",
        "This PIN is too easy to guess. Please choose another one: no birthday, no run, no "
        "repeated digits, no number of your own.",
    ),
    # time and rule
    "period_sealed": (
        "⟦{until} 及以前的⟧账已经结清封存，不能再补记到那时；请按今天的日期更正。",
        "The books⟦ up to {until}⟧ are closed and sealed; please correct it with today's date.",
    ),
    "rulebook_unknown": (
        "那一天还没有生效的积分办法⟦（{day}）⟧。",
        "No rulebook was in force on that day⟦ ({day})⟧.",
    ),
    "rulebook_retroactive": (
        "新办法不能从过去的日子起生效⟦，最早 {earliest}⟧。",
        "A new rulebook cannot begin in the past⟦; the earliest day is {earliest}⟧.",
    ),
    "rule_not_in_force": (
        "当天的积分办法里没有这个事项⟦（{day}）⟧。",
        "The rulebook of that day⟦ ({day})⟧ does not have this rule.",
    ),
    "fact_missing": (
        "还缺一项内容⟦：{missing}⟧。请补充后再提交。",
        "Something is still missing⟦: {missing}⟧. Please add it and submit again.",
    ),
    "precondition_missing": (
        "这个事项要求的条件还不具备⟦：{missing}⟧。",
        "What this rule asks for first is not there yet⟦: {missing}⟧.",
    ),
    "reported_too_late": (
        "上报时间已过⟦，最迟是 {last_day}⟧。",
        "It is too late to report this⟦; the last day was {last_day}⟧.",
    ),
    "amount_not_by_rule": (
        "{given}不在办法规定的范围内⟦，最多 {most}⟧⟦，可选：{known}⟧。",
        "The rule does not allow {given} here⟦: at most {most}⟧⟦; possible: {known}⟧.",
    ),
    "choice_needed": (
        "这里要由核实人决定给多少分⟦，最多 {most} 分⟧。",
        "The person who confirms must decide the points here⟦, at most {most}⟧.",
    ),
    "reason_needed": (
        "请写明理由后再办理⟦（按规定最迟是 {last_day}）⟧。",
        "Please write down a reason first⟦ (the last regular day was {last_day})⟧.",
    ),
    "request_needed": (
        "要先由另一位同事写明理由提出申请，一份申请只能答复一次，三十日内有效。",
        "Another colleague must ask for this first, with a reason; a request is answered once,"
        " within 30 days.",
    ),
    "grades_differ": (
        "几位核实人给的等次不一样，请商量一致后再核实。",
        "The people who confirm gave different grades; please agree first.",
    ),
    "state_not_fitting": (
        "按现在的状态还不能这样办，请先查看这件事的进展。",
        "This cannot be done in the present state; please look at how far it has come.",
    ),
    "no_place_left": (
        "名额已满⟦（{places} 人）⟧，请看看别的项目。",
        "All places are taken⟦ ({places})⟧; please look at another one.",
    ),
    "erasure_blocked": (
        "还不能删除。请先办好：⟦迁出（自 {enrolled} 在册）；⟧⟦解除岗位 {roles}；⟧"
        "⟦结清存折里的 {points} 分；⟧⟦办结预留 {reserved} 件；⟧⟦办结事项 {deeds} 件；⟧"
        "⟦户内还有 {members} 人；⟧⟦办结任务 {tasks} 件；⟧⟦结束救助或结对 {aid} 项；⟧办好后再删除。",
        "This cannot be erased yet. First:⟦ enter the last day (enrolled since {enrolled});⟧"
        "⟦ end the roles {roles};⟧⟦ spend or settle {points} points;⟧"
        "⟦ finish {reserved} reservations;⟧⟦ decide {deeds} deeds;⟧"
        "⟦ {members} people still live there;⟧⟦ end {tasks} tasks;⟧"
        "⟦ end {aid} cases of aid or pairings;⟧ then erase.",
    ),
    "deed_already_paid": (
        "这件事已经记过分了，不再重复记分。",
        "This deed has its points already and is not paid twice.",
    ),
    "duplicate_checkin": (
        "这次活动已经登记过了，不用再登记。",
        "This has been recorded before; there is no need to do it again.",
    ),
    "self_confirmation": (
        "自己或自家的事要请别人来核实，谢谢理解。",
        "A deed of one's own or of one's household is confirmed by somebody else. Thank you.",
    ),
    "already_confirmed_by_you": (
        "您已经核实过这件事，还需要另一位同事核实。",
        "You have confirmed this already; now it needs another colleague.",
    ),
    "barred": (
        "目前暂停办理⟦，到 {until} 为止（含当日）⟧。积分仍然保留，有疑问可以申诉。",
        "This is paused⟦ until {until} (that day included)⟧. The points stay; you may appeal.",
    ),
    "transfer_not_allowed": (
        "按本社区的办法，积分不能这样转赠。",
        "The rulebook of this community does not allow this gift of points.",
    ),
    "not_holder": (
        "请由存折的持折人或其指定的代领人来办理。",
        "Please let the holder of the passbook or a named proxy do this.",
    ),
    # holds
    "hold_unknown": (
        "没有找到这笔预留。",
        "This reservation was not found.",
    ),
    "hold_already_collected": (
        "这笔预留已经领取。",
        "This reservation has been collected already.",
    ),
    "hold_already_released": (
        "这笔预留已经取消。",
        "This reservation has been released already.",
    ),
    "hold_already_lapsed": (
        "这笔预留过了领取期限，请重新预留。",
        "The time of this reservation is over; please make a new one.",
    ),
    "exceeds_hold": (
        "预留的没有这么多⟦：{title}预留 {present}，要领 {needed}⟧。",
        "This is more than was reserved⟦: {title}, {present} reserved, {needed} asked⟧.",
    ),
    "exceeds_redemption": (
        "退回的不能多于领走的⟦：{title}可退 {present}，要退 {needed}⟧。",
        "No more can come back than was taken⟦: {title}, {present} left, {needed} returned⟧.",
    ),
    # lots and stock
    "lot_expired": (
        "⟦{title}⟧已过保质期，不能发放。请取消预留，或换别的物品。",
        "⟦{title}: ⟧The best-before day is over, so it is not handed out. "
        "Please release it or choose something else.",
    ),
    "lot_frozen": (
        "有一部分积分正在等异议处理，处理完再办理。",
        "Some of these points wait for an objection to be settled; please come back after that.",
    ),
    "insufficient_points": (
        "积分还不够⟦：需要 {needed}，可用 {present}⟧⟦，还差 {missing}⟧"
        "⟦。{next_on} 起有新到的积分可用⟧。",
        "Not enough points yet⟦: {needed} needed, {present} can be used⟧⟦, {missing} missing⟧"
        "⟦. With points that come in it works from {next_on}⟧.",
    ),
    "insufficient_stock": (
        "库存不够⟦：{title}⟧⟦，需要 {needed}，现有 {present}⟧。",
        "There is not enough in stock⟦: {title}⟧⟦, {needed} needed, {present} there⟧.",
    ),
    "fund_short": (
        "这笔款项的余额不够⟦：需要 {needed_yuan} 元，还有 {present_yuan} 元⟧。",
        "There is not enough left in this fund⟦: {needed_yuan} yuan needed, {present_yuan} left⟧.",
    ),
    "price_changed": (
        "价格有变动⟦：原来 {present}，现在 {needed}⟧。请重新确认。",
        "The price has changed⟦: it was {present}, now it is {needed}⟧. Please confirm again.",
    ),
    "no_price": (
        "⟦{items}⟧还没有定积分价格⟦，{next_on} 起可以兑换⟧。",
        "There is no price yet⟦ for {items}⟧⟦; from {next_on} there is one⟧.",
    ),
    "window_closed": (
        "今天不是兑换时间⟦（{hours}）⟧⟦，下次开放：{next_on}⟧。",
        "The shop is not open for redeeming now⟦ ({hours})⟧⟦; the next day is {next_on}⟧.",
    ),
    "below_minimum": (
        "一次至少 {needed} 分⟦，这次是 {present} 分⟧。",
        "The least at a time is {needed} points⟦; this is {present}⟧.",
    ),
    "not_a_multiple": (
        "一次要是 {multiple} 分的整倍数⟦，这次是 {present} 分，可以凑到 {needed} 分⟧。",
        "It goes in steps of {multiple} points⟦; this is {present}, the next step is {needed}⟧.",
    ),
    "too_often": (
        "这段时间的次数或分数已经用完⟦（最多 {most}，已用 {used}）⟧⟦，{next_on} 起可以再来⟧。",
        "This period's share is used up⟦ (at most {most}, used {used})⟧"
        "⟦; from {next_on} it works again⟧.",
    ),
    "item_limit": (
        "超过了限领数量⟦：{title}⟧，最多 {most}⟦，已领 {used}⟧⟦，{next_on} 起可以再领⟧。",
        "This is over the limit⟦ for {title}⟧: at most {most}⟦, {used} taken⟧"
        "⟦; from {next_on} there are more⟧.",
    ),
    "reserved_item": (
        "⟦{items}⟧是专门留给有需要的住户的，谢谢理解。",
        "⟦{items}: ⟧This is kept for households who need it most. Thank you.",
    ),
    # reversal
    "reversal_exists": (
        "这笔已经冲正过了。",
        "This entry has been reversed already.",
    ),
    "reversal_of_reversal": (
        "冲正不能再冲正，请重新记一笔。",
        "A reversal is not reversed; please make a new entry.",
    ),
    "not_reversible": (
        "这笔不能冲正，请用更正或退货来办理。",
        "This entry cannot be reversed; please use a correction or a return.",
    ),
}
"""Code -> (zh, en)."""

FACTS: Table = {
    "place": ("地点", "the place"), "event": ("活动", "the event"),
    "matter": ("事由", "the matter"), "note": ("说明", "a note"),
    "evidence": ("佐证材料", "evidence"), "reply": ("答复", "a reply"),
    "end_day": ("结束日期", "the last day"), "grade": ("等次", "the grade"),
    "check_in": ("签到", "a check-in"), "check_out": ("签退", "a check-out"),
    "consent": ("住户同意", "the household's yes"),
    "guardian_consent": ("监护人同意", "a guardian's consent"),
}
"""What may be missing from a report, by the name of the argument."""

WHY_NOT_MORE: Table = {
    "barred": (
        "目前暂停兑换⟦，到 {until} 为止（含当日）⟧。",
        "Redeeming is paused⟦ until {until} (that day included)⟧.",
    ),
    "threshold": (
        "{kind}满 {needed} 分才能兑换，现有 {present} 分。",
        "{kind}: redeeming starts at a balance of {needed}; it is {present}.",
    ),
    "not_spendable": (
        "{kind} {points} 分不用于兑换。",
        "{kind}: {points} points are not for spending.",
    ),
    "base": (
        "{kind}中 {points} 分是基础分，不用于兑换。",
        "{kind}: {points} are base points and are not for spending.",
    ),
    "pending": (
        "{kind}有 {points} 分还没到可用日期，最早 {next_on} 可用。",
        "{kind}: {points} points wait for their day, the first ones for {next_on}.",
    ),
    "frozen": (
        "{kind}有 {points} 分正在等异议处理。",
        "{kind}: {points} points wait for an objection to be settled.",
    ),
    "held": (
        "{kind}有 {points} 分已经预留。",
        "{kind}: {points} points are set aside for reservations.",
    ),
    "owed": (
        "{kind}有 {points} 分待抵扣。",
        "{kind}: {points} points are still owed.",
    ),
    "pairing": (
        "{kind}还有 {points} 分要和{by}搭配使用，还需 {needed} 分{by}。",
        "{kind}: {points} more points need {needed} of {by} to go with them.",
    ),
}
"""Why a passbook cannot spend all that it shows: code -> (zh, en)."""
