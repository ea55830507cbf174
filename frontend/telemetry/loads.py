"""The models' load as metrics, read at the moment of a scrape from where the status page has it."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from frontend.admission.state import QueueState
from frontend.inference.models import EditModel

_FIELDS = {
    "waiting_edits": "Edits that wait for the model.",
    "waiting_images": "Images that wait for the model.",
    "running_edits": "Edits that Triton works on.",
    "running_images": "Unfinished images of edits that Triton works on.",
    "running_rows": "Rows of a UNet call that these take.",
}


class Loads(Collector):
    """One scrape's."""

    def __init__(
        self, models: Mapping[str, EditModel] | None, loads: Mapping[str, QueueState]
    ) -> None:
        """Take in what is known.

        Args:
            models: those that are served; None if no Triton answers.
            loads: of the models, by id.
        """
        self._models = models
        self._loads = loads

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield a gauge for each thing to be known."""
        yield GaugeMetricFamily(
            "retouch_triton_up",
            "Whether a Triton server answers.",
            value=float(self._models is not None),
        )
        models = (self._models or {}).values()
        servers = ((model.id, model.servers) for model in models)
        yield _gauge("model_servers", "Triton servers that have the model ready.", servers)
        rows = ((model.id, model.max_rows) for model in models)
        yield _gauge("model_max_rows", "Most rows of one UNet call.", rows)
        for field, meaning in _FIELDS.items():
            values = ((model, getattr(load, field)) for model, load in self._loads.items())
            yield _gauge(field, meaning, values)


def _gauge(name: str, meaning: str, values: Iterable[tuple[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"retouch_{name}", meaning, labels=["model"])
    for model, value in values:
        family.add_metric([model], value)
    return family
