"""A site that fails again and again is left alone for a while, by all workers together."""

from crawler.core.breaker.breaker import Breaker
from crawler.core.breaker.circuit import State, Terms

__all__ = ["Breaker", "State", "Terms"]
