"""The demo sites for tests that crawl: served in a process of their own, reached by `scrapy` as a user would."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environ(ports: dict[str, int], data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a crawl against these sites."""
    return {
        **os.environ,
        "HOMEFEED_EXTRA_SPIDERS": "crawler.demo.spiders",
        "HOMEFEED_GUARD_ALLOW": ",".join(f"127.0.0.1:{port}" for port in ports.values()),
        "HOMEFEED_DATA_DIR": str(data_dir),
        "HOMEFEED_LOG_LEVEL": "INFO",
        "HOMEFEED_RETRY_S": "0.05",
        "HOMEFEED_BREAKER_S": "1",
        **{f"HOMEFEED_{name.upper()}_BASE_URL": f"http://127.0.0.1:{port}" for name, port in ports.items()},
        **more,
    }


def scrapy(*args: str, env: dict[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout)


def control(port: int, **order: object) -> None:
    """Tell a demo site its tick or a fault."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/control", json.dumps(order).encode(), method="POST")
    urllib.request.urlopen(request, timeout=5).read()
