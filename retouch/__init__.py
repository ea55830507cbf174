"""Retouch: an image-edit API that obeys the mask, on NVIDIA Triton."""
