# Triton with the denoise loop and the built-in model. Build from the checkout's root:
#   docker build -f docker/triton.Dockerfile -t retouch-triton .
#   docker run --gpus all --shm-size 1g -p 8001:8001 retouch-triton
# Further models: mount them and add --model-repository=/more to the command.

# Not below 26.04: earlier releases have known vulnerabilities.
ARG TRITON_IMAGE=nvcr.io/nvidia/tritonserver:26.09-py3
FROM ${TRITON_IMAGE}

# The loop needs NumPy and tokenizers and nothing else; the engines are NVIDIA's native backends.
WORKDIR /opt/retouch
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY retouch retouch
RUN pip install --no-cache-dir --constraint requirements.lock .

COPY model_repository /models
USER triton-server
EXPOSE 8000 8001 8002
# The configs declare every tensor; auto-completion would load each graph twice.
CMD ["tritonserver", "--model-repository=/models", "--disable-auto-complete-config"]
