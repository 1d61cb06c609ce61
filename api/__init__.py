"""The HTTP layer: serves, triggers and relays. Sees only crawler.core."""
