"""The Python models that Triton loads: thin adapters around `retouch.denoise` and `.prompts`."""
