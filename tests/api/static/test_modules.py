"""The page's modules under Node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed; Debian: apt install nodejs")
@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_modules_hold_their_promises(file):
    run = subprocess.run([NODE, "--test", str(file)], capture_output=True, text=True, timeout=50)
    assert run.returncode == 0, run.stdout + run.stderr
