# The product and its locked packages; no compiler, no sandbox, no root.
FROM python:3.13-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

FROM python:3.13-slim-bookworm
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=3000
RUN useradd --system --uid 10001 --create-home --home-dir /app seguito
WORKDIR /app
COPY --from=packages /packages /packages
COPY . .
USER seguito
EXPOSE 3000
# /health/live, not /ready: a database that is away is not mended by restarting us.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health/live\", timeout=2)"]
# Exec form: the signal to stop reaches Python itself, which then drains.
CMD ["python", "-m", "bot", "web"]
