"""Comparing over HTTP, beside its route: what is asked of which shops, how far they are, what they have."""
