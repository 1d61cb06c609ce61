"""Designs over HTTP, beside their routes: what may be asked, pages of what arrives, use, look-alikes."""
