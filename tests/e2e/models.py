"""The models that the tested product serves."""

BUILT_IN = "retouch-mini"
# Small ones with random weights, one of each family: checkpoint fixture -> served id.
FAMILIES = {
    name: f"{name.replace('_', '-')}-fp32"
    for name in ("sd1_inpainting", "sd2_inpainting", "sdxl_inpainting", "sd1_plain")
}
SMALL = FAMILIES["sd1_inpainting"]
PLAIN = FAMILIES["sd1_plain"]
# The same by OpenVINO: in fp32, and the built-in checkpoint in bf16, for which it takes training.
OPENVINO = "sd1-inpainting-fp32-openvino"
OPENVINO_BF16 = "built-in-bf16-openvino"
# The first again, every other step of which takes deep features of the one before.
CACHED = "sd1-inpainting-fp32-every-2"
SERVED = (BUILT_IN, *FAMILIES.values(), OPENVINO, OPENVINO_BF16, CACHED)
