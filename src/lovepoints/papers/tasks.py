"""The three linked slips of a task (三联单): what it is about, who acts, what was done."""

from __future__ import annotations

from collections.abc import Iterable

from lovepoints.desks.task_answers import Task
from lovepoints.papers.layout import Sheet, titled


def order_slips(
    task: Task, *, width: int = 48, lang: str | None = None, community: str = "",
    wide: bool = False,
) -> str:
    """One number on three slips, to be cut apart.

    The problem slip stays at the desk, the duty slip with whoever sees to it; the service slip
    goes with the doer and comes back with a signature. Only that one names who asked, and none
    does for a confidential kind or for what a deed reported.
    """
    sheet = Sheet(width, lang, wide)
    head = {"number": task.id, "what": task.title, "day": task.day.isoformat()}
    due_on = task.due_on.isoformat() if task.due_on else ""
    titled(sheet, sheet.said("problem_slip"), community, {
        **head, "channel": task.channel, "area": task.area})
    for text in (task.place, *task.note.split("\n")):
        if text:
            sheet.text(text)
    _cut(sheet)
    titled(sheet, sheet.said("duty_slip"), community, {
        **head, "area": task.area, "doers": _joined(task.doers or task.offered),
        "due_on": due_on})
    _cut(sheet)
    titled(sheet, sheet.said("service_slip"), community, {
        **head, "asker": task.asker, "place": task.place, "due_on": due_on})
    for text in task.note.split("\n"):
        if text:
            sheet.text(text)
    sheet.gap()
    sheet.text(sheet.said("what_was_done") + task.reply)
    for name in ("satisfied_or_not", "asker_signature"):
        sheet.text(sheet.said(name))
    return sheet.done()


_CLAIMED = ("wish", "project", "shift")
"""Natures of tasks that wait to be claimed and not to be sent."""


def task_list(
    tasks: Iterable[Task], *, title: str = "", width: int = 64, lang: str | None = None,
    community: str = "", wide: bool = False,
) -> str:
    """A list as it hangs out or is handed round (清单、台账): number, what, who sees to it, until
    when, how it stands. It names nobody who asked.

    Raises:
        ValueError: a width that is not 24 to 160.
    """
    sheet, rows = Sheet(width, lang, wide), list(tasks)
    titled(sheet, title or (rows[0].title if rows else sheet.said("task_list")), community, {})
    sheet.rule()
    for one in rows:
        what = " ".join(filter(None, (one.place, one.note.partition("\n")[0]))) or one.title
        waits = one.state == "asked" and one.nature in _CLAIMED
        sheet.pair(f"{one.id} {what}", sheet.said("state_open" if waits else f"state_{one.state}"))
        due_on = sheet.said("due_short", day=one.due_on.isoformat()) if one.due_on else ""
        if doers := _joined(one.doers or one.offered):
            sheet.pair(f"  {doers}", due_on)
        elif due_on:
            sheet.pair("", due_on)
    sheet.rule()
    return sheet.done()


def _cut(sheet: Sheet) -> None:
    sheet.gap()
    sheet.rule(". ")
    sheet.lines[-1] = sheet.lines[-1][:sheet.columns]


def _joined(codes: tuple[str, ...]) -> str:
    return ", ".join(codes)
