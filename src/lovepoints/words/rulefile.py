"""What is wrong in a rulebook file, and what to do: (Chinese, English) pairs by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lovepoints.words import LANGUAGES, Table, language, say
from lovepoints.words.checking import CASE_PROBLEMS, CASE_REMEDIES
from lovepoints.words.lint import FINDING_REMEDIES, FINDINGS, MEANINGS, QUESTIONS

SEVERITIES: Table = {
    "error": ("错误", "error"), "warning": ("提醒", "warning"), "note": ("说明", "note"),
}
TERMS: Table = {
    "text": ("文字", "a text"), "whole": ("整数", "a whole number"), "number": ("数", "a number"),
    "yes-no": ("true 或 false", "true or false"), "day": ("日期", "a day"),
    "moment": ("日期加时刻", "a day with a time"), "time": ("时刻", "a time"),
    "table": ("表", "a table"), "array": ("数组", "an array"), "span": ("时长", "a length of time"),
    "month-day": ("月日", "a month and day"), "weekday": ("星期", "a day of the week"),
    "pair": ("两个值", "two values"), "unknown": ("别的东西", "something else"),
    "rule": ("积分事项", "rule"), "kind": ("积分种类", "point kind"), "limit": ("上限", "limit"),
    "group": ("组", "group"), "attribute": ("属性", "attribute"), "sanction": ("处置", "sanction"),
    "debit": ("扣减", "debit"), "star": ("星级", "star"), "rank": ("榜单", "rank"),
    "stage": ("阶段", "stage"),
}
"""Codes that stand in facts, as words."""

PROBLEMS: Table = {
    # the text
    "syntax": ("这里不符合 TOML 写法：{what}", "this is not TOML: {what}"),
    "duplicate_key": ("同一个键写了两次：{what}", "the same key is written twice: {what}"),
    "too_deep": ("方括号或花括号套得太深", "brackets are nested too deeply"),
    "file_too_large": (
        "文件有 {length} 个字符，最多 {most} 个",
        "the file has {length} characters; at most {most} can be read",
    ),
    "newer_format": (
        "文件格式是第 {value} 版，本程序只认识到第 {known} 版",
        "the file has format {value}; this program knows formats up to {known}",
    ),
    "hostile_text": (
        "文字里有看不见的字符 {character}",
        "the text holds an invisible character, {character}",
    ),
    # keys
    "unknown_key": ("没有“{key_name}”这个键", 'there is no key "{key_name}" here'),
    "missing_key": ("缺少“{key_name}”", '"{key_name}" is missing'),
    "deduction_unstated": (
        "扣分事项没有写明“{key_name}”",
        'a deduction does not state "{key_name}"',
    ),
    "two_forms": ("{keys} 只能写一个", "only one of {keys} can be written"),
    "empty_list": ("“{key_name}”是空的", '"{key_name}" is empty'),
    "setting_unknown": (
        "没有“{setting}”这项设置（不认识“{part}”）",
        'there is no setting "{setting}" ("{part}" leads nowhere)',
    ),
    # values
    "wrong_type": ("这里要写{expected}，写的是{got}", "{expected} is expected here, not {got}"),
    "bad_choice": ("“{value}”不在可选之列", '"{value}" is not one of the choices'),
    "bad_number": ("“{value}”不是一个数", '"{value}" is not a plain number'),
    "not_finite": ("{value} 不是一个确定的数", "{value} is not a definite number"),
    "negative": ("{value} 是负数", "{value} is negative"),
    "out_of_bounds": (
        "{value} 超出范围（{least} 到 {most}）",
        "{value} is not within {least} to {most}",
    ),
    "too_fine": (
        "{value} 的小数位太多（最多 {decimals} 位）",
        "{value} has too many digits after the point (at most {decimals})",
    ),
    "not_whole": ("{value} 不是整数", "{value} is not a whole number"),
    "fraction": (
        "{value} 分比这种积分的最小单位还细（小数 {decimals} 位）",
        "{value} points are finer than this kind of points can hold ({decimals} decimals)",
    ),
    "empty_text": ("这里不能是空的", "this text is empty"),
    "text_too_long": (
        "文字有 {length} 个字符，最多 {most} 个",
        "the text has {length} characters; at most {most} fit",
    ),
    "too_many": ("有 {count} 项，最多 {most} 项", "there are {count} values; at most {most} fit"),
    "bad_code": ("代码“{value}”的写法不对", '"{value}" cannot be a code'),
    "bad_day": ("“{value}”不是日期", '"{value}" is not a day'),
    "no_such_day": ("没有 {value} 这一天", "there is no day {value}"),
    "bad_month_day": ("“{value}”不是月日", '"{value}" is not a month and day'),
    "no_month_day": ("一个月里没有第 0 天", "a month has no day 0"),
    "bad_time": ("这不是时刻", "this is not a time of day"),
    "bad_span": ("“{value}”不是时长", '"{value}" is not a length of time'),
    "wrong_span_unit": (
        "时长不能以“{unit}”为单位",
        'a length of time is not counted in "{unit}"',
    ),
    "span_too_long": ("“{value}”太长", '"{value}" is too long'),
    "wrong_unit": ("“{value}”不是规范的单位名", '"{value}" is not the usual name of this unit'),
    # names
    "duplicate_code": (
        "{noun}代码“{value}”用了两次",
        'the code "{value}" of a {noun} is used twice',
    ),
    "unknown_rule": ("没有“{value}”这条积分事项", 'there is no rule "{value}"'),
    "unknown_group": ("没有“{value}”这个组", 'there is no group "{value}"'),
    "unknown_kind": ("没有“{value}”这种积分", 'there is no kind of points "{value}"'),
    "unknown_attribute": (
        "没有声明“{value}”这个属性",
        'the attribute "{value}" is not declared',
    ),
    "unknown_sanction": ("没有“{value}”这项处置", 'there is no sanction "{value}"'),
    "unknown_same": ("不能按“{value}”比较是否相同", 'deeds cannot be the same in "{value}"'),
    "unknown_fact": ("上报里没有“{value}”这一项", 'a report has no fact "{value}"'),
    "unknown_overflow": ("“{value}”不能接收超出的积分", '"{value}" cannot take what goes over'),
    "unknown_role": ("没有“{value}”这个角色", 'there is no role "{value}"'),
    "unknown_grade": (
        "等次“{value}”没有列在 grades 里",
        'the grade "{value}" is not listed in grades',
    ),
    # meaning
    "grade_missing": ("等次{missing}没有写分值", "no points are given for {missing}"),
    "nothing_paid": (
        "事项“{rule}”没有写给多少分",
        'the rule "{rule}" says nothing about points',
    ),
    "deduction_in_stages": (
        "扣分事项“{rule}”不能分阶段",
        'the deduction "{rule}" cannot have stages',
    ),
    "bounds_inverted": (
        "下限 {low} 大于上限 {high}",
        "the lower bound {low} is above the upper {high}",
    ),
    "bounds_differ": ("{low} 和 {high} 不能比较", "{low} and {high} cannot be compared"),
    "overflow_to_itself": (
        "“{value}”不能接收自己超出的积分",
        '"{value}" cannot take what goes over its own ceiling',
    ),
    "rank_unasked": (
        "榜单“{value}”点了保密事项，却不先问本人是否同意上榜",
        'the rank "{value}" names a confidential kind without asking whom it lists',
    ),
    "attribute_values": (
        "属性“{value}”的类型与可选值不一致",
        'the type of the attribute "{value}" does not fit its values',
    ),
    "pairing_with_itself": ("“{value}”不能与自己搭配", '"{value}" cannot be paired with itself'),
}
"""What is wrong."""

REMEDIES: Table = {
    "syntax": (
        "请检查引号、括号和等号；文字要加引号。",
        "Check quotes, brackets and equals signs; texts stand in quotes.",
    ),
    "duplicate_key": (
        "请只保留一处；多个事项请各写一个 [[rule]]。",
        "Keep one of them; several rules each begin with [[rule]].",
    ),
    "too_deep": ("请减少嵌套。", "Write it with fewer brackets."),
    "file_too_large": ("请检查是否选错了文件。", "Check that this is the right file."),
    "newer_format": ("请更新 lovepoints 后再用这个文件。", "Update lovepoints to use this file."),
    "hostile_text": (
        "请删掉这个字符，必要时重新输入这一行。",
        "Delete the character; if in doubt, type the line anew.",
    ),
    "unknown_key": (
        "请核对键名，可查阅规则文件手册。",
        "Check the name in the rulebook reference.",
    ),
    "missing_key": ("请补上“{key_name} = …”。", 'Add "{key_name} = ...".'),
    "deduction_unstated": (
        "请写 notice_days（公示天数，确实不公示写 0）和 appeal（向谁申诉）。",
        "Write notice_days (0 if there is none) and appeal (where to object).",
    ),
    "two_forms": ("请保留符合本意的一个，删掉其余。", "Keep the one that is meant."),
    "empty_list": (
        "请至少写一项，或删掉这个键。",
        "Write at least one value, or leave the key out.",
    ),
    "setting_unknown": (
        "请写成 limit.daily.crossing 这样的路径，数组里的表用代码指明。",
        "Write a path like limit.daily.crossing; a table in an array goes by its code.",
    ),
    "wrong_type": ("请改写这个值。", "Write the value in that form."),
    "bad_choice": ("可以写：{choices}。", "Possible are: {choices}."),
    "bad_number": ("请写 2 或 1.5 这样的半角数字。", "Write it like 2 or 1.5."),
    "not_finite": (
        "请写一个具体的数；没有上限就不写这个键。",
        "Write a number; what has no limit is left out.",
    ),
    "negative": (
        "请写正数；扣分用 deduction 表示。",
        "Write it positive; a rule takes points by deduction.",
    ),
    "out_of_bounds": ("请核对是否多写或少写了数字。", "Check the digits."),
    "too_fine": (
        "请四舍五入到 {decimals} 位小数。",
        "Round it to {decimals} digits after the point.",
    ),
    "not_whole": ("请写整数。", "Write a whole number."),
    "fraction": (
        "请写成更粗的数，或给这种积分写 decimals = 2。",
        "Write a coarser number, or give the kind decimals = 2.",
    ),
    "empty_text": ("请写上内容。", "Write the text."),
    "text_too_long": (
        "请缩短；细节可以写在注释里。",
        "Shorten it; details can stand in a comment.",
    ),
    "too_many": ("请拆分或精简。", "Split or shorten it."),
    "bad_code": (
        "代码用半角字母、数字、- 和 _，以字母或数字开头；中文写在 title 里。",
        "A code has Latin letters, digits, - and _ only; other words belong in title.",
    ),
    "bad_day": ("请写成 2026-03-01 这样。", "Write it like 2026-03-01."),
    "no_such_day": (
        "请核对这个月有几天；每年都有的日子不能是 02-29。",
        "Check how many days the month has; 02-29 is not in every year.",
    ),
    "bad_month_day": ('请写成 "01-10" 这样。', 'Write it like "01-10".'),
    "no_month_day": ("第一天是 1，最后一天是 -1。", "The first day is 1, the last is -1."),
    "bad_time": ('请写成 "02:00" 这样。', 'Write it like "02:00".'),
    "bad_span": (
        '请写成 "30 days" 或 "24 months" 这样。',
        'Write it like "30 days" or "24 months".',
    ),
    "wrong_span_unit": (
        "可以用 days、weeks、months、years。",
        "Count in days, weeks, months or years.",
    ),
    "span_too_long": (
        "最长约一百年；永久有效就不写这个键。",
        "A hundred years are the most; what never ends is left out.",
    ),
    "wrong_unit": (
        "请统一写单位的规范名。",
        "Use the usual name, so that reports and limits agree.",
    ),
    "duplicate_code": ("请给其中一个换个代码。", "Give one of them another code."),
    "unknown_rule": ("请核对事项代码。", "Check the code of the rule."),
    "unknown_group": (
        "请核对组的代码，或在事项里写 group。",
        "Check the code, or give rules this group.",
    ),
    "unknown_kind": ("请核对代码，或加一个 [[kind]]。", "Check the code, or add a [[kind]]."),
    "unknown_attribute": (
        "请加一个 [[attribute]]，或核对名称。",
        "Add an [[attribute]], or check the name.",
    ),
    "unknown_sanction": (
        "请加一个 [[sanction]]，或核对代码。",
        "Add a [[sanction]], or check the code.",
    ),
    "unknown_same": (
        "可以写 event、place 或 matter；别的东西可以用 matter 写成编号。",
        "Write event, place or matter; anything else can be told apart by a matter id.",
    ),
    "unknown_fact": (
        "可以写 event、place、matter、evidence 或声明过的属性。",
        "Write event, place, matter, evidence or a declared attribute.",
    ),
    "unknown_overflow": (
        "请写 lost、refuse、queue 或另一种积分的代码。",
        "Write lost, refuse, queue or the code of another kind.",
    ),
    "unknown_role": ("请核对角色名。", "Check the name of the role."),
    "unknown_grade": ("请把它加进 grades，或核对等次名。", "Add it to grades, or check the name."),
    "grade_missing": (
        "每个等次都要有分值，不给分就写 0。",
        "Give every grade its points; 0 is possible.",
    ),
    "nothing_paid": (
        "请写 points、stages、variants 或 also。",
        "Write points, stages, variants or also.",
    ),
    "deduction_in_stages": ("请写 points。", "Write points instead."),
    "bounds_inverted": ("请对调，或改正其中一个。", "Exchange them, or correct one."),
    "bounds_differ": ("两端都写数，或都写日期。", "Write two numbers or two days."),
    "overflow_to_itself": (
        "请写 lost、refuse、queue 或另一种积分的代码。",
        "Write lost, refuse, queue or the code of another kind.",
    ),
    "rank_unasked": (
        "请声明一个 yes-no 属性，如 agrees，并写 where.agrees = true。",
        "Declare a yes-no attribute, like agrees, and write where.agrees = true.",
    ),
    "attribute_values": (
        'type = "choice" 要列出 values；其他类型不写 values。',
        'type = "choice" needs values; no other type has them.',
    ),
    "pairing_with_itself": ("请写两种不同的积分。", "Name two different kinds."),
}
"""What to do about it."""

_IN_TERMS = ("expected", "got", "noun")
_IN_BRACKETS = ("（{}）", " ({})")
_MORE = ("，共 {} 处", ", in {} places")
_NEAREST = ("您是不是要写“{nearest}”？", 'Did you mean "{nearest}"?')


def describe(code: str, facts: Mapping[str, Any], lang: str | None = None) -> tuple[str, str]:
    """What is wrong and what to do, in `lang`."""
    lang = language(lang)
    said = {name: _said(name, value, lang) for name, value in facts.items()}
    remedies = {**REMEDIES, **FINDING_REMEDIES, **CASE_REMEDIES}
    remedy = say(remedies, code, said, lang) if code in remedies else ""
    if facts.get("nearest"):
        hint = _NEAREST[LANGUAGES.index(lang)].format_map(said)
        remedy = hint + ("" if lang == "zh" else " ") + remedy
    return say({**PROBLEMS, **FINDINGS, **CASE_PROBLEMS}, code, said, lang), remedy


def left_open(facts: Mapping[str, Any], lang: str | None = None) -> tuple[str, str]:
    """A setting that a file left open: how its default would be written, and what that means."""
    lang = language(lang)
    said = {name: _said(name, facts[name], lang) for name in ("question", "value", "places")}
    meaning = facts["meaning"]
    words = say(MEANINGS, meaning, {}, lang) if meaning in MEANINGS else said["question"]
    return f"{facts['setting']} = {said['value']}", words + said["places"]


def severity(name: str, lang: str | None = None) -> str:
    """The word for a severity."""
    return say(SEVERITIES, name, {}, lang)


def _said(name: str, value: Any, lang: str) -> str:
    if value == "":
        return "—"
    if name == "meaning":
        words = say(MEANINGS, value, {}, lang) if value in MEANINGS else ""
        return _IN_BRACKETS[LANGUAGES.index(lang)].format(words) if words else ""
    if name == "question":
        return say(QUESTIONS, value, {}, lang)
    if name == "places":
        return _MORE[LANGUAGES.index(lang)].format(value) if value > 1 else ""
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh" else ", ").join(str(each) for each in value)
    return say(TERMS, value, {}, lang) if name in _IN_TERMS and value in TERMS else str(value)
