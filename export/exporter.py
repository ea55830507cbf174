"""The whole way from a checkpoint to published models."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from export.cached_unet import check_cacheable
from export.checkpoint import open_checkpoint
from export.components import check_classes
from export.contracts import GRAPHS, Role
from export.errors import ContractError
from export.geometry import read_geometry
from export.graph_writer import GraphWriter
from export.parameters import edit_parameters
from export.publish import check_free, check_id, publish, staging
from export.request import ExportRequest, Stage
from export.request_check import check_request, target_of
from export.staging_area import StagingArea
from export.tokenizer import write_tokenizer


def _no_stage(_title: str) -> AbstractContextManager[object]:
    return nullcontext()


def export_checkpoint(request: ExportRequest, stage: Stage = _no_stage) -> None:
    """Exports, checks and publishes a checkpoint's models.

    Args:
        request: What to export.
        stage: Entered around each stage with its title, to show progress.

    Raises:
        ExportError: see `export.errors`; nothing was published then.
    """
    check_id(request.model_id)
    check_request(request)
    gpu = target_of(request)
    if not request.force:
        check_free(request.repository, request.model_id)
    with stage("Read the checkpoint"):
        checkpoint = open_checkpoint(request.checkpoint)
        check_classes(checkpoint)
        if request.keeps_features:
            check_cacheable(checkpoint.settings("unet"), checkpoint.family)
        geometry = read_geometry(checkpoint, request.resolution)
        parameters = edit_parameters(checkpoint, geometry, request)
    with staging(request.repository) as staged:
        area = StagingArea(request, checkpoint, geometry, staged)
        with stage("Tokenizer and configs"):
            _write_configs(area, parameters)
        _write_graphs(GraphWriter(area, stage, gpu), request)
        with stage("Publish"):
            publish(staged, request.repository, request.model_id, replace=request.force)


def _write_configs(area: StagingArea, parameters: Mapping[str, str]) -> None:
    """Writes what has no graph: tokenizer, ensemble and public model."""
    tokenizer = write_tokenizer(area.checkpoint, area.version_folder(Role.TOKENIZER))
    for role, own in (
        (Role.TOKENIZER, tokenizer),
        (Role.ENCODE, {}),
        (Role.PUBLIC, parameters),
    ):
        area.write(role, area.refined(role, own))


def _write_graphs(writer: GraphWriter, request: ExportRequest) -> None:
    shallow = (Role.UNET_SHALLOW,) if request.keeps_features else ()
    problems = [problem for role in (*GRAPHS, *shallow) for problem in writer.write(role)]
    if problems:
        raise ContractError(problems)
