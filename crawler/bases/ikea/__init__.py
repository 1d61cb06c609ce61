"""What IKEA's search service, pages and prices look like, country by country."""
