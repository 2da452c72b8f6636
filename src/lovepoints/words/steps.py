"""The sentences of an award's steps, rendered when they are read and not when they are rated.

A step holds codes and whole numbers in smallest parts; titles and decimals come from the
rulebook that rated the deed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lovepoints.words import LANGUAGES, Table, language, say

STEPS: Table = {
    # what the deed is worth by itself
    "fixed": ("{rule}：{kind} {points}", "{rule}: {kind} {points}"),
    "graded": ("{rule}：{grades}，{kind} {points}", "{rule}: {grades}, {kind} {points}"),
    "ranged": (
        "{rule}：在 {from} 至 {to} 之间评定，{kind} {points}",
        "{rule}: decided between {from} and {to}, {kind} {points}",
    ),
    "per_unit": (
        "{rule}：{quantity} {unit}，每{unit} {value}，{kind} {points}",
        "{rule}: {quantity} {unit} at {value} each, {kind} {points}",
    ),
    "per_unit_stepped": (
        "{rule}：{quantity} {unit}，计 {counted} {unit}，每{unit} {value}，{kind} {points}",
        "{rule}: {quantity} {unit}, counted as {counted}, at {value} each, {kind} {points}",
    ),
    "per_unit_carried": (
        "{rule}：{quantity} {unit}，本期累计 {total} {unit}，每{unit} {value}，本次{kind}"
        " {points}",
        "{rule}: {quantity} {unit}, {total} in all this period at {value} each, now"
        " {kind} {points}",
    ),
    "bands": (
        "{rule}：{quantity} {unit}，按分段计，{kind} {points}",
        "{rule}: {quantity} {unit} by bands, {kind} {points}",
    ),
    "tiers": (
        "{rule}：{quantity} {unit}，本期累计 {total} {unit}，本次补足{kind} {points}",
        "{rule}: {quantity} {unit}, {total} in all this period, now {kind} {points}",
    ),
    "thresholds": (
        "{rule}：{quantities}，{kind} {points}",
        "{rule}: {quantities}, {kind} {points}",
    ),
    "threshold_missed": (
        "{rule}：{quantity} {unit}，满 {least} {unit}起计，{kind} {points}",
        "{rule}: {quantity} {unit}, counted from {least} on, {kind} {points}",
    ),
    "rounded_down": (
        "按最小单位取 {points}，余 {rest} 不计{in_kind}",
        "counted as {points}; the remaining {rest} is not counted{in_kind}",
    ),
    "rounded_up": (
        "{exact} 按最小单位进为 {points}{in_kind}",
        "{exact} is rounded up to {points}{in_kind}",
    ),
    "least": (
        "每次至少 {points}，由 {before} 补到 {points}{in_kind}",
        "at least {points} each time: raised from {before}{in_kind}",
    ),
    "most": (
        "每次至多 {points}，{lost} 不计{in_kind}",
        "at most {points} each time; {lost} is not counted{in_kind}",
    ),
    # other doers, other deeds
    "share": (
        "{doers} 人共同完成，第 {position} 位，{before} 中计 {points}{in_kind}",
        "{doers} people did it together; number {position} has {points} of {before}{in_kind}",
    ),
    "reported_before": (
        "{within}内已有人先报，感谢提醒，计 {points}{in_kind}",
        "somebody reported it first within {within}; thank you, {points}{in_kind}",
    ),
    "repeated": (
        "{within}内再次发生，乘 {factor}，由 {before} 变为 {points}{in_kind}",
        "again within {within}: times {factor}, {before} becomes {points}{in_kind}",
    ),
    "streak": (
        "连续 {length} {each}，加分后为 {points}{in_kind}",
        "{length} {each} in a row: {before} becomes {points}{in_kind}",
    ),
    "matter_already": (
        "同一事项已计 {already}，不重复计{in_kind}",
        "this matter has already been paid with {already}{in_kind}",
    ),
    "matter_difference": (
        "同一事项已计 {already}，补差额 {points}{in_kind}",
        "this matter was paid with {already}; the difference is {points}{in_kind}",
    ),
    "matter_asked": (
        "同一事项已计 {already}，经认定计 {points}{in_kind}",
        "this matter was paid with {already}; {points} was granted{in_kind}",
    ),
    "offset": (
        "只抵本年度扣分，尚可抵 {open}，{lost} 不计{in_kind}",
        "only makes up for this year's deductions, {open} open; {lost} is not counted{in_kind}",
    ),
    # what stands in the way
    "void": ("本次因“{mark}”不计分", "nothing is counted this time because of “{mark}”"),
    "barred": (
        "暂停计分至 {until}，本次只作登记",
        "earning is paused until {until}; the deed is on record",
    ),
    "limit_quantity": (
        "{limit}：上限 {allowed} {unit}，已计 {used}，{quantity} 中计 {counted}",
        "{limit}: at most {allowed} {unit}, {used} used; {counted} of {quantity} counted",
    ),
    "limit_times": (
        "{limit}：上限 {allowed} 次，已计 {used} 次，本次不计",
        "{limit}: at most {allowed} times, {used} used; not counted this time",
    ),
    "limit_part": (
        "{limit}：上限 {allowed}，已计 {used}，本次计 {points}，{lost} 不计{in_kind}",
        "{limit}: at most {allowed}, {used} used; {points} counted, {lost} not{in_kind}",
    ),
    "limit_full": (
        "{limit}：上限 {allowed} 已满，{lost} 不计{in_kind}",
        "{limit}: the limit of {allowed} is used up; {lost} is not counted{in_kind}",
    ),
    "limit_none": (
        "{limit}：上限 {allowed}，已计 {used}，本次超出，整笔不计{in_kind}",
        "{limit}: at most {allowed}, {used} used; this would go over and is not counted{in_kind}",
    ),
    "limit_asked": (
        "{limit}：上限 {allowed}，已计 {used}，经认定计 {points}，{lost} 不计{in_kind}",
        "{limit}: at most {allowed}, {used} used; {points} granted, {lost} not{in_kind}",
    ),
    "limit_queued": (
        "{limit}：上限 {allowed}，已计 {used}，{waiting} 待有余量时补记{in_kind}",
        "{limit}: at most {allowed}, {used} used; {waiting} waits until there is room{in_kind}",
    ),
    "limit_warned": ("{limit}：已超出，本次照计", "{limit}: exceeded; counted all the same"),
    "ceiling_lost": (
        "存折上限 {ceiling}，计 {points}，{over} 不计{in_kind}",
        "a passbook holds at most {ceiling}: {points} counted, {over} not{in_kind}",
    ),
    "ceiling_refused": (
        "存折上限 {ceiling}，超出部分不能记入，本次不计{in_kind}",
        "a passbook holds at most {ceiling}; this would go over and is not counted{in_kind}",
    ),
    "ceiling_queued": (
        "存折上限 {ceiling}，{over} 待有余量时补记{in_kind}",
        "a passbook holds at most {ceiling}; {over} waits until there is room{in_kind}",
    ),
    "ceiling_overflow": (
        "存折上限 {ceiling}，{over} 转入{taker}{in_kind}",
        "a passbook holds at most {ceiling}; {over} goes to {taker}{in_kind}",
    ),
    "overflow_taken": (
        "由{source}转入，{kind}为 {points}",
        "taken from {source}: {kind} {points}",
    ),
    "paid_late": ("此前排队的积分现已补记", "points that had been waiting are paid now"),
    "still_waiting": (
        "尚无余量，{waiting} 继续等待{in_kind}",
        "there is no room yet; {waiting} goes on waiting{in_kind}",
    ),
    # what follows
    "usable_from": ("公示期满，{day} 起可用{in_kind}", "can be spent from {day} on{in_kind}"),
    "valid_until": ("有效至 {day}（含当日）{in_kind}", "valid through {day}{in_kind}"),
    "already_over": ("有效期已于 {day} 届满{in_kind}", "its validity was over on {day}{in_kind}"),
    "deduction": (
        "应扣{kind} {before}；公示 {notice_days} 天，可向{appeal}申诉",
        "{kind} {before} to be taken; {notice_days} days of notice, appeal to {appeal}",
    ),
    "repair": ("已整改，保留扣分 {left}", "put right; {left} stays taken"),
}
"""Every step that an award can have: (zh, en). Codes and facts are the contract."""

UNITS: Table = {
    "hour": ("小时", "hours"), "minute": ("分钟", "minutes"), "day": ("天", "days"),
    "half-day": ("半天", "half days"), "kg": ("公斤", "kg"), "metre": ("米", "metres"),
    "square-metre": ("平方米", "square metres"), "km": ("公里", "km"), "litre": ("升", "litres"),
    "yuan": ("元", "yuan"), "person": ("人", "people"), "household": ("户", "households"),
    "piece": ("件", "pieces"), "tree": ("棵", "trees"), "time": ("次", "times"),
    "page": ("页", "pages"), "part": ("部位", "parts"), "item": ("项", "items"),
    "week": ("周", "weeks"), "month": ("个月", "months"), "year": ("年", "years"),
}
"""Quantities and calendar units in words; others are shown as the rulebook names them."""

_AMOUNTS = ("points", "before", "lost", "left", "allowed", "used", "waiting", "over", "ceiling",
            "already", "open")
"""Facts in smallest parts of the step's kind (where it names one)."""

