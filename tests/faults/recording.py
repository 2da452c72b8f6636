"""What a process did to its files, recorded by strace, and the files as a power cut leaves them.

The writer is not changed. Its system calls become events; `Disk` plays them: what was synced is
on the platter, the rest is in flight. At a cut each write in flight arrived whole, in part (a
multiple of 512 bytes from its beginning), or not at all, whatever came after it. Names of files
are a folder's entries: `late_names` keeps them in flight too, until the folder is synced.
Assumed: a sync is a sync (no lying disk), and names arrive in their order.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename,renameat2,close"
SECTOR = 512
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
NEVER = ("-shm", "-queue")
"""Files beside a book whose content means nothing after a power cut."""

Files = dict[str, bytes]
"""The content of each file of a folder, by name."""


@attrs.frozen
class Event:
    """One call that may change files; `file` is the number of an inode, 0 for the folder."""

    kind: str  # write, truncate, sync, link, unlink, note
    file: int = 0
    data: bytes = b""
    at: int = 0
    name: str = ""


@contextmanager
def recorded(pid: int, out: Path) -> Iterator[None]:
    """Record the calls of a running process into the file `out`; begins when strace is there."""
    with attached(pid, "-xx", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(out)):
        yield


@contextmanager
def attached(pid: int, *options: str) -> Iterator[None]:
    """strace on a running process, until that ends."""
    strace = subprocess.Popen(["strace", "-f", "-p", str(pid), *options],
                              stderr=subprocess.PIPE, text=True)
    assert strace.stderr is not None
    said = strace.stderr.readline()
    assert "attached" in said, said
    try:
        yield
    finally:
        strace.terminate()
        strace.communicate(timeout=30)


def parsed(text: str, folder: Path, notes: Path, before: Files) -> list[Event]:
    """The events of a recording that concern files of `folder`, and the writes to `notes`."""
    return _Parser(folder, notes, _numbered(before)).events(text)


@attrs.define
class _Parser:
    folder: Path
    notes: Path
    names: dict[str, int]
    opened: dict[int, int | None] = attrs.field(factory=dict)
    """The inode of a descriptor; 0 is the folder, None the notes."""
    found: list[Event] = attrs.field(factory=list)
    newest: int = 1000

    def events(self, text: str) -> list[Event]:
        for line in text.splitlines():
            assert "unfinished" not in line, "one process at a time can be recorded"
            if matched := _LINE.match(line):
                call, arguments, result = matched[1], matched[2], int(matched[3])
                if result >= 0:
                    self._take(call, arguments, result)
        return self.found

    def _take(self, call: str, arguments: str, result: int) -> None:
        texts = [bytes.fromhex(one[0].replace("\\x", "")) for one in _TEXT.findall(arguments)]
        rest = [part.strip() for part in _TEXT.sub("", arguments).split(",")]
        if call == "openat":
            self._open(Path(texts[0].decode()), arguments, result)
        elif call == "unlink":
            path = Path(texts[0].decode())
            if path.parent == self.folder and not path.name.endswith(NEVER):
                self.names.pop(path.name, None)
                self.found.append(Event("unlink", name=path.name))
        elif call.startswith("rename"):
            raise AssertionError("a rename: teach the disk what that is")
        elif (descriptor := int(rest[0])) in self.opened:
            self._on_file(call, self.opened[descriptor], descriptor, texts, rest, result)

    def _open(self, path: Path, arguments: str, descriptor: int) -> None:
        self.opened.pop(descriptor, None)
        if path == self.notes:
            self.opened[descriptor] = None
        elif path == self.folder:
            self.opened[descriptor] = 0
        elif path.parent == self.folder and not path.name.endswith(NEVER):
            if path.name not in self.names:
                self.newest += 1
                self.names[path.name] = self.newest
                self.found.append(Event("link", self.newest, name=path.name))
            self.opened[descriptor] = self.names[path.name]
            assert "O_TRUNC" not in arguments

    def _on_file(
        self, call: str, file: int | None, descriptor: int, texts: list[bytes],
        rest: list[str], result: int,
    ) -> None:
        if call == "close":
            del self.opened[descriptor]
        elif file is None:
            self.found.append(Event("note", data=texts[0]))
        elif call == "pwrite64":
            assert result == len(texts[0]), "a write that strace or the kernel cut short"
            self.found.append(Event("write", file, texts[0], int(rest[-1])))
        elif call == "ftruncate":
            self.found.append(Event("truncate", file, at=int(rest[-1])))
        elif call in ("fsync", "fdatasync"):
            self.found.append(Event("sync", file))
        else:
            raise AssertionError(f"{call} on a file of the book")


@attrs.define
class Disk:
    """Files as they are on the platter, and what is in flight."""

    files: dict[int, bytearray]
    names: dict[str, int]
    late_names: bool = False
    flight: dict[int, list[Event]] = attrs.field(factory=dict)
    naming: list[Event] = attrs.field(factory=list)

    @classmethod
    def of(cls, before: Files, late_names: bool = False) -> Disk:
        """A disk with these files, all of them synced."""
        names = _numbered(before)
        return cls({names[name]: bytearray(content) for name, content in before.items()}, names,
                   late_names)

    def play(self, event: Event) -> None:
        """Let one call happen."""
        if event.kind in ("write", "truncate"):
            self.flight.setdefault(event.file, []).append(event)
        elif event.kind in ("link", "unlink"):
            if event.kind == "link":
                self.files[event.file] = bytearray()
            self.naming.append(event)
            if not self.late_names:
                self._sync_names()
        elif event.kind == "sync" and event.file == 0:
            self._sync_names()
        elif event.kind == "sync":
            for one in self.flight.pop(event.file, ()):
                _apply(self.files[event.file], one)

    def killed(self) -> Files:
        """What a killed process leaves: the machine goes on, so everything arrives."""
        return self._cut(lambda flight: flight, len(self.naming))

    def cut(self, chance: random.Random) -> Files:
        """What a power cut leaves: some of what is in flight."""
        share = chance.choice((0.0, 0.2, 0.5, 0.8, 1.0))

        def some(flight: list[Event]) -> list[Event]:
            kept = [one for one in flight if chance.random() < share]
            return [_torn(one, chance) if chance.random() < 0.25 else one for one in kept]

        return self._cut(some, chance.randint(0, len(self.naming)))

    def _cut(
        self, some: Callable[[list[Event]], list[Event]], named: int,
    ) -> Files:
        names = dict(self.names)
        for event in self.naming[:named]:
            _rename(names, event)
        left = {}
        for name, number in names.items():
            content = bytearray(self.files[number])
            for event in some(self.flight.get(number, [])):
                _apply(content, event)
            left[name] = bytes(content)
        return left

    def _sync_names(self) -> None:
        for event in self.naming:
            _rename(self.names, event)
        self.naming.clear()


def kept(folder: Path) -> Files:
    """The files of a folder whose content means something."""
    return {path.name: path.read_bytes() for path in folder.iterdir()
            if not path.name.endswith(NEVER)}


def _numbered(before: Files) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(before), start=1)}


def _rename(names: dict[str, int], event: Event) -> None:
    if event.kind == "link":
        names[event.name] = event.file
    else:
        names.pop(event.name, None)


def _torn(event: Event, chance: random.Random) -> Event:
    sectors = len(event.data) // SECTOR
    return attrs.evolve(event, data=event.data[:SECTOR * chance.randint(0, sectors)])


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        content[:] = content[:event.at].ljust(event.at, b"\0")
        return
    if len(content) < event.at:
        content.extend(bytes(event.at - len(content)))
    content[event.at:event.at + len(event.data)] = event.data
