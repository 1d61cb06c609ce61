"""The parent behind `homefeed up`: starts the worker, scheduler and API processes, watches them, stops them in order.

Children live on the parent's pipe: their standard input closes when the parent ends, however it ends, and then they
drain and exit. Lock files of the kernel (`leftovers.py`) say whether a parent or a child of this data folder lives.
"""
