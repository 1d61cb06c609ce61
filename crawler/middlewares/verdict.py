"""Is this answer what it claims to be? Judged once per response, before the stages that act on it (proxies, retries)
and the spider that reads it; sits just past decompression."""

from scrapy import Request
from scrapy.http import Response

from crawler.core.verdicts import Verdict, judge


class VerdictMiddleware:
    def process_response(self, request: Request, response: Response) -> Response:
        headers = {k.decode("latin-1").lower(): v[-1].decode("latin-1") for k, v in response.headers.items() if v}
        asked = (request.meta.get("redirect_urls") or [request.url])[0]
        if request.meta.get("glance"):  # HEAD, a picture or the first bytes: there is no page to judge
            request.meta["verdict"] = Verdict.ok, ""
            return response
        request.meta["verdict"] = judge(response.status, headers, asked, response.url, response.body)
        return response
