"""Edits in this process, without Triton: for what becomes of pictures, not for how fast.

The denoise loop, the engines and the frontend's pixels are the product's own.
"""
