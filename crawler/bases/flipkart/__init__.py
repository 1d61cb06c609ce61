"""What Flipkart's pages, states and addresses look like; `pages.py` is the way in."""
