"""Where the networks come from: published models, or PyTorch."""

from google.protobuf.json_format import MessageToJson

from benchmarks.local.engines import LocalEngines
from benchmarks.local.painting import Painter
from export.checkpoint import open_checkpoint
from export.components import load
from export.contracts import GRAPHS, Role
from export.engines import load_engine
from export.request import Engine, Precision
from export.staged_models import StagedModels
from export.torch_engine import TorchEngine
from retouch.backends import engine as backends
from retouch.denoise import Model
from retouch.parameters import Parameters
from tests.export.published import Published
from training.ship import REPOSITORY, parameters


def model_of(published: Published) -> Model:
    """The checkpoint's numbers."""
    config = MessageToJson(published.config(Role.PUBLIC), preserving_proto_field_name=True)
    return Model.from_parameters(Parameters(config))


def built_in_painter(model: Model, engines: LocalEngines) -> Painter:
    """A painter with the built-in model's defaults."""
    defaults = parameters(REPOSITORY, Role.PUBLIC)
    steps, guidance = int(defaults["steps"]), float(defaults["guidance"])
    return Painter(model, engines, steps=steps, guidance=guidance)


def published_engines(published: Published, engine: Engine, precision: Precision) -> LocalEngines:
    """The published graphs in the engine that they were exported for."""

    def loaded(role: Role) -> backends.Engine:
        config = published.config(role)
        path = published.folder(role) / "1" / config.default_model_filename
        return load_engine(engine, path, config, precision)

    return _local(published, {role: loaded(role) for role in GRAPHS})


def torch_engines(published: Published) -> LocalEngines:
    """The checkpoint's networks in PyTorch in fp32, beside all that was exported but the words."""
    checkpoint = open_checkpoint(str(published.checkpoint))
    return _local(
        published,
        {role: TorchEngine(load(role, checkpoint, Precision.FP32)) for role in GRAPHS},
    )


def _local(published: Published, engines: dict[Role, backends.Engine]) -> LocalEngines:
    return LocalEngines(StagedModels(published.repository, published.model_id), engines)
