"""What the API process writes to its log: no access log, no query strings, no secret."""

import logging
import re

TICKET = re.compile(r"(\bticket=)[^&\s\"']+")


class Redacted(logging.Formatter):
    """Whatever else shows an address, its ticket is not in it."""

    def format(self, record: logging.LogRecord) -> str:
        return TICKET.sub(r"\1…", super().format(record))


def quiet(level: str) -> None:
    """Our own words from `level` up; of the server only its errors."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacted("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.ERROR)
