"""The multipart form of an edit in OpenAPI's words."""

from typing import Any, Final

from frontend.forms.fields import EditFields

_PNG: Final = {"type": "string", "format": "binary"}
_FILES: Final = {
    "image": _PNG
    | {
        "description": "The image to edit: a square PNG of less than 4 MB. Its fully transparent "
        "pixels are repainted if there is no mask. `image[]` is another name of it."
    },
    "mask": _PNG
    | {
        "description": "A PNG of less than 4 MB and of the image's dimensions, whose fully "
        "transparent pixels are repainted. `mask[]` is another name of it."
    },
}
_EXAMPLE: Final = {
    "image": "(the bytes of picture.png)",
    "mask": "(the bytes of mask.png)",
    "prompt": "a red circle",
    "model": "retouch-mini",
    "size": "256x256",
}


def edit_form() -> dict[str, Any]:
    """Return the edit route's `requestBody`; FastAPI must not read it before the key is checked."""
    schema = EditFields.model_json_schema()
    fields = {name: _without_null(field) for name, field in schema["properties"].items()}
    form = schema | {
        "title": "EditForm",
        "properties": _FILES | fields,
        "required": ["image", *schema["required"]],
    }
    content = {
        "schema": form,
        "example": _EXAMPLE,
        "encoding": {name: {"contentType": "image/png"} for name in _FILES},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": content}}}


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """A form's field is there or not; it is never null."""
    kinds = [kind for kind in field.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) != 1:
        return field
    rest = {key: value for key, value in field.items() if key not in ("anyOf", "default")}
    return {**rest, **kinds[0]}
