# The HTTP service, before a Triton server elsewhere. Build from the checkout's root:
#   docker build -f docker/frontend.Dockerfile -t retouch-frontend .
#   docker run -p 8080:8080 -v retouch:/data -e RETOUCH_TRITON=grpc://triton:8001 retouch-frontend
# Keys: docker exec CONTAINER retouch keys create NAME

ARG PYTHON_IMAGE=python:3.12-slim
FROM ${PYTHON_IMAGE}

WORKDIR /opt/retouch
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY retouch retouch
COPY frontend frontend
RUN pip install --no-cache-dir --constraint requirements.lock --editable '.[frontend]' \
    && useradd --uid 10001 --create-home retouch \
    && install -d -o retouch /data

USER retouch
ENV RETOUCH_HOME=/data RETOUCH_HOST=0.0.0.0
EXPOSE 8080
CMD ["retouch", "serve"]
