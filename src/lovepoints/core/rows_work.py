"""The rows of the community's work: kinds of tasks, tasks, each of their moves, rotas."""

from __future__ import annotations

import attrs

from lovepoints.core.rows import FOR_EVER, Details


@attrs.frozen(kw_only=True)
class TaskKindRow:
    """A kind of task; `details` hold the settings of `work.tasks.TaskKind` by name."""

    code: str
    title: str
    nature: str
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class TaskRow:
    """The present state of a task. `asker` "" is nobody in particular, or the reporter of `deed`.

    `details`: offered [pseudonyms], doers [pseudonyms], level (how often it rose), served,
    satisfied, deeds [ids that its finishing reported], of (duplicate of), passed_to, labels
    {name: short word}, minutes (the most that count for each doer) ...
    """

    id: str
    kind: str
    state: str
    area: str = ""
    channel: str = ""
    asker: str = ""
    deed: str = ""
    day: str
    due: str = FOR_EVER
    seq: int
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class TaskMove:
    """One move of a task: entry `seq` took it to `state`. `party` is whom the move is about.

    `details`: level, minutes, served, satisfied ... as far as the move says them.
    """

    task: str
    seq: int
    move: str
    state: str
    day: str
    at: int
    by: str
    party: str = ""
    area: str = ""
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class RotaRow:
    """Which shifts a team has each week. `details`: pattern [[weekday 1-7, start, end, people]]
    (minutes of the day), away [[resident, since, until]]."""

    code: str
    title: str
    team: str
    kind: str
    area: str = ""
    details: Details = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class ShiftRow:
    """A shift that was planned; who has it stands in its task.

    `details`: offers [[from, to]] that wait for an answer, from "" where a place is free.
    """

    rota: str
    day: str
    start: int
    end: int
    people: int
    task: str
    seq: int
    details: Details = attrs.field(factory=dict)
