"""Laws of tries: whatever happens between them, ten wrong ones in a row are the most, no wait is
cut short, and who waits long enough is let through."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lovepoints.community import Community, opened
from lovepoints.core.store import Store
from lovepoints.errors import Code, Refused
from lovepoints.stores.memory import MemoryStore
from lovepoints.testing import CHEAP, FakeClock, community

PINS = {"li": "2846", "wang": "9071", "nobody": "6183"}
DEVICES = ("kiosk:1", "kiosk:2")
WAITS = (0, 0, 0, 30, 60, 120, 240, 480, 960, 1920)
"""Seconds to wait after so many wrong ones in a row, as the reference says."""
DEVICE_WAITS = (*(0,) * 10, 30, 60, 120, 240, 480, *(900,) * 15)
MOST, DEVICE_MOST = 10, 30

Wrong = tuple[str, str, int]
"""Who was named, on which device, and after how many seconds."""

people = st.sampled_from(sorted(PINS))
devices = st.sampled_from(DEVICES)


class Guessing(RuleBasedStateMachine):
    """Guesses, waits, restarts, clocks that are set, officers who open: beside a plain count."""

    @initialize()
    def found(self) -> None:
        """Two persons with PINs, two kiosks, and somebody who is not there."""
        self.clock = FakeClock("2026-03-07 10:00")
        self.store: Store = MemoryStore()
        self.book: Community = community(clock=self.clock, store=self.store)
        for code in ("li", "wang"):
            self.book.residents.enrol(code)
            self.book.cards.set_pin(code, PINS[code])
        self.passed = 0  # seconds that really passed
        self.restarted_at = 0
        self.mine: dict[str, list[Wrong]] = {code: [] for code in PINS}
        self.there: dict[str, list[Wrong]] = {device: [] for device in DEVICES}
        self.shut: set[str] = set()  # devices that were locked and not opened since

    @rule(code=people, device=devices, is_right=st.booleans())
    def guess(self, code: str, device: str, is_right: bool) -> None:
        """Somebody types a PIN."""
        mine, there = self.mine[code], self.there[device]
        try:
            answer: str = self.book.cards.check_pin(
                PINS[code] if is_right else "5555", resident=code, device=device)
        except Refused as no:
            answer = no.code
        is_looked_at = answer in (code, Code.NOT_RECOGNISED)
        if len(mine) >= MOST or device in self.shut:
            assert Code.LOCKED == answer
            return
        waits = [(self._newest(mine), WAITS[len(mine)]),
                 (self._newest(there), DEVICE_WAITS[len(there)])]
        if is_looked_at:  # no wait was cut short
            assert all(self.passed - since >= wait for since, wait in waits)
            self._note(code, device, is_right=answer == code)
            assert (answer == code) == (is_right and code != "nobody")
        else:  # and nobody waits longer than the machine was running
            assert Code.TRY_LATER == answer
            assert any(self.passed - max(since, self.restarted_at) < wait
                       for since, wait in waits)

    @rule(code=people, device=devices, times=st.integers(2, 12))
    def guess_patiently(self, code: str, device: str, times: int) -> None:
        """Somebody who has all the time there is types wrong PINs."""
        for _ in range(times):
            self.guess(code, device, is_right=False)
            self.wait(3600)

    def _newest(self, wrong: list[Wrong]) -> int:
        return max((since for *_, since in wrong), default=0)

    def _note(self, code: str, device: str, *, is_right: bool) -> None:
        if is_right:
            self._forget(code)
            # One number that nobody has is forgotten at this device, and there is only one.
            self._forget("nobody", device)
            return
        self.mine[code].append((code, device, self.passed))
        self.there[device].append((code, device, self.passed))
        if len(self.there[device]) >= DEVICE_MOST:
            self.shut.add(device)

    def _forget(self, code: str, *at: str) -> None:
        at = at or DEVICES
        self.mine[code] = [one for one in self.mine[code] if one[1] not in at]
        for device in at:
            self.there[device] = [one for one in self.there[device] if one[0] != code]

    @rule(seconds=st.sampled_from((1, 29, 30, 60, 900, 1920, 3600)))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.clock.move(seconds=seconds)
        self.passed += seconds

    @rule(moment=st.sampled_from(("2025-03-07", "2026-03-07", "2031-01-01")))
    def set_clock(self, moment: str) -> None:
        """Somebody sets the clock."""
        self.clock.set(moment)

    @rule()
    def restart(self) -> None:
        """The machine is started anew, and the program with it."""
        self.clock.restart()
        self.restarted_at = self.passed
        self.reopen()

    @rule()
    def reopen(self) -> None:
        """The program is started anew."""
        self.book = opened(self.store, by="staff:zhao", clock=self.clock, pin_cost=CHEAP,
                           uptime=self.clock.uptime)

    @rule(code=st.sampled_from(("li", "wang")), sets=st.booleans())
    def open_person(self, code: str, sets: bool) -> None:
        """An officer opens a PIN, or sets it anew."""
        if sets:
            self.book.cards.set_pin(code, PINS[code])
        else:
            self.book.cards.unlock(code, reason="本人到场")
        self._forget(code)

    @rule(device=devices)
    def open_device(self, device: str) -> None:
        """An officer opens a device; who is not there is forgotten with it, and nobody else."""
        self.book.cards.unlock(device=device, reason="已查明")
        self._forget("nobody", device)
        self.there[device] = []
        self.shut.discard(device)

    @invariant()
    def what_staff_see_is_the_count(self) -> None:
        """`pin()` tells as many wrong ones as there were."""
        for code in ("li", "wang"):
            assert len(self.mine[code]) == self.book.cards.pin(code).wrong

    def teardown(self) -> None:
        """The book is sound."""
        self.book.books.verify()


TestGuessing = Guessing.TestCase
TestGuessing.settings = settings(max_examples=40, stateful_step_count=50, deadline=None)
