"""How much an edit made the model read and paint."""

from typing import Self

from pydantic import BaseModel


class InputTokens(BaseModel):
    """The two kinds of input."""

    image_tokens: int
    text_tokens: int


class Usage(BaseModel):
    """Tokens: what the model's own tokenizer makes of the prompts, and latent pixels of pictures.

    The input counts once, however many pictures are made of it.
    """

    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_tokens_details: InputTokens

    @classmethod
    def of(cls, text_tokens: int, window_tokens: int, pictures: int) -> Self:
        """Return the usage of an edit that has finished `pictures`.

        Args:
            text_tokens: of the prompt and the negative prompt.
            window_tokens: latent pixels of the model's window.
            pictures: how many were painted.
        """
        input_tokens, output_tokens = text_tokens + window_tokens, window_tokens * pictures
        return cls(
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            total_tokens=input_tokens + output_tokens,
            input_tokens_details=InputTokens(image_tokens=window_tokens, text_tokens=text_tokens),
        )
