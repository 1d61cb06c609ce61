"""JSON a page carries for its own scripts."""
