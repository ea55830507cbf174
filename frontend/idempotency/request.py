"""What makes two requests the same."""

import hashlib
from dataclasses import dataclass
from typing import Self

from frontend.forms.edit_form import EditForm


@dataclass(frozen=True)
class KeyedRequest:
    """A request that carries an idempotency key.

    Attributes:
        key_id: the API key that the idempotency key belongs to.
        name_hash: SHA-256 of the idempotency key.
        parameters_hash: SHA-256 of the request's fields and files.
    """

    key_id: str
    name_hash: str
    parameters_hash: str

    @classmethod
    def of(cls, key_id: str, name: str, form: EditForm) -> Self:
        """Describe the request of `form` under the idempotency key `name`."""
        return cls(key_id, hashlib.sha256(name.encode()).hexdigest(), _digest(form))

    @property
    def identity(self) -> tuple[str, str]:
        """Equal for all requests with the same two keys."""
        return self.key_id, self.name_hash


def _digest(form: EditForm) -> str:
    """A field that is left out counts as its default."""
    digest = hashlib.sha256()
    mask = b"" if form.mask is None else bytes(form.mask.data)
    for part in (form.fields.model_dump_json().encode(), bytes(form.image.data), mask):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
