"""How many denoising steps an edit asks for."""

from frontend.forms.fields import LARGEST_STEPS, EditFields


def steps_of(fields: EditFields, default: int) -> int:
    """Return the steps of each image, given the model's `default`.

    `quality` is relative to the default, because models differ: `low` is half of it, rounded up;
    `high` twice of it, but no more than `num_inference_steps` may be; everything else is the
    default itself.
    """
    if fields.num_inference_steps is not None:
        return fields.num_inference_steps
    if fields.quality == "low":
        return -(-default // 2)
    if fields.quality == "high":
        return max(default, min(2 * default, LARGEST_STEPS))
    return default
