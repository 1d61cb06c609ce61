"""The operator's proxies: how they are named, and which of them is well for which site."""