_IN_KIND = {"zh": "（{}）", "en": " ({})"}


def step_sentence(step: Any, rulebook: Any, lang: str | None = None) -> str:
    """A step as a sentence in `lang`, ending with its clause in brackets.

    Any: a `core.deeds.Step` and a `core.rulebook.Rulebook`; words stand below the core and
    cannot name them.
    """
    chosen = language(lang)
    sentence = say(STEPS, step.code, _in_words(step.facts, rulebook, chosen), chosen)
    if not step.clause:
        return sentence
    return f"{sentence}（{step.clause}）" if chosen == "zh" else f"{sentence} ({step.clause})"


def unit_name(name: str, lang: str) -> str:
    """A quantity or calendar unit in words."""
    return UNITS[name][LANGUAGES.index(lang)] if name in UNITS else name


def _in_words(facts: Mapping[str, Any], rulebook: Any, lang: str) -> dict[str, Any]:
    # Any: facts are canonical JSON; the rulebook is described in `step_sentence`.
    told = dict(facts)
    if "kind" in facts:
        kind = rulebook.kind(facts["kind"])
        told["kind"] = kind.title
        told["in_kind"] = "" if kind == rulebook.main_kind else _IN_KIND[lang].format(kind.title)
        told |= {name: _amount(facts[name], kind.decimals) for name in _AMOUNTS
                 if isinstance(facts.get(name), int)}
    rule = rulebook.rule(facts.get("rule", ""))
    if rule is not None:
        told["rule"] = rule.title
        told["grades"] = _list((rule.grades.get(grade, grade)
                                for grade in facts.get("grades", ())), lang)
    if "limit" in facts:
        told["limit"] = _titled(rulebook.limits, facts["limit"])
    if "mark" in facts:
        told["mark"] = _titled(rulebook.attributes, facts["mark"])
    for name in ("taker", "source"):
        if name in facts:
            told[name] = rulebook.kind(facts[name]).title
    for name in ("unit", "each"):
        if name in facts:
            told[name] = unit_name(facts[name], lang)
    if "within" in facts and lang == "zh":
        count, unit = facts["within"].split(" ")
        told["within"] = f"{count} {unit_name(unit.rstrip('s'), lang)}"
    if "quantities" in facts:
        told["quantities"] = _list((f"{amount} {unit_name(name, lang)}"
                                    for name, amount in facts["quantities"]), lang)
    return told


def _titled(nouns: Any, code: str) -> str:  # Any: limits or attributes of a rulebook
    return next((noun.title or noun.code for noun in nouns if noun.code == code), code)


def _list(words: Any, lang: str) -> str:  # Any: an iterable of text
    return ("、" if lang == "zh" else ", ").join(words)


def _amount(amount: int, decimals: int) -> str:
    text = f"{Decimal(amount).scaleb(-decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
