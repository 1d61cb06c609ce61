"""How the system does: is it ready, how do its sources do, how long do answers take."""
