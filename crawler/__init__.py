"""homefeed's crawler: the map of the rooms.

core         what crawler and API share: models, truth rules, stores, change stream; knows neither Scrapy nor FastAPI
bases        one file per kind of site and the pure readers they stand on
spiders      one file per shop (retailers) and per picture source (images)
middlewares  the way of a request: pace, proxies, user agents, verdict
pipelines    the way of a reading: verify, dedupe, quality, store, publish
extensions   Scrapy's own counters and feeds, taught that one page carries many items
commands     scrapy look, read, record
cli          homefeed doctor, sources
demo         the local shops and picture sources behind `make demo`
"""
