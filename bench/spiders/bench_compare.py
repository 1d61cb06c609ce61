"""Six shops of the compare bench, told apart by their names alone."""

from crawler.bases.standard import StandardSpider


class _Shop(StandardSpider):
    base_url = "http://127.0.0.1:1"
    currency = "INR"
    routes = {"search": "/search?q={query}"}


class BenchCompareASpider(_Shop):
    name = "bench_compare_a"


class BenchCompareBSpider(_Shop):
    name = "bench_compare_b"


class BenchCompareCSpider(_Shop):
    name = "bench_compare_c"


class BenchCompareDSpider(_Shop):
    name = "bench_compare_d"


class BenchCompareESpider(_Shop):
    name = "bench_compare_e"


class BenchCompareFSpider(_Shop):
    name = "bench_compare_f"
