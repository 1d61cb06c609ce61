"""What Amazon's pages look like, in every country; `spider.py` is the base its spiders stand on."""
