"""The circuit of one site: closed, open after failures in a row, half-open while one probe finds out. Pure; times are
seconds of one clock. `lua` does the same in Redis, and a law test holds the two together."""

from typing import Literal

import msgspec

PROBE_S = 60.0  # how long a probe is waited for before another one may go

StateName = Literal["closed", "open", "half_open"]


class Terms(msgspec.Struct, frozen=True):
    """After `failures` in a row the circuit is open for `open_s`, doubled with each probe that fails up to
    `longest_s`."""

    open_s: float = 60.0
    failures: int = 5

    @property
    def longest_s(self) -> float:
        return 10 * self.open_s


class State(msgspec.Struct, frozen=True):
    """What is told of a circuit. `seconds` until the next probe; `reason` of the last failure."""

    state: StateName = "closed"
    seconds: float = 0.0
    failures: int = 0
    reason: str = ""


class Circuit(msgspec.Struct):
    """`opened`: how often in a row; 0 is closed. `probe` is the token of the one request let through."""

    terms: Terms
    failures: int = 0
    opened: int = 0
    till: float = 0.0
    probe: str = ""
    probe_till: float = 0.0
    reason: str = ""

    def admit(self, token: str, now: float) -> State:
        """Open: the request may not go. Half-open without seconds: it is the probe. No token asks without going."""
        if not self.opened:
            return State("closed", 0.0, self.failures, self.reason)
        if now < self.till:
            return State("open", self.till - now, self.failures, self.reason)
        if token and self.probe not in ("", token) and now < self.probe_till:
            return State("half_open", self.probe_till - now, self.failures, self.reason)
        if token:
            self.probe, self.probe_till = token, now + PROBE_S
        return State("half_open", 0.0, self.failures, self.reason)

    def failed(self, token: str, reason: str, now: float) -> bool:
        """Whether that opened it. Once open, only the probe's word counts: others were sent before."""
        if self.opened and token != self.probe:
            return False
        self.failures, self.reason = self.failures + 1, reason
        if not self.opened and self.failures < self.terms.failures:
            return False
        self.opened, self.probe = self.opened + 1, ""
        self.till = now + min(self.terms.open_s * 2 ** (self.opened - 1), self.terms.longest_s)
        return True

    def succeeded(self, token: str) -> bool:
        """Whether that closed it."""
        if self.opened and token != self.probe:
            return False
        closed = self.opened > 0
        self.failures, self.opened, self.probe, self.reason = 0, 0, "", ""
        return closed

    def withdrew(self, token: str) -> None:
        """The probe ended without a word on the site: another one may go."""
        if self.probe == token:
            self.probe = ""
