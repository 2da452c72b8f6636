"""The tasks' desk: work that is asked for, dispatched, taken, done, and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from lovepoints.core import text
from lovepoints.core.deeds import Refusal
from lovepoints.core.journal import Draft
from lovepoints.core.rows_work import TaskRow
from lovepoints.core.values import flag, whole
from lovepoints.core.work import tasks
from lovepoints.core.work.tasks import DAYS_MAX, NATURES, TaskKind, parties
from lovepoints.desks import tasking
from lovepoints.desks.attributes import labels_of
from lovepoints.desks.command import Answer, Command, check_day, perform
from lovepoints.desks.deeds import Quantity, codes_of, quantities_of
from lovepoints.desks.task_answers import Task, kind_of_task, task_of, written
from lovepoints.desks.task_reading import TaskReading
from lovepoints.errors import Code, brief

PLACES_MAX = 10_000
"""No task has room for more people."""
Said = dict[str, Any]  # Any: arguments of many types
Decide = Callable[[Command, TaskRow], "Draft | Refusal"]


@attrs.frozen
class Tasks(TaskReading):
    """`community.tasks`"""

    def define(
        self, kind: str, *, title: str, nature: str = "matter", days: int = 0, remind: int = 1,
        places: int = 1, is_open: bool = False, second: bool = False, proof: bool = False,
        rule: str = "", of_rules: Iterable[str] = (), is_confidential: bool = False,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> TaskKind:
        """Settle what holds for all tasks of a kind; said again, it holds from then on.

        `nature`: "matter", "mediation", "project", "shift", "visit", "wish" or "item". `days` is
        the time limit (0: none), `remind` so many days ahead of it a reminder is due, `places` how
        many may take one task. `is_open`: whoever wants may take it. `second`: another person
        settles it. `proof`: evidence at the end. `rule`: finishing reports a deed of it.
        `of_rules`: deeds of these rules count as matters of this kind.
        """
        said: Said = {
            "kind": text.code(kind, "kind"), "title": text.code(title, "title"),
            "nature": text.code(nature, "nature"),
            "days": whole(days, "days", least=0, most=DAYS_MAX),
            "remind": whole(remind, "remind", least=0, most=DAYS_MAX),
            "places": whole(places, "places", most=PLACES_MAX),
            "is_open": flag(is_open, "is_open"), "second": flag(second, "second"),
            "proof": flag(proof, "proof"), "rule": text.line(rule, "rule", most=64),
            "of_rules": codes_of(of_rules, "of_rules"),
            "is_confidential": flag(is_confidential, "is_confidential"),
        }
        if nature not in NATURES:
            raise ValueError(f"nature is one of {', '.join(NATURES)}, not {brief(nature)}")

        def decide(command: Command) -> Draft:
            details = {name: list(value) if name == "of_rules" else value
                       for name, value in said.items() if name not in ("kind", "title", "nature")}
            return Draft(
                kind="define_task", subject=f"task:{said['kind']}", at=command.at,
                day=command.day.isoformat(), details={"rows": {"task_kind": [{
                    "code": said["kind"], "title": said["title"], "nature": said["nature"],
                    "details": details}]}})

        return perform(self._book, "define_task", decide, said, by=by, at=at, key=key,
                       tell=lambda _: kind_of_task(self._book.store, said["kind"]))

    def ask(
        self, kind: str, *, resident: str = "", place: str = "", note: str = "", area: str = "",
        channel: str = "", deed: str = "", due_on: date | None = None, reply: str = "",
        labels: Mapping[str, str] | None = None, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Write down what is asked for: by `resident`, or out of a `deed` (a hazard that needs a
        repair), or by nobody in particular (a post to be claimed).

        `channel` is how it came ("phone", "letter-box", "evening-talk"). `labels` are short public
        words to count by ({"theme": "noise", "letter": "L-012"}); never anything about a person.
        `area` is that of the asker if left out. With a `reply` it was settled on the spot by who
        writes it down.

        Raises:
            Refused: not_permitted. NotFound: no such kind, area or deed. ValueError: a text that
                names the people of the deed.
        """
        check_day(due_on, "due_on")
        said: Said = {
            "kind": text.code(kind, "kind"), "resident": text.line(resident, "resident", most=64),
            "place": text.line(place, "place"), "note": text.line(note, "note", breaks=True),
            "area": text.line(area, "area", most=64),
            "channel": text.line(channel, "channel", most=64),
            "deed": text.line(deed, "deed", most=64), "due_on": due_on,
            "reply": text.line(reply, "reply", breaks=True), "labels": labels_of(labels),
        }

        def decide(command: Command) -> Draft | Refusal:
            settled = kind_of_task(self._book.store, said["kind"])
            row = tasking.ask(command, settled, said)
            draft = tasking.asked(command, row, said)
            if not said["reply"]:
                return draft
            command.write(draft)
            return self._finished(command, self._row(row.id), {
                **said, "resident": "", "evidence": "", "quantity": {}, "served": 0, "on": None,
                "labels": {}})

        return perform(self._book, "ask_task", decide, said, by=by, at=at, key=key,
                       tell=self._told)

    def dispatch(
        self, task: str, *, to: str, due_on: date | None = None, note: str = "",
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Send a task to an officer, a resident or a team, who is asked to take it (派单)."""
        check_day(due_on, "due_on")
        said: Said = {"task": task, "to": text.name(to, "to"), "due_on": due_on,
                      "note": text.line(note, "note", breaks=True)}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_area(command, row)
            party = self._book.person(said["to"], "staff", "resident", "team").id
            change = tasks.dispatched(row, party)
            if due_on and not isinstance(change, Refusal):
                change["due"] = due_on.isoformat()
            return tasking.moved(command, row, "dispatch", change, party=party,
                                 words={"reason": said["note"]})

        return self._move("dispatch", task, said, decide, by, at, key)

    def accept(
        self, task: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Take a task upon oneself (接单, 认领); an officer may write it down for a `resident`.

        Raises:
            Refused: no_place_left, self_confirmation (what one's household asked for),
                state_not_fitting (not open to all, and sent to somebody else).
        """
        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            doer = tasking.worker(command, row, said["resident"])
            if refusal := tasking.serves_herself(command, row, doer):
                return refusal
            change = tasks.accepted(row, self._kind(row), doer)
            return tasking.moved(command, row, "accept", change, party=doer)

        said = {"task": task, "resident": text.line(resident, "resident", most=64)}
        return self._move("accept", task, said, decide, by, at, key)

    def decline(
        self, task: str, *, reason: str = "", resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Say no to a task that one was sent (退单)."""
        return self._give_back("decline", task, reason, resident, by, at, key)

    def hand_back(
        self, task: str, *, reason: str = "", resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Give back a task that one has taken; it waits for somebody else."""
        return self._give_back("hand_back", task, reason, resident, by, at, key)

    def check_in(
        self, task: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Begin to work; `check_out` ends it, and the minutes between count."""
        return self._clock("check_in", task, resident, by, at, key)

    def check_out(
        self, task: str, *, resident: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """End the work. Who forgot it says so later, with `at=` the time when it ended."""
        return self._clock("check_out", task, resident, by, at, key)

    def escalate(
        self, task: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Pass a task up to the area above, with its time limit begun anew."""
        said = {"task": task, "reason": text.line(reason, "reason")}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_area(command, row)
            change = tasking.risen(command, row, self._kind(row))
            return tasking.moved(command, row, "escalate", change,
                                 words={"reason": said["reason"]})

        return self._move("escalate", task, said, decide, by, at, key)

    def finish(
        self, task: str, *, reply: str = "", evidence: str = "",
        quantity: Quantity | Mapping[str, Quantity] | None = None, served: int = 0,
        on: date | None = None, resident: str = "", labels: Mapping[str, str] | None = None,
        by: str | None = None, at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Say that a task is done, with the `reply` to who asked; where its kind has a rule, the
        deed of each doer is reported with it.

        `quantity` as `deeds.report` takes it; left out, it is the time between check-ins and
        check-outs. `served`: how many people were served. `labels` join those of the asking
        ({"outcome": "agreed"}).

        Raises:
            Refused: fact_missing (reply, evidence, check_out), and what `deeds.report` refuses.
        """
        check_day(on, "on")
        said: Said = {
            "task": task, "reply": text.line(reply, "reply", breaks=True),
            "evidence": text.line(evidence, "evidence"), "quantity": quantities_of(quantity),
            "served": whole(served, "served", least=0, most=10**6), "on": on,
            "resident": text.line(resident, "resident", most=64), "labels": labels_of(labels),
        }
        return self._move("finish", task, said, lambda command, row: self._finished(
            command, row, said), by, at, key)

    def settle(
        self, task: str, *, by: str | None = None, at: datetime | date | None = None,
        key: str | None = None,
    ) -> Task:
        """Find the work done, as a second person: the asker or an officer (销号).

        Where the rule leaves it to the person served (`by = ["served"]`), the asker's word
        confirms the deeds too.

        Raises:
            Refused: self_confirmation.
        """
        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_asker(command, row)
            change = tasks.settled(row, tasking.is_own_work(command, row))
            if not isinstance(change, Refusal):
                tasking.confirm_as_served(command, row)
            return tasking.moved(command, row, "settle", change)

        return self._move("settle", task, {"task": task}, decide, by, at, key)

    def send_back(
        self, task: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Find the work not done yet; what it earned is frozen until it is."""
        return self._open_again("send_back", task, reason, by, at, key)

    def reject(
        self, task: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Say that a task will not be done, and why."""
        return self._close("reject", task, reason, "", by, at, key)

    def duplicate(
        self, task: str, *, of: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Mark a task as the same as another one."""
        return self._close("duplicate", task, "", of, by, at, key)

    def withdraw(
        self, task: str, *, reason: str = "", by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Take back what was asked for."""
        return self._close("withdraw", task, reason, "", by, at, key)

    def refer(
        self, task: str, *, to: str, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Pass a task on to a body outside of the community, and tell the asker so (转办)."""
        return self._close("refer", task, reason, text.name(to, "to"), by, at, key)

    def rate(
        self, task: str, *, satisfied: bool, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Say once whether the asker is satisfied: she herself, or an officer who asked her."""
        said = {"task": task, "satisfied": flag(satisfied, "satisfied")}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_asker(command, row)
            if tasking.is_own_work(command, row):
                return Refusal(Code.SELF_CONFIRMATION, {"who": "doer"})
            return tasking.moved(command, row, "rate", tasks.rated(row, satisfied),
                                 satisfied=satisfied)

        return self._move("rate", task, said, decide, by, at, key)

    def reopen(
        self, task: str, *, reason: str, by: str | None = None,
        at: datetime | date | None = None, key: str | None = None,
    ) -> Task:
        """Open a task that had ended; what it earned is frozen until it ends again."""
        return self._open_again("reopen", task, reason, by, at, key)

    def _give_back(
        self, move: str, task: str, reason: str, resident: str, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Task:
        said = {"task": task, "reason": text.line(reason, "reason"),
                "resident": text.line(resident, "resident", most=64)}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            doer = tasking.worker(command, row, said["resident"])
            return tasking.moved(command, row, move, tasks.given_back(row, move, doer),
                                 party=doer, words={"reason": said["reason"]})

        return self._move(move, task, said, decide, by, at, key)

    def _clock(
        self, move: str, task: str, resident: str, by: str | None, at: datetime | date | None,
        key: str | None,
    ) -> Task:
        said = {"task": task, "resident": text.line(resident, "resident", most=64)}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            doer = tasking.worker(command, row, said["resident"])
            change = tasking.clocked(command, row, move, doer)
            return tasking.moved(command, row, move, change, party=doer)

        return self._move(move, task, said, decide, by, at, key)

    def _finished(self, command: Command, row: TaskRow, said: Said) -> Draft | Refusal:
        kind, doer = self._kind(row), tasking.worker(command, row, said["resident"])
        if refusal := tasking.not_finished(command, row, kind, doer, said):
            return refusal
        deeds = tasking.reported(command, row, kind, parties(row, "doers") or [doer], said)
        if isinstance(deeds, Refusal):
            return deeds
        change = tasks.finished(row, kind, doer, reply=said["reply"], evidence=said["evidence"],
                                served=said["served"], deeds=deeds, seq=command.next_seq,
                                labels=said["labels"])
        return tasking.moved(
            command, row, "finish", change, party=doer, served=said["served"],
            words={"reply": said["reply"], "evidence": said["evidence"]})

    def _open_again(
        self, move: str, task: str, reason: str, by: str | None, at: datetime | date | None,
        key: str | None,
    ) -> Task:
        said = {"task": task, "reason": text.line(reason, "reason")}

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_asker(command, row)
            if not said["reason"]:
                return Refusal(Code.REASON_NEEDED, {"what": move})
            tasking.unsettle(command, row, said["reason"])
            return tasking.moved(command, row, move, tasks.reopened(row),
                                 words={"reason": said["reason"]})

        return self._move(move, task, said, decide, by, at, key)

    def _close(
        self, move: str, task: str, reason: str, other: str, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Task:
        said = {"task": task, "reason": text.line(reason, "reason"), "other": other}
        first = self._row(other).id if move == "duplicate" else ""

        def decide(command: Command, row: TaskRow) -> Draft | Refusal:
            tasking.check_asker(command, row)
            if not said["reason"] and move in ("reject", "refer"):
                return Refusal(Code.REASON_NEEDED, {"what": move})
            if first == row.id:
                return Refusal(Code.STATE_NOT_FITTING, {"what": move, "state": "the same task"})
            tasking.void(command, row, said["reason"] or move)
            extra = {"of": first} if first else {"passed_to": other} if other else {}
            return tasking.moved(command, row, move, tasks.closed(row, move, **extra),
                                 words={"reason": said["reason"]})

        return self._move(move, task, said, decide, by, at, key)

    def _move(
        self, move: str, task: str, said: Said, decide: Decide, by: str | None,
        at: datetime | date | None, key: str | None,
    ) -> Task:
        def checked(command: Command) -> Draft | Refusal:
            row = self._row(task)
            return tasks.wrong_move(row, move) or decide(command, row)

        return perform(self._book, f"{move}_task", checked, said, by=by, at=at, key=key,
                       tell=self._told)

    def _told(self, answer: Answer) -> Task:
        row = written(answer.entry, self._row(answer.entry.subject))
        return task_of(self._book, row, key=answer.key, is_repeat=answer.is_repeat)
