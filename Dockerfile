# One image for every process of homefeed: `homefeed api` unless told otherwise.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/homefeed
COPY pyproject.toml requirements.lock README.md ./
COPY crawler crawler
COPY api api
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
 && /opt/homefeed/bin/pip install --no-cache-dir --disable-pip-version-check -c requirements.lock /wheels/*.whl \
 && /opt/homefeed/bin/python -m compileall -q /opt/homefeed/lib

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home homefeed
COPY --from=build /opt/homefeed /opt/homefeed
ENV PATH=/opt/homefeed/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SCRAPY_SETTINGS_MODULE=crawler.settings \
    HOMEFEED_DATA_DIR=/data \
    HOMEFEED_HOST=0.0.0.0
USER homefeed
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('HOMEFEED_PORT', '8000')}/healthz\", timeout=2)"]
ENTRYPOINT ["homefeed"]
CMD ["api"]
