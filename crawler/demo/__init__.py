"""A small invented world behind `make demo`: three shops, two picture sources, a clock that moves prices and stock,
and faults on demand. Served over real sockets by `server.py`; everything in it is a pure function of seed and tick."""
