"""The two processes that `bench/realtime.py` starts beside homefeed."""
