"""What belongs to one client: collections and watches."""
