"""PNG files of every kind, sound and damaged, made from nothing but the specification.

`kinds` has sound files and the pixels that they show; `damage` and `bombs` have files that must end
in an error or in the picture that they still hold, soon and in little memory.
"""
