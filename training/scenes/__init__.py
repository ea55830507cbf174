"""Procedurally drawn pictures with a hole, what the hole holds, and words for it."""

from training.scenes.scene import Scene, draw_scene

__all__ = ["Scene", "draw_scene"]
