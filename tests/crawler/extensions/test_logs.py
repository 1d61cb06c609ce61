"""What the log never says."""

import logging

from rotating_proxies.expire import Proxies

from crawler.extensions.logs import QuietLogFormatter


class Crawler:
    settings = {"LOG_LEVEL": "DEBUG"}


def test_the_password_of_a_proxy_is_not_logged(caplog):
    QuietLogFormatter.from_crawler(Crawler)
    caplog.set_level(logging.DEBUG)
    known, other = "http://user:hush@127.0.0.1:1", "http://user:hush@127.0.0.1:2"
    proxies = Proxies([known])
    proxies.mark_dead(known)
    proxies.mark_dead(other)
    assert "<http://***@127.0.0.1:1>" in caplog.text
    assert "hush" not in caplog.text
