"""What a new rulebook says otherwise, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lovepoints.core.rulefiles.differences import Difference, differences
from lovepoints.core.rulefiles.fields import all_models, fields_of
from lovepoints.core.rulefiles.rulefile import parse
from lovepoints.words.labels import LABELS
from tests.rulebooks.test_canonical import FILES

OLD = """\
title = "Rules"
effective = 2026-01-01
[[rule]]
code = "patrol"
title = "巡逻"
points = 5
stages = []
[[rule]]
code = "hazard"
title = "隐患"
stages = [{ code = "report", points = 1 }, { code = "proof", points = 5 }]
[[cap]]
code = "monthly"
title = "每月封顶"
per = "resident"
each = "month"
points = 20
[redemption]
days = { weekdays = ["monday"] }
"""


def changed(*replacements: tuple[str, str]) -> tuple[Difference, ...]:
    """The differences that replacing parts of the old text makes."""
    new = OLD
    for old, put in replacements:
        assert old in new
        new = new.replace(old, put)
    return differences(parse(new).rulebook, parse(OLD).rulebook)


@pytest.mark.parametrize(("old", "new", "en", "zh"), [
    ("points = 5\nstages = []", "points = 8", "rule patrol (巡逻): points 5 -> 8",
     "积分事项patrol（巡逻）：分值由 5 改为 8"),
    ("points = 5\nstages = []", 'points = { per = "hour", value = 2 }',
     'rule patrol (巡逻): points 5 -> { per = "hour", value = 2 }',
     '积分事项patrol（巡逻）：分值由 5 改为 { per = "hour", value = 2 }'),
    ("points = 20", "points = 30", "limit monthly (每月封顶): most 20 -> 30",
     "上限monthly（每月封顶）：最多由 20 改为 30"),
    ('each = "month"', 'each = "month"\ncrossing = "none"',
     "limit monthly (每月封顶): crossing part -> none",
     "上限monthly（每月封顶）：越过上限时由 part 改为 none"),
    ("effective = 2026-01-01", "effective = 2027-01-01", "effective 2026-01-01 -> 2027-01-01",
     "生效日由 2026-01-01 改为 2027-01-01"),
    ("effective = 2026-01-01", 'effective = 2026-01-01\nweek_start = "sunday"',
     "week_start monday -> sunday", "每周起始日由 monday 改为 sunday"),
    ('["monday"]', '["monday", "friday"]',
     'redemption.days.weekdays ["monday"] -> ["monday", "friday"]',
     '兑换·兑换日·星期由 ["monday"] 改为 ["monday", "friday"]'),
    ("[redemption]", '[expiry]\nafter = "2 years"\n[redemption]',
     "validity.after nothing -> 2 years", "有效期·期限由 无 改为 2 years"),
    ('"report", points = 1', '"report", points = 2',
     "rule hazard (隐患): stages.report.points 1 -> 2",
     "积分事项hazard（隐患）：分阶段·report·分值由 1 改为 2"),
    ("[[cap]]", '[[rule]]\ncode = "new"\ntitle = "新"\npoints = 1\n[[cap]]',
     "rule new (新) is new: { points = 1 }", "新增积分事项new（新）：{ points = 1 }"),
    ('[[rule]]\ncode = "patrol"\ntitle = "巡逻"\npoints = 5\nstages = []\n', "",
     "rule patrol (巡逻) is gone; it was { points = 5 }", "取消积分事项patrol（巡逻）"),
], ids=range(11))
def test_each_change_is_a_sentence(old: str, new: str, en: str, zh: str) -> None:
    """A change of points, limits, settings, or a rule that comes or goes, is said plainly."""
    (difference,) = changed((old, new))

    assert (en, zh) == (difference.sentence("en"), difference.sentence("zh"))


def test_another_order_of_rules_is_told() -> None:
    """The order of rules decides ties, so a change of it is a change."""
    first, second = OLD[OLD.index("[[rule]]"):OLD.index("[[cap]]")].split("[[rule]]\n")[1:]

    (difference,) = changed((f"{first}[[rule]]\n{second}", f"{second}[[rule]]\n{first}"))

    assert ("moved", "patrol, hazard", "hazard, patrol") == (
        difference.code, difference.before, difference.after)


def test_a_difference_can_be_laid_over_the_old_rulebook() -> None:
    """The path of a change is the path of the setting that makes it."""
    (difference,) = changed(("points = 20", "points = 30"))

    redone = parse(OLD, settings={difference.setting: difference.after}).rulebook

    assert parse(OLD.replace("points = 20", "points = 30")).rulebook == redone


def test_equal_rulebooks_do_not_differ() -> None:
    """Nothing is said of what is the same."""
    assert () == changed(("points = 20", "most = 20.0"))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(FILES), st.sampled_from(FILES))
def test_differences_are_told_exactly_where_digests_differ(one: Path, other: Path) -> None:
    """Two rulebooks differ in words exactly if they have different digests."""
    new = parse(one.read_text(encoding="utf-8")).rulebook
    old = parse(other.read_text(encoding="utf-8")).rulebook

    told = differences(new, old)

    assert bool(told) is (new.digest != old.digest)
    assert all(each.sentence("zh") and each.sentence("en") for each in told)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_rule_that_changes_is_the_only_one_told(path: Path, data: st.DataObject) -> None:
    """Changing the title of one rule gives one difference, at that rule."""
    old: Any = parse(path.read_text(encoding="utf-8")).rulebook
    at = data.draw(st.integers(0, len(old.rules) - 1))
    rules = list(old.rules)
    rules[at] = attrs.evolve(rules[at], title="another title")

    told = differences(attrs.evolve(old, rules=tuple(rules)), old)

    assert [f"rule.{rules[at].code}.title"] == [each.setting for each in told]


def test_every_key_has_a_chinese_name() -> None:
    """No key of a rulebook file is without a name for people."""
    keys = {field.key for cls in all_models() for field in fields_of(cls)}

    assert set() == keys - LABELS.keys()
