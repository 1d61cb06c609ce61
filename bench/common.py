"""What every bench shares: child processes, figures, one JSON line per contender. Loopback only; only own children are
ever signalled, by pid."""

import json
import os
import platform
import resource
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PY = sys.executable


def emit(record: dict[str, Any]) -> None:
    print(json.dumps(record), flush=True)


def log(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def header(name: str, **extra: Any) -> None:
    load = [round(x, 2) for x in os.getloadavg()]
    emit({"bench": name, "python": platform.python_version(), "cpus": os.cpu_count(), "loadavg": load,
          "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **extra})  # fmt: skip


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_port(port: int, timeout: float = 20.0) -> None:
    end = time.monotonic() + timeout
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.03)


class Child:
    """A server of the bench; ends with the `with` block."""

    def __init__(self, argv: list[Any], **kwargs: Any):
        self.process = subprocess.Popen([str(a) for a in argv], **kwargs)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def child_json(
    argv: list[Any], timeout: float = 300, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> dict[str, Any]:
    """The last JSON object a child printed, or {"error": …}."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=timeout, cwd=cwd,
                          env=os.environ | (env or {}))  # fmt: skip
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    return {"error": f"exit {done.returncode}: {done.stderr[-1500:]}"}


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_mb() -> float:
    """This process's VmHWM; ru_maxrss would report the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024


def resident_mb(pid: int) -> float:
    """What a process holds in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024, 1)


def percentiles(values: list[float], digits: int = 2) -> dict[str, float]:
    """p50, p95 and max; nothing of nothing."""
    ranked = sorted(values)
    places = {"p50": 0.5, "p95": 0.95, "max": 1.0} if ranked else {}
    return {name: round(ranked[int(part * (len(ranked) - 1))], digits) for name, part in places.items()}


def spread(values: list[float], digits: int = 2) -> dict[str, float]:
    """min, median and max."""
    return {"min": round(min(values), digits), "median": round(statistics.median(values), digits),
            "max": round(max(values), digits)}  # fmt: skip


def ratios(ours: list[float], theirs: list[float]) -> dict[str, float]:
    """Round by round, since the machine's speed drifts between rounds."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)])
