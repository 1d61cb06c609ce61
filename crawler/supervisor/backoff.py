"""How long to wait before a child is started again."""

from dataclasses import dataclass


@dataclass
class Backoff:
    """1 s, doubling to 30 s while children die young; none for one that lived and ended well (a recycled worker)."""

    first_s: float = 1.0
    most_s: float = 30.0
    young_s: float = 5.0
    deaths: int = 0  # in a row, each of them young

    def after(self, code: int, lived_s: float) -> float:
        """Seconds to wait after a child ended with `code`, having lived `lived_s`."""
        young = lived_s < self.young_s
        self.deaths = self.deaths + 1 if young else 0
        if code == 0 and not young:
            return 0.0
        return min(self.most_s, self.first_s * 2 ** max(0, self.deaths - 1))
