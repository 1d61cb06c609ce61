"""Amazon India, https://www.amazon.in

Terms: the conditions of use allow no data mining or robots without Amazon's consent; the sanctioned way is the Product
Advertising API. Operators decide; nothing is fetched until a person asks.
Robots: /s and /dp are open, /gp/offer-listing, /gp/aw/ol and /-/ are closed; the crawl obeys the live file.
Rate: no published limit; pages turn into robot checks quickly, so one request in five seconds.
Prices: the buy box of the product page and the price line of a result tile, in INR, all taxes included, for the place
the page names ("Delivering to …").
"""

from crawler.bases.amazon.spider import AmazonSpider


class AmazonInSpider(AmazonSpider):
    name = "amazon_in"
    base_url = "https://www.amazon.in"
    currency = "INR"
    pace = 5.0
