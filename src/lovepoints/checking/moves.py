"""What each row of a case does, by its `do`: one desk verb each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lovepoints.checking.game import KEEPER, Game, Played
from lovepoints.core.deeds import Step
from lovepoints.core.rating.reporting import facts_needed
from lovepoints.core.rulebook import Rule
from lovepoints.core.rulefiles.cases import Row
from lovepoints.desks.answers import Decision


def do(game: Game, one: Played) -> None:
    """Do what a row says (of a row of `deeds`: its report)."""
    _MOVES[one.row.do](game, one)


def decide(game: Game, one: Played) -> None:
    """Take the decision that a row of `deeds` speaks of."""
    row, desk = one.row, game.community.deeds
    rule = game.rule(row.rule)
    for deed in one.deeds:
        by = next(game.confirmers(rule, desk[deed].reported_by))
        match row.status:
            case "confirmed":
                _confirm_all(game, one, rule, deed)
            case "rejected":
                desk.reject(deed, reason=row.reason or "不属实", false=row.false, by=by)
            case "withdrawn":
                desk.withdraw(deed, by=game.code(row.resident))
            case "duplicate":
                desk.duplicate(deed, of=game.deed(row.of), by=by)
            case "submitted":
                pass


def _confirm_all(game: Game, one: Played, rule: Rule, deed: str) -> None:
    """Confirm every stage up to the one that the row names, by as many people as it takes."""
    stages = [stage.code for stage in rule.stages if not stage.automatic] or [""]
    if one.row.stage:
        stages = stages[: stages.index(one.row.stage) + 1]
    for stage in stages:
        for by in game.confirmers(rule, game.reports[deed].reported_by):
            decision = _confirm(game, one.row, deed, stage, by)
            if not decision.waiting_for:
                one.limited = limited_by(decision)
                break


def _confirm(game: Game, row: Row, deed: str, stage: str, by: str) -> Decision:
    return game.community.deeds.confirm(
        deed, grade=row.grades or None, stage=stage, points=_points(row), reason=row.reason, by=by)


def limited_by(decision: Decision) -> str:
    """The limit that cut an award, by its code; "" if none did."""
    reasons: list[Step] = [step for award in decision.awards for step in award.reasons]
    found = [str(step.facts["limit"]) for step in reasons
             if "limit" in step.facts and step.code != "limit_warned"]
    return found[-1] if found else ""


# --- deeds


def _report(game: Game, one: Played) -> None:
    row, rule = one.row, game.rule(one.row.rule)
    for _ in range(row.times):
        deed = game.community.deeds.report(
            row.rule, resident=game.code(row.resident),
            on=row.on.day if row.on and row.do == "deed" else None,
            quantity=dict(row.quantities) or None, place=_given(game, row, rule, "place"),
            event=row.event, matter=row.matter, evidence=_given(game, row, rule, "evidence"),
            attributes=dict(row.attributes), joint=[game.code(name) for name in row.joint],
            end_day=row.end_day, reason=row.reason, by=_reporter(game, row, rule),
        )
        game.reports[deed.id] = deed
        one.deeds.append(deed.id)


def _given(game: Game, row: Row, rule: Rule, fact: str) -> str:
    """A photo and a place are taken for granted where a rule needs them and the row is silent."""
    said: str | None = getattr(row, fact)
    if said is not None:
        return said
    needed = facts_needed(rule)
    is_needed = needed.evidence if fact == "evidence" else fact in needed.same
    # Each one is another place, so that no two deeds are taken for the same thing.
    return f"{fact} {sum(len(one.deeds) for one in game.rows) + 1}" if is_needed else ""


def _reporter(game: Game, row: Row, rule: Rule) -> str:
    """Who says so: whom the row names, an officer where the rule asks for one, else the doer."""
    if row.by:
        return game.actor(row.by)
    if rule.report_by and "self" not in rule.report_by:
        return game.officer(rule.report_by[0])
    doer = game.code(row.resident)
    return doer if game.homes.get(doer) else KEEPER


def _confirm_step(game: Game, one: Played) -> None:
    row, deed = one.row, game.deed(one.row.deed)
    rule = game.rule(game.community.deeds[deed].rule)
    by = _officer(game, row, rule, deed)
    one.limited = limited_by(_confirm(game, row, deed, row.stage, by))


def _officer(game: Game, row: Row, rule: Rule, deed: str) -> str:
    if row.by:
        return game.actor(row.by)
    return next(game.confirmers(rule, game.reports[deed].reported_by))


def _reject(game: Game, one: Played) -> None:
    row, deed = one.row, game.deed(one.row.deed)
    rule = game.rule(game.community.deeds[deed].rule)
    game.community.deeds.reject(deed, reason=row.reason or "不属实", false=row.false,
                                by=_officer(game, row, rule, deed))


def _duplicate(game: Game, one: Played) -> None:
    row, deed = one.row, game.deed(one.row.deed)
    rule = game.rule(game.community.deeds[deed].rule)
    game.community.deeds.duplicate(deed, of=game.deed(row.of),
                                   by=_officer(game, row, rule, deed))


def _withdraw(game: Game, one: Played) -> None:
    deed = game.deed(one.row.deed)
    by = game.actor(one.row.by) if one.row.by else game.reports[deed].resident
    game.community.deeds.withdraw(deed, reason=one.row.reason, by=by)


def _reopen(game: Game, one: Played) -> None:
    game.community.deeds.reopen(game.deed(one.row.deed), reason=one.row.reason or "异议",
                                by=_by(game, one.row))


def _repair(game: Game, one: Played) -> None:
    row, deed = one.row, game.deed(one.row.deed)
    game.community.deeds.repair(deed, reason=row.reason,
                                by=_by(game, row) or game.officer("committee", 2))


def _reverse(game: Game, one: Played) -> None:
    """A deed is taken back by opening it again and rejecting it."""
    row, desk = one.row, game.community.deeds
    deed = game.deed(row.deed)
    rule = game.rule(desk[deed].rule)
    desk.reopen(deed, reason=row.reason or "更正")
    desk.reject(deed, reason=row.reason or "更正",
                by=next(game.confirmers(rule, desk[deed].reported_by)))


def _pay_waiting(game: Game, one: Played) -> None:
    game.community.deeds.pay_waiting(by=_by(game, one.row))


# --- the shop


def _redeem(game: Game, one: Played) -> None:
    row = one.row
    one.redemption = game.community.shop.redeem(
        _basket(game, row), holder=game.code(row.resident),
        proxy=game.code(row.proxy) if row.proxy else "", by=_by(game, row) or KEEPER).id


def _hold(game: Game, one: Played) -> None:
    row = one.row
    one.redemption = game.community.shop.hold(
        _basket(game, row), holder=game.code(row.resident), by=_by(game, row) or KEEPER).id


def _basket(game: Game, row: Row) -> dict[str, int]:
    """The goods of a row; where it only says points, a thing without a shelf at that price."""
    if not row.points:
        return dict(row.goods)
    points = {kind: int(amount) if amount == int(amount) else amount
              for kind, amount in row.points.items()}
    price: Any = points[""] if set(points) == {""} else points  # Any: points, or points by kind
    item = "points " + " ".join(f"{kind}{amount}" for kind, amount in points.items())
    game.community.shop.stock(item, title="任意物品", price=price, stocked=False)
    return {item: 1}


def _collect(game: Game, one: Played) -> None:
    row = one.row
    game.community.shop.collect(game.redemption(row.hold), part=_part(row.goods),
                                by=_by(game, row) or KEEPER)


def _release(game: Game, one: Played) -> None:
    game.community.shop.release(game.redemption(one.row.hold), by=_by(game, one.row) or KEEPER)


def _return(game: Game, one: Played) -> None:
    row = one.row
    game.community.shop.return_(game.redemption(row.hold), part=_part(row.goods),
                                restock=row.restock, by=_by(game, row) or KEEPER)


def _part(goods: Mapping[str, int]) -> dict[str, int] | None:
    return dict(goods) or None


def _give(game: Game, one: Played) -> None:
    row = one.row
    for item, quantity in row.goods.items():
        game.community.shop.give(item, quantity, reason=row.reason or "援助",
                                 holder=game.code(row.resident) if row.resident else "")


# --- the books and the residents


def _opening(game: Game, one: Played) -> None:
    for kind, points in one.row.points.items():
        game.community.books.opening(game.passbook(one.row.resident), points, kind=kind)


def _adjust(game: Game, one: Played) -> None:
    row = one.row
    for kind, points in row.points.items():
        game.community.books.adjust(game.passbook(row.resident), points, kind=kind,
                                    reason=row.reason or "更正")


def _transfer(game: Game, one: Played) -> None:
    row = one.row
    for kind, points in row.points.items():
        game.community.books.transfer(game.code(row.resident), game.code(row.to), points,
                                      kind=kind, by=_by(game, row))


def _describe(game: Game, one: Played) -> None:
    row = one.row
    declared = {each.code: each.of for each in game.rulebook.attributes}
    who = game.code(row.resident)
    for name, value in row.attributes.items():
        target = game.homes.get(who, who) if declared[name] == "household" else who
        one_more: dict[str, Any] = {name: value}  # Any: the values of keyword arguments
        game.community.residents.describe(target, **one_more)


def _move(game: Game, one: Played) -> None:
    row = one.row
    game.community.residents.move(game.code(row.resident), household=row.household, area=row.area)


def _leave(game: Game, one: Played) -> None:
    game.community.residents.leave(game.passbook(one.row.resident))


def _open_window(game: Game, one: Played) -> None:
    game.community.shop.open_window()


def _close_window(game: Game, one: Played) -> None:
    game.community.shop.close_window()


def _pass(game: Game, one: Played) -> None:
    """Time passes; the clock has been moved already."""


def _by(game: Game, row: Row) -> str | None:
    return game.actor(row.by) if row.by else None


def _points(row: Row) -> Decimal | None:
    return next(iter(row.points.values()), None)


_MOVES: Mapping[str, Callable[[Game, Played], None]] = {
    "deed": _report, "report": _report, "confirm": _confirm_step, "reject": _reject,
    "duplicate": _duplicate, "withdraw": _withdraw, "reopen": _reopen, "repair": _repair,
    "pay_waiting": _pay_waiting, "redeem": _redeem, "hold": _hold, "collect": _collect,
    "release": _release, "return": _return, "give": _give, "open_window": _open_window,
    "close_window": _close_window, "opening": _opening, "adjust": _adjust,
    "transfer": _transfer, "reverse": _reverse, "describe": _describe, "move": _move,
    "leave": _leave, "pass": _pass, "expect": _pass,
}
