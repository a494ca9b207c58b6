# The environment is built once, with the locked packages and their hashes, then copied whole.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/schoolgate
WORKDIR /src
COPY requirements/run.lock requirements/run.lock
RUN /opt/schoolgate/bin/pip install --require-hashes --only-binary :all: -r requirements/run.lock
COPY LICENSE README.md pyproject.toml ./
COPY adapters adapters
COPY bot bot
COPY migrations migrations
COPY moderation moderation
COPY storage storage
RUN /opt/schoolgate/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
# tesseract reads the words in pictures; nothing of it is kept but its English data.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-eng \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin schoolgate \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/schoolgate /opt/schoolgate
COPY app.yaml /etc/schoolgate/app.yaml
# /data is the only place that is written to, so the root may be read-only.
ENV PATH=/opt/schoolgate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SCHOOLGATE_CONFIG=/etc/schoolgate/app.yaml \
    SCHOOLGATE_LISTEN__HOST=0.0.0.0 \
    SCHOOLGATE_PATHS__DATA=/data \
    TMPDIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["schoolgate", "health"]
ENTRYPOINT ["schoolgate"]
CMD ["run"]
