"""Products over HTTP, beside their routes: what may be asked, price history, other shops, look-alikes."""
