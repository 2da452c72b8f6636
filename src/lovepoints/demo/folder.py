"""The folder of the demo: made anew, or an earlier demo's that may be replaced.

Replaced is only a folder that the demo made itself (it says so in its README.txt), that holds
nothing but the demo's files, and in whose book nobody went on writing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from lovepoints import community as communities
from lovepoints.core.checkpoints import Checkpoint
from lovepoints.demo.playing import rulebook_text
from lovepoints.errors import LovepointsError

BOOK, CHECKPOINT, RULEBOOK, README = "book.db", "checkpoint.txt", "rulebook.toml", "README.txt"
_MARK = "lovepoints demo"
_TEXT = f"""{_MARK}

演示用的账本：人物、家庭和事项都是虚构的，积分办法是真实的。
再次运行 lovepoints demo 会用新的演示账本替换本文件夹；若有人在账本里继续记账，则不会替换。

A book for trying things out: people and deeds are made up, the rulebook is a real one.
Running lovepoints demo again replaces this folder, unless somebody went on writing in the book.
"""
_BESIDE = ("", "-journal", "-wal", "-shm", "-queue")
_FILES = frozenset({CHECKPOINT, RULEBOOK, README, *(BOOK + suffix for suffix in _BESIDE)})

Obstacle = Literal["", "not_a_folder", "other_files", "kept", "continued"]


def obstacle(folder: Path, *, keep: bool = False) -> Obstacle:
    """Why the demo may not use a folder; "" if it may."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return "not_a_folder"
    names = {path.name for path in folder.iterdir()}
    if not names:
        return ""
    if names - _FILES or not _is_ours(folder):
        return "other_files"
    if keep:
        return "kept"
    return "continued" if _is_continued(folder) else ""


def prepare(folder: Path) -> Path:
    """Make the folder, or empty an earlier demo's; where the book goes.

    Call it only where `obstacle` says "".

    Raises:
        OSError: the folder cannot be made or written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / README).write_text(_TEXT, encoding="utf-8")
    for name in _FILES - {README}:
        (folder / name).unlink(missing_ok=True)
    (folder / RULEBOOK).write_text(rulebook_text(), encoding="utf-8")
    return folder / BOOK


def keep_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write the checkpoint beside the book; in earnest it belongs on another computer."""
    path = folder / CHECKPOINT
    path.write_text(checkpoint.to_text(), encoding="utf-8")
    return path


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / README).read_text(encoding="utf-8").startswith(_MARK)
    except (OSError, UnicodeDecodeError):
        return False


def _is_continued(folder: Path) -> bool:
    """Whether the book has entries that the demo did not write; an unfinished one has none."""
    try:
        made = Checkpoint.parse((folder / CHECKPOINT).read_text(encoding="utf-8"))
        with communities.open(folder / BOOK, readonly=True) as community:
            return int(community.describe()["entries"]) > made.size
    except (OSError, ValueError, LovepointsError):
        return False
