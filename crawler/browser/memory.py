"""How much memory a browser has, with all its helpers."""

from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")


def tree_mb(mark: str) -> float:
    """Of the process whose command line has `mark`, and of its descendants; shared pages count once. 0 where the system
    does not tell. Reads files: not for the loop."""
    processes = [folder for folder in PROC.iterdir() if folder.name.isdigit()] if PROC.exists() else []
    children: defaultdict[str, list[str]] = defaultdict(list)
    roots = []
    for folder in processes:
        children[_parent(folder)].append(folder.name)
        command = _read(folder / "cmdline")
        if mark in command and "--type=" not in command:
            roots.append(folder.name)
    return sum(_mb(PROC / pid) for pid in _descendants(roots, children))


def _descendants(roots: list[str], children: dict[str, list[str]]) -> set[str]:
    found, left = set(), list(roots)
    while left:
        pid = left.pop()
        if pid not in found:
            found.add(pid)
            left += children.get(pid, [])
    return found


def _parent(folder: Path) -> str:
    fields = _read(folder / "stat").rpartition(")")[2].split()
    return fields[1] if len(fields) > 1 else ""


def _mb(folder: Path) -> float:
    line = next((line for line in _read(folder / "smaps_rollup").splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) / 1024


def _read(path: Path) -> str:
    """Empty when the process has ended meanwhile or is somebody else's."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
