# Triton with the denoise loop and the built-in model. Build from the checkout's root:
#   docker build -f docker/triton.Dockerfile -t retouch-triton .
# How to run it, and what it needs mounted: docs/deployment.md

# Not below 26.04: earlier releases have known vulnerabilities.
# For a repeatable build name a digest: --build-arg TRITON_IMAGE=nvcr.io/...@sha256:...
ARG TRITON_IMAGE=nvcr.io/nvidia/tritonserver:26.09-py3

FROM ${TRITON_IMAGE} AS builder
WORKDIR /build
COPY docker/requirements docker/requirements
# The engines are NVIDIA's native backends; the loop needs NumPy and tokenizers and nothing else. Of
# tokenizers' own dependencies none: they download files, which nothing here does.
# A mirror of the package index: --secret id=pip,src=pip.conf
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv --without-pip /opt/retouch \
    && python3 -m venv --without-pip /build/tools \
    && python3 -m pip --python /opt/retouch/bin/python install --no-cache-dir --no-deps \
        --only-binary=:all: --require-hashes --requirement docker/requirements/triton.txt \
    && python3 -m pip --python /build/tools/bin/python install --no-cache-dir \
        --only-binary=:all: --require-hashes --requirement docker/requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY retouch retouch
# Without the command line, which is the frontend's.
RUN python3 -m pip --python /build/tools/bin/python wheel --no-cache-dir --no-index \
        --no-deps --no-build-isolation --wheel-dir dist . \
    && python3 -m pip --python /opt/retouch/bin/python install --no-cache-dir --no-index \
        --no-deps dist/*.whl \
    && rm /opt/retouch/bin/retouch

FROM ${TRITON_IMAGE}
ARG TRITON_IMAGE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Retouch on Triton" \
      org.opencontainers.image.description="Triton Inference Server with the denoise loop and the built-in model of Retouch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${TRITON_IMAGE}"
COPY --from=builder /opt/retouch /opt/retouch
COPY model_repository /models
# Triton's Python backend finds its packages beside the first python3 on PATH, not by PYTHONPATH.
# So NVIDIA's own packages stay as they are.
ENV PATH=/opt/retouch/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1
# NVIDIA's user triton-server
USER 1000:1000
EXPOSE 8000 8001 8002
# Triton's own check stays good when the process of a denoise loop dies, or no stream is served any
# more; this one does not. Large engines take minutes to load, and until then nothing answers.
HEALTHCHECK --interval=10s --timeout=10s --start-period=10m --retries=3 \
    CMD ["python3", "-m", "retouch.liveness"]
# Triton ends when its running edits have, or after --exit-timeout-secs.
STOPSIGNAL SIGTERM
# The configs declare every tensor; auto-completion would load each graph twice. Releases are switched
# while edits run, and the server is ready then too.
CMD ["tritonserver", "--model-repository=/models", "--load-model=*", \
     "--disable-auto-complete-config", "--model-control-mode=explicit", "--strict-readiness=false", \
     "--exit-timeout-secs=30"]
