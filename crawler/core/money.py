"""Money as integer minor units beside an ISO 4217 code."""


def decimal(amount: int, currency: str) -> str:
    """1299, "INR" -> "12.99"."""
    return f"{amount / 100:.2f}"
