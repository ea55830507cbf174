"""Random-weight Stable Diffusion checkpoints in diffusers' folder layout, made by code.

`python -m tests.checkpoints sd1-inpainting DIR` writes one; `tests.checkpoints.fixtures` offers the
small ones to tests. The small ones take a second each; the full-size ones have the real
architectures' dimensions.
"""

from tests.checkpoints.families import BUILDERS, build

__all__ = ["BUILDERS", "build"]
