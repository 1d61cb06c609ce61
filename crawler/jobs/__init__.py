"""Crawls that nobody starts by hand: the warm worker, its tasks, and the schedule."""
