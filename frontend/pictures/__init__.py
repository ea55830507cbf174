"""Pure functions on pictures: bytes -> canvas -> window -> canvas -> bytes.

The canvas is the picture at the requested output size; the window is the square part of it that the
model sees. Arrays are uint8 with the channels last; masks are boolean with True = repaint.
"""
