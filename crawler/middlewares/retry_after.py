"""What a site says about when it may be asked again."""

from email.utils import parsedate_to_datetime

from scrapy.http import Response

LONGEST = 600.0


def retry_after(response: Response) -> float | None:
    """Seconds from `Retry-After`, as a number or a date; bounded. None when nothing sensible is said."""
    text = _header(response, "Retry-After")
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST)
    try:
        # By the server's own clock, which need not be ours.
        seconds = (parsedate_to_datetime(text) - parsedate_to_datetime(_header(response, "Date"))).total_seconds()
    except (ValueError, TypeError):  # TypeError: one of the dates has no time zone
        return None
    return min(max(seconds, 0.0), LONGEST)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()
