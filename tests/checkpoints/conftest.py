from tests.checkpoints.fixtures import (
    sd1_inpainting,
    sd1_lcm,
    sd1_plain,
    sd2_inpainting,
    sdxl_inpainting,
)

__all__ = ["sd1_inpainting", "sd1_lcm", "sd1_plain", "sd2_inpainting", "sdxl_inpainting"]
