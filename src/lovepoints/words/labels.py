"""What the keys of a rulebook file are called in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "format": "格式版本", "title": "名称", "effective": "生效日", "code": "代码",
    "holder": "持折人", "counts_on": "认定日", "starts_on": "起算日", "several_rules": "一事多条",
    "notice_days": "公示天数", "usable": "可用时间", "objection": "异议范围", "late": "补报期限",
    "late_then": "逾期补报", "overturned": "撤销后的处理", "settle_debt": "抵扣待扣",
    "on_leaving": "迁出时", "point_value": "每分价值", "week_start": "每周起始日",
    "year_start": "每年起始日", "confirm": "核实", "validity": "有效期", "kind": "积分种类",
    "attribute": "属性", "rule": "积分事项", "limit": "上限", "group": "组", "clearing": "清零",
    "redemption": "兑换", "transfer": "转赠", "sanction": "处置", "debit": "统一扣减",
    "star": "星级", "rank": "榜单", "by": "由谁", "people": "核实人数", "above": "加核分值",
    "people_above": "加核人数", "recorder": "记录人可核实", "after": "期限", "at_end_of": "期末",
    "extra": "顺延", "by_size": "按分值定期限", "starts": "起点", "last_day": "最后一天",
    "decimals": "小数位", "rounding": "舍入", "spendable": "可兑换", "credited": "默认记入",
    "spendable_above": "不可兑换的底数", "base": "基础分", "ceiling": "封顶", "of": "计量",
    "type": "类型", "values": "可选值", "clause": "条款", "label": "对外名称", "points": "分值",
    "kinds": "积分种类", "also": "另记", "variants": "分情形", "stages": "分阶段",
    "grades": "等次", "parts": "部分数", "least": "最低", "most": "最多", "needs": "必报内容",
    "unique": "不得重复", "requires": "前提", "void": "不计分的情形", "report_by": "上报人",
    "confidential": "保密", "first": "首报", "streak": "连续奖励", "weights": "分摊比例",
    "offsets": "抵消", "deduction": "扣分", "rules": "事项", "groups": "组", "per": "按谁",
    "each": "周期", "within": "期间", "same": "相同内容", "crossing": "越过上限时",
    "warn_at": "提醒线", "take": "取法", "on": "日期", "at": "起点", "carry_share": "结转比例",
    "carry_most": "结转上限", "earned_before": "只清往年", "pending": "未到账的", "order": "先后",
    "days": "兑换日", "minimum": "最低分", "multiple_of": "倍数", "threshold": "门槛",
    "often": "次数限制", "lines_most": "每次种类上限", "pieces_most": "每次件数上限",
    "pairing": "搭配", "collect_within": "预留期限", "returned_after_expiry": "退回后期限",
    "gives_back": "取消时退回", "holders": "可兑换的持折人", "spenders": "可兑换的人",
    "proxy": "代领", "to": "上界", "becomes": "变为", "bars": "限制", "lasts_periods": "期数",
    "lasts_each": "每期", "lasts": "时长", "clears": "清空", "below": "低于",
    "restored_at": "恢复线", "note": "说明", "warn": "提前提醒", "short": "不足时",
    "at_included": "含起点", "grants": "赠分", "top": "名额", "ties": "并列",
    "excludes_staff": "工作人员除外", "excludes": "排除", "where": "条件", "direct": "直接授予",
    "renew": "续发", "overflow": "超出部分", "value": "值", "from": "下界", "step": "步长",
    "round": "取整", "carry": "零头结转", "bands": "分档", "mode": "方式", "tiers": "分级",
    "at_least": "门槛", "further": "超出另加", "since": "自", "until": "至",
    "kept_when_rejected": "驳回时保留", "kept_when_false": "虚报时保留", "automatic": "自动给分",
    "later": "后报分值", "length": "连续次数", "appeal": "申诉处", "floor": "扣到哪里为止",
    "repeat": "再犯加重", "repair": "整改后", "borne_by": "承担人", "weekdays": "星期",
    "month_days": "每月几号", "dates": "日期", "between": "每年期间", "switched": "人工开关",
    "hours": "时段", "unlocks": "被搭配的", "ratio": "比例", "to_included": "含上界",
    "factor": "倍数",
}
"""Names by key; a key that is not here stands for itself."""
