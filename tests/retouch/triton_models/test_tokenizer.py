"""The tokenizer model with its committed configuration."""

import json
from pathlib import Path

import numpy as np
import pytest
from transformers import CLIPTokenizer

from retouch.triton_models.tokenizer import TokenizerModel
from tests.retouch.triton_models import fake_pb_utils as pb_utils
from tests.retouch.triton_models.fake_pb_utils import Arrays, InferenceRequest, Tensor

NAME = "retouch-mini.tokenizer"
VOCABULARY = {"c</w>": 0, "c": 1, "<|startoftext|>": 2, "<|endoftext|>": 3}


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A model with a tiny vocabulary."""
    CLIPTokenizer(vocab=VOCABULARY, merges=[]).save_pretrained(tmp_path / "1")
    return tmp_path


PAD = int(pb_utils.config_of(NAME).parameters["pad_token_id"].string_value)


def answer(folder: Path, config: str, prompt: str, negative_prompt: str) -> Arrays:
    """The model's outputs."""
    model = TokenizerModel()
    model.initialize(
        {"model_repository": str(folder), "model_version": "1", "model_config": config}
    )
    texts = {"PROMPT": prompt, "NEGATIVE_PROMPT": negative_prompt}
    tensors = [Tensor(name, np.array([text.encode()], np.object_)) for name, text in texts.items()]
    (response,) = model.execute([InferenceRequest(inputs=tensors)])  # type: ignore[list-item]
    return response.arrays()  # type: ignore[attr-defined, no-any-return]  # the stand-in


def test_the_negative_prompt_comes_first_and_both_are_padded(model_folder: Path) -> None:
    outputs = answer(model_folder, pb_utils.config_json(NAME), "c c", "c")
    pb_utils.check(pb_utils.config_of(NAME).output, outputs, 0)
    assert outputs["INPUT_IDS"][:, :4].tolist() == [[2, 0, 3, PAD], [2, 0, 0, 3]]
    assert outputs["TOKENS"].tolist() == [1, 2]


def test_a_second_text_encoder_gets_its_own_padding(model_folder: Path) -> None:
    config = json.loads(pb_utils.config_json(NAME))
    config["parameters"]["pad_token_id_2"] = {"string_value": "0"}
    outputs = answer(model_folder, json.dumps(config), "c", "")
    assert outputs["INPUT_IDS"][1, :4].tolist() == [2, 0, 3, PAD]
    assert outputs["INPUT_IDS_2"][1, :4].tolist() == [2, 0, 3, 0]
