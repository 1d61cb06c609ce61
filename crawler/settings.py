"""Scrapy's view of homefeed: two ordered tables, politeness, and values taken from core.config."""

from importlib.util import find_spec

from crawler.browser import usable
from crawler.core.config import config
from crawler.core.errors import ConfigError

try:
    _config = config()
except ConfigError as error:  # Scrapy would show it below thirty lines of its own imports
    raise SystemExit(f"homefeed: {error}") from None

BOT_NAME = "homefeed"
SPIDER_MODULES = [*_config.names("spiders"), *_config.names("extra_spiders")]
COMMANDS_MODULE = "crawler.commands"

_SCRAPY = "scrapy.downloadermiddlewares"
DOWNLOADER_MIDDLEWARES = {
    f"{_SCRAPY}.useragent.UserAgentMiddleware": None,
    f"{_SCRAPY}.retry.RetryMiddleware": None,
    f"{_SCRAPY}.cookies.CookiesMiddleware": None,
    f"{_SCRAPY}.robotstxt.RobotsTxtMiddleware": None,
    f"{_SCRAPY}.httpauth.HttpAuthMiddleware": None,  # no source of ours has one
    f"{_SCRAPY}.redirect.MetaRefreshMiddleware": None,  # an interstitial is judged, not followed
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsTxtMiddleware": 100,
    "crawler.middlewares.circuit.CircuitMiddleware": 200,
    "crawler.middlewares.retry.RetryMiddleware": 550,
    "crawler.middlewares.ways.WaysMiddleware": 560,
    "crawler.middlewares.user_agents.UserAgentMiddleware": 565,
    "crawler.middlewares.proxies.ProxyMiddleware": 570,
    "crawler.middlewares.browser.BrowserMiddleware": 572,
    "crawler.middlewares.proxies.BanDetectionMiddleware": 575,
    "crawler.middlewares.verdict.VerdictMiddleware": 585,
    "crawler.middlewares.cookies.CookiesMiddleware": 700,
    "crawler.middlewares.throttle.ThrottleMiddleware": 950,
}
if usable(_config.browser):
    DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.browser.handler.Handler")
    PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT = 20_000  # milliseconds
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every answer reaches the spider and is judged
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # the guard has a bound of its own
}
ITEM_PIPELINES = {
    "crawler.pipelines.ids.IdsPipeline": 50,
    "crawler.pipelines.verify.VerifyPipeline": 100,
    "crawler.pipelines.dedupe.DedupePipeline": 200,
    "crawler.pipelines.quality.QualityPipeline": 300,
    "crawler.pipelines.gate.GatePipeline": 350,
    "crawler.pipelines.store.StorePipeline": 400,
    "crawler.pipelines.publish.PublishPipeline": 500,
}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.closespider.CloseSpider": None,
    "crawler.extensions.singles.CoreStats": 0,
    "crawler.extensions.singles.FeedExporter": 0,
    "crawler.extensions.singles.CloseSpider": 0,
    "crawler.extensions.memory.MemoryExtension": 5,
    "crawler.extensions.run.RunExtension": 10,
    "crawler.extensions.confirm.ConfirmExtension": 20,
    "crawler.extensions.details.DetailsExtension": 30,
    "crawler.extensions.links.LinksExtension": 40,
}

# Politeness. The pace itself is shared over Redis by the throttle middleware; Scrapy's own delay would add to it.
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 0
PACE = _config.pace
CONCURRENT_REQUESTS = 32
CONCURRENT_ITEMS = 4  # pages of readings, not single items; Scrapy starts a task per place for every response
CONCURRENT_REQUESTS_PER_DOMAIN = _config.concurrency
USER_AGENT = f"homefeed/0.1 (+{_config.contact or 'no contact configured'})"
DEFAULT_REQUEST_HEADERS: dict[str, str] = {}  # which go with the user agent
FAKEUSERAGENT_PROVIDERS = ["crawler.middlewares.profiles.Agents"]
RETRY_TIMES = 3
RETRY_BACKOFF = _config.retry_s
BREAKER = _config.breaker_s
DOWNLOAD_TIMEOUT = 30

DOWNLOAD_MAXSIZE = 24 * 1024 * 1024
DOWNLOAD_WARNSIZE = 12 * 1024 * 1024

ROTATING_PROXY_BAN_POLICY = "crawler.middlewares.proxies.VerdictBanPolicy"

ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None

# A crawl answers to nobody but its operator.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True

LOG_LEVEL = _config.log_level
LOG_FORMATTER = "crawler.extensions.logs.QuietLogFormatter"
FEED_EXPORT_ENCODING = "utf-8"
