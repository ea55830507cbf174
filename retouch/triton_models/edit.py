"""The public model: requests -> the denoise loop -> responses."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import triton_python_backend_utils as pb_utils

from retouch.denoise import CachingEngines, DenoiseLoop, Model, PromptCache
from retouch.parameters import Parameters
from retouch.plans import check_plans
from retouch.triton_models.engines import TritonEngines
from retouch.triton_models.metrics import MetricsPublisher
from retouch.triton_models.replies import TritonReplies
from retouch.triton_models.requests import Defaults, is_probe, parse_edit


class EditModel:
    """A decoupled Python model; its tensors and parameters are in the public `config.pbtxt`."""

    def initialize(self, args: dict[str, Any]) -> None:
        """Starts the loop.

        Args:
            args: `model_name`, `model_config` (JSON) and `model_repository` (the model's folder),
                from Triton.

        Raises:
            ValueError: a parameter is missing, malformed or asks for something unsupported, or a
                TensorRT plan was built for another machine.
        """
        check_plans(Path(args["model_repository"]).parent, args["model_name"])
        parameters = Parameters(args["model_config"])
        self._defaults = Defaults.from_parameters(parameters)
        self._model = Model.from_parameters(parameters)
        added = self._model.added_conditioning
        parts = parameters.text("parts") if "parts" in parameters else args["model_name"]
        keeps = self._model.cache_interval > 1
        engines = TritonEngines(parts, added_conditioning=added, keeps_features=keeps)
        self._loop = DenoiseLoop(self._model, CachingEngines(engines, PromptCache()))
        name, max_rows = args["model_name"], self._model.max_rows
        self._metrics = MetricsPublisher(name, max_rows, self._loop.tally)

    def execute(self, requests: Sequence[pb_utils.InferenceRequest]) -> None:
        """Hands the requests to the loop and returns; answers follow on their streams."""
        for request in requests:
            replies = TritonReplies(request.get_response_sender())
            if is_probe(request):
                replies.close()
                continue
            try:
                edit = parse_edit(request, self._model.resolution, self._defaults)
                self._loop.submit(edit, replies)
            except ValueError as error:
                replies.refuse(error)

    def finalize(self) -> None:
        """Stops the loop."""
        self._metrics.close()
        self._loop.close()
