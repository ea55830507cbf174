# Stands in for NVIDIA's image where no registry is reached: the same paths and user, a tritonserver
# with its Python backend, and an engine "onnxruntime" that is ours instead of the native one.
FROM docker.io/library/python:3.12-slim
COPY requirements.lock /build/
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -m pip install --no-cache-dir --no-deps --constraint /build/requirements.lock \
        --target /opt/stand-in nvidia-pytriton onnxruntime \
    && mv /opt/stand-in/pytriton/tritonserver /opt/tritonserver \
    && version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])') \
    && cp "/opt/tritonserver/python_backend_stubs/$version/triton_python_backend_stub" \
        /opt/tritonserver/backends/python/ \
    && mkdir /opt/tritonserver/backends/onnxruntime \
    && printf '%s\n' 'import sys' 'sys.path.append("/opt/stand-in")' \
        'from retouch.backends.onnxruntime import TritonPythonModel' \
        > /opt/tritonserver/backends/onnxruntime/model.py \
    && useradd --uid 1000 --user-group --create-home triton-server
ENV PATH=/opt/tritonserver/bin:$PATH \
    LD_LIBRARY_PATH=/opt/stand-in/nvidia_pytriton.libs
