"""The denoise loop: edits of many clients share the UNet step by step.

`DenoiseLoop(model, engines).submit(edit, replies)`; see `seam` for what it needs from outside.
"""

from retouch.denoise.edit import Edit, PixelArray
from retouch.denoise.loop import DenoiseLoop, ShuttingDownError
from retouch.denoise.model import Model
from retouch.denoise.prompt_cache import CachingEngines, PromptCache
from retouch.denoise.seam import Encoded, Engines, Replies, UNetOutputs, UNetRows
from retouch.denoise.tally import COUNTS, Count, Tally

__all__ = [
    "COUNTS",
    "CachingEngines",
    "Count",
    "DenoiseLoop",
    "Edit",
    "Encoded",
    "Engines",
    "Model",
    "PixelArray",
    "PromptCache",
    "Replies",
    "ShuttingDownError",
    "Tally",
    "UNetOutputs",
    "UNetRows",
]
