"""From when on something is worth a look: whole numbers and shares, as data that are printed."""

from __future__ import annotations

import attrs

from lovepoints.errors import brief

Share = tuple[int, int]
"""A part of a whole: (1, 3) is a third."""


@attrs.frozen(kw_only=True)
class Scales:
    """The bounds of an inspection. What lies below its `..._least` is never a lead.

    `..._share`: so much of an officer's own acts; `..._others`: at most so much of all the
    others' acts, of which there must be `others_least`, or there is nothing to compare with.
    """

    others_least: int = 20
    pair_least: int = 12
    pair_share: Share = (1, 3)
    pair_times: int = 4
    round_least: int = 12
    round_share: Share = (9, 10)
    round_others: Share = (1, 2)
    month_end_days: int = 3
    month_end_least: int = 12
    month_end_share: Share = (1, 2)
    month_end_others: Share = (1, 4)
    relative_least: int = 2
    mutual_least: int = 3
    correction_least: int = 6
    correction_share: Share = (1, 5)
    new_days: int = 14
    new_times: int = 5
    night_from: int = 23
    night_until: int = 5
    night_least: int = 6
    night_share: Share = (1, 4)
    night_others: Share = (1, 20)
    fetch_minutes: int = 60
    fetch_least: int = 3

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(Scales):
            value = getattr(self, field.name)
            parts = value if isinstance(value, tuple) else (value,)
            if any(type(part) is not int for part in parts):
                raise TypeError(f"{field.name} takes whole numbers, not {brief(value)}")
            if any(part < 0 for part in parts) or (
                    isinstance(field.default, tuple) and (len(parts) != 2 or parts[1] < 1)):
                raise ValueError(f"{field.name} cannot be {brief(value)}")

    def plain(self) -> dict[str, int | list[int]]:
        """Every bound by its name; a share as a list of two."""
        return {name: list(value) if isinstance(value, tuple) else value
                for name, value in attrs.asdict(self, recurse=False).items()}


SCALES = Scales()
"""The bounds unless an inspection is given others."""


def reaches(part: int, whole: int, share: Share) -> bool:
    """Whether a part of a whole is at least this share of it.

    >>> reaches(4, 12, (1, 3)), reaches(3, 12, (1, 3))
    (True, False)
    """
    return part * share[1] >= whole * share[0]


def exceeds(part: int, whole: int, share: Share) -> bool:
    """Whether a part of a whole is more than this share of it.

    >>> exceeds(5, 12, (1, 3)), exceeds(4, 12, (1, 3))
    (True, False)
    """
    return part * share[1] > whole * share[0]
