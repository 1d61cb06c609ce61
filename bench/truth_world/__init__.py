"""A simulated world for bench/truth.py: shops whose true prices are known, pages that show them or fail to, a clock."""
