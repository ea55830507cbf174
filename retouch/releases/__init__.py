"""Releases of a served model: side by side in a repository, one of them in use.

`<id>` is release 1 of a model, with its parts `<id>.unet` and so on. Release N has parts of its
own, `<id>@N.unet`, and its config of the public model in `<id>/configs/N.pbtxt`; the one in use is
`<id>/config.pbtxt`. It runs as version N of `<id>`, so Triton keeps the old loop until its edits
have ended, and no edit ever meets parts of two releases.
"""
