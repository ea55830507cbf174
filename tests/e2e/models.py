"""The models that the tested product serves."""

BUILT_IN = "retouch-mini"
# Small ones with random weights, one of each family: checkpoint fixture -> served id.
FAMILIES = {
    name: f"{name.replace('_', '-')}-fp32"
    for name in ("sd1_inpainting", "sd2_inpainting", "sdxl_inpainting", "sd1_plain")
}
SMALL = FAMILIES["sd1_inpainting"]
PLAIN = FAMILIES["sd1_plain"]
