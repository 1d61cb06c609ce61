"""Searches over HTTP, beside their routes: when a list starts one, what is stored already, its events, its answer."""
