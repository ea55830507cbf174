# The HTTP service, before a Triton server elsewhere. Build from the checkout's root:
#   docker build -f docker/frontend.Dockerfile -t retouch-frontend .
# How to run it, and what it needs mounted: docs/deployment.md

# For a repeatable build name a digest: --build-arg PYTHON_IMAGE=python:3.12-slim@sha256:...
ARG PYTHON_IMAGE=docker.io/library/python:3.12-slim

FROM ${PYTHON_IMAGE} AS builder
WORKDIR /build
COPY docker/requirements docker/requirements
# /opt/retouch is what the image gets, without pip; /build/tools makes the wheel of our own code.
# A mirror of the package index: --secret id=pip,src=pip.conf
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -m venv --without-pip /opt/retouch \
    && python -m venv --without-pip /build/tools \
    && python -m pip --python /opt/retouch/bin/python install --no-cache-dir \
        --only-binary=:all: --require-hashes --requirement docker/requirements/frontend.txt \
    && python -m pip --python /build/tools/bin/python install --no-cache-dir \
        --only-binary=:all: --require-hashes --requirement docker/requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY export export
COPY frontend frontend
COPY retouch retouch
RUN python -m pip --python /build/tools/bin/python wheel --no-cache-dir --no-index \
        --no-deps --no-build-isolation --wheel-dir dist . \
    && python -m pip --python /opt/retouch/bin/python install --no-cache-dir --no-index \
        --no-deps dist/*.whl \
    && python -m pip --python /opt/retouch/bin/python check

FROM ${PYTHON_IMAGE}
ARG PYTHON_IMAGE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Retouch frontend" \
      org.opencontainers.image.description="The HTTP service of Retouch, an image-edit API that obeys the mask" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}"
# What runs here can install nothing.
RUN python -m pip uninstall --yes pip setuptools wheel \
    && rm -rf "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/ensurepip" \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin retouch \
    && install -d -o retouch -g retouch -m 0700 /data
COPY --from=builder /opt/retouch /opt/retouch
ENV PATH=/opt/retouch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RETOUCH_HOME=/data \
    RETOUCH_HOST=0.0.0.0 \
    RETOUCH_LOG_JSON=true \
    RETOUCH_PORT=8080
WORKDIR /data
USER 10001:10001
EXPOSE 8080
# Whether the process answers, not whether it is ready: starting it anew mends no Triton, and one
# that drains must not be killed.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "frontend.liveness"]
# Readiness goes off, accepted edits are finished; leave it RETOUCH_DRAIN_TIMEOUT_SECONDS.
STOPSIGNAL SIGTERM
CMD ["retouch", "serve"]
