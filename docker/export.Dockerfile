# Makes a checkpoint into TensorRT plans, on the GPU that is to run them. Build from the checkout's root:
#   docker build -f docker/export.Dockerfile -t retouch-export .
# One command for one checkpoint; the models come to retouch-models, as models/<NAME>*:
#   docker run --rm --gpus all -v "$PWD/checkpoint:/checkpoint:ro" -v retouch-models:/retouch -v retouch-cache:/cache \
#     retouch-export /checkpoint --id NAME --precision fp16
# More: docs/export.md

# Of the same release as the base of docker/triton.Dockerfile: a release has one TensorRT, and plans run
# with the version that built them alone. Triton's own image has no Python package for it.
# For a repeatable build name a digest: --build-arg TENSORRT_IMAGE=nvcr.io/...@sha256:...
ARG TENSORRT_IMAGE=nvcr.io/nvidia/tensorrt:26.09-py3

FROM ${TENSORRT_IMAGE} AS builder
WORKDIR /build
COPY docker/requirements docker/requirements
# NVIDIA's packages are seen from the environment, for `tensorrt`; its own come first.
# A mirror of the package index: --secret id=pip,src=pip.conf
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv --without-pip --system-site-packages /opt/retouch \
    && python3 -m venv --without-pip /build/tools \
    && python3 -m pip --python /opt/retouch/bin/python install --no-cache-dir --ignore-installed \
        --only-binary=:all: --require-hashes --requirement docker/requirements/export.txt \
    && python3 -m pip --python /build/tools/bin/python install --no-cache-dir \
        --only-binary=:all: --require-hashes --requirement docker/requirements/build.txt
# An export refines the committed configs, which it finds beside itself.
WORKDIR /opt/retouch/source
COPY pyproject.toml README.md LICENSE ./
COPY export export
COPY frontend frontend
COPY model_repository model_repository
COPY retouch retouch
RUN python3 -m pip --python /build/tools/bin/python wheel --no-cache-dir --no-index \
        --no-deps --no-build-isolation --wheel-dir /build/dist . \
    && python3 -m pip --python /opt/retouch/bin/python install --no-cache-dir --no-index \
        --no-deps /build/dist/*.whl

FROM ${TENSORRT_IMAGE}
ARG TENSORRT_IMAGE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Retouch export" \
      org.opencontainers.image.description="Makes Stable Diffusion checkpoints into TensorRT plans for Retouch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${TENSORRT_IMAGE}"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /retouch \
        --shell /usr/sbin/nologin retouch \
    && install -d -o retouch -g retouch /retouch /cache
COPY --from=builder /opt/retouch /opt/retouch
# PYTHONPATH has the source first, for the configs that lie beside it.
ENV PATH=/opt/retouch/bin:$PATH \
    PYTHONPATH=/opt/retouch/source \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RETOUCH_HOME=/retouch \
    RETOUCH_ENGINE_CACHE=/cache \
    HF_HOME=/cache/huggingface
WORKDIR /retouch
USER 10001:10001
VOLUME ["/retouch", "/cache"]
HEALTHCHECK NONE
ENTRYPOINT ["retouch", "export", "--engine", "tensorrt"]
