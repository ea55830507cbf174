"""Engine backends for where NVIDIA's native ones are absent.

Triton loads a folder `backends/NAME/model.py` as the backend NAME. Ours have the native backends'
names and read the same `config.pbtxt`, so a model repository is the same on a laptop and in
NVIDIA's container.
"""
