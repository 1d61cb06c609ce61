"""Markets of asks and bids for sneakers: what a good costs in each size, from pages and from the markets' own APIs."""
