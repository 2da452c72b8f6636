"""Expected errors as sentences that say what to do, with their exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from lovepoints.cli.voice import Voice
from lovepoints.core.checkpoints import Misfit
from lovepoints.core.rulefiles.rulefile import FILE_MAX
from lovepoints.errors import (
    BookDamaged,
    LovepointsError,
    NotFound,
    Refused,
    RulebookError,
    StoreError,
)

FINE, WRONG, MISUSED, INTERRUPTED = 0, 1, 2, 130
"""The exit codes: fine; a difference, refusal or damage; a wrong call; stopped by the keyboard."""
_MISUSES = ("missing", "not_a_book", "exists")
"""Store errors that another file name would mend."""
_MISSING = {"entry": "no_entry", "close": "no_close",
            "passbook counted in that close": "not_counted"}
"""What is not found by other names than a code."""


@attrs.frozen
class Misuse(Exception):
    """A wrong call that only the command itself can notice; `code` is one of its sentences."""

    code: str
    facts: dict[str, str]


def guarded(voice: Voice, run: Callable[[], int]) -> int:
    """The exit code of `run`; an expected error is said instead of raised."""
    try:
        return run()
    except Misuse as misuse:
        sentence = voice.said("wrong_call", what=voice.said(misuse.code, **misuse.facts))
        return voice.complain(sentence, "", {"code": misuse.code, **misuse.facts}, MISUSED)
    except Misfit as error:
        return voice.complain(voice.said("not_proven", what=error.sentence(voice.lang)), "",
                              {"code": error.code}, WRONG)
    except LovepointsError as error:
        return _complain(voice, error)
    except BrokenPipeError:
        raise
    except OSError as error:
        what = voice.said("unreadable", path=error.filename or "",
                          what=error.strerror or str(error))
        return voice.complain(voice.said("error", what=what), "", {"code": "os_error"}, WRONG)


def text_of(path: Path) -> str:
    """The text of a file that a caller named, up to where it is too long to be taken.

    Raises:
        Misuse: it is not there, is a folder, may not be read, or is not UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.read(FILE_MAX + 1)
    except FileNotFoundError:
        raise Misuse("no_file", {"path": str(path)}) from None
    except UnicodeDecodeError:
        raise Misuse("not_utf8", {"path": str(path)}) from None
    except OSError as error:
        raise Misuse("unreadable", {"path": str(path), "what": error.strerror or ""}) from None


def keep(path: Path, text: str) -> None:
    """Write a new file; one that is there is never overwritten.

    Raises:
        StoreError: the file exists already, or its folder does not.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise StoreError("exists", str(path)) from None
    except FileNotFoundError:
        raise StoreError("missing", str(path.parent)) from None


def _complain(voice: Voice, error: LovepointsError) -> int:
    """Say one error of the library."""
    if isinstance(error, StoreError):
        what = f"{voice.said(error.code)}\n  {error}"
        return voice.complain(voice.said("error", what=what), voice.said(f"do_{error.code}"),
                              {"code": error.code, "what": str(error)},
                              MISUSED if error.code in _MISUSES else WRONG)
    if isinstance(error, BookDamaged):
        told = voice.said("damaged_at" if error.seq else "damaged", seq=error.seq,
                          what=error.what)
        return voice.complain(voice.said("error", what=told), voice.said("do_damaged"),
                              {"code": "damaged", "seq": error.seq, "what": error.what}, WRONG)
    if isinstance(error, Refused):
        return voice.complain(voice.said("refused", what=error.sentence(voice.lang)), "",
                              {"code": str(error.code)}, WRONG)
    if isinstance(error, NotFound):
        code = "no_rulebook" if error.noun.startswith("rulebook") else _MISSING.get(
            error.noun, "not_found")
        return voice.complain(voice.said("error", what=voice.said(code, name=error.name)),
                              voice.said(f"do_{code}"),
                              {"code": code, "name": str(error.name)}, WRONG)
    if isinstance(error, RulebookError):
        text = "\n\n".join(problem.text(voice.lang) for problem in error.problems)
        return voice.complain(text, "", {"code": "rulebook"}, WRONG)
    return voice.complain(voice.said("error", what=str(error)), "", {"code": "conflict"}, WRONG)
