"""The releases in a model repository, as files."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from tritonclient.grpc.model_config_pb2 import ModelConfig

from retouch.releases.configs import CONFIG_FILE, read_config, write_config
from retouch.releases.errors import ReleaseError
from retouch.releases.release import FIRST, SHALLOW, Release, later_releases

CONFIGS = "configs"
TASK, PARTS = "task", "parts"


class ReleasedModel:
    """A public model with its releases."""

    def __init__(self, repository: Path, name: str) -> None:
        self.repository = repository
        self.name = name
        self._folder = repository / name

    @property
    def in_use(self) -> Release:
        """The release that is served, or will be at the next start."""
        config = read_config(self._folder / CONFIG_FILE)
        return Release.from_prefix(self.name, config.parameters[PARTS].string_value)

    @property
    def releases(self) -> list[Release]:
        """All, the oldest first."""
        files = (self._folder / CONFIGS).glob("[0-9]*.pbtxt")
        numbers = {int(file.stem) for file in files} | {self.in_use.number}
        return [Release(self.name, number) for number in sorted(numbers)]

    def parts(self, release: Release) -> list[str]:
        """The models of a release, in the order of loading."""
        return [
            part
            for part in release.possible_parts
            if not part.endswith(f".{SHALLOW}") or (self.repository / part).is_dir()
        ]

    def add(self, exported: Path) -> Release:
        """Copy the only model of another repository here, as the next release of this one.

        Raises:
            ReleaseError: there is not one model, or it is not complete.
        """
        source = _only_model(exported)
        release = Release(self.name, self.releases[-1].number + 1)
        for old in source.parts(source.in_use):
            self._copy_part(exported / old, f"{release.prefix}.{old.rpartition('.')[2]}")
        config = read_config(exported / source.name / CONFIG_FILE)
        config.name = self.name
        self._keep(config, release)
        return release

    def use(self, release: Release) -> None:
        """Make `release` the one in use, for the next time that Triton loads the model.

        Raises:
            ReleaseError: there is no such release.
        """
        if release not in self.releases:
            raise ReleaseError(f"{self.name} has no release {release.number}")
        kept = self._kept(self.in_use)
        if not kept.exists():
            self._keep(read_config(self._folder / CONFIG_FILE), self.in_use)
        version = self._folder / str(release.number)
        if not version.exists():
            shutil.copytree(self._folder / str(self.in_use.number), version)
        write_config(read_config(self._kept(release)), self._folder / CONFIG_FILE)

    def _kept(self, release: Release) -> Path:
        return self._folder / CONFIGS / f"{release.number}.pbtxt"

    def _keep(self, config: ModelConfig, release: Release) -> None:
        """Write the public model's config for the time when the release is in use."""
        config.parameters[PARTS].string_value = release.prefix
        config.version_policy.specific.versions[:] = [release.number]
        self._kept(release).parent.mkdir(exist_ok=True)
        write_config(config, self._kept(release))

    def _copy_part(self, source: Path, name: str) -> None:
        config = read_config(source / CONFIG_FILE)
        config.name = name
        prefix = name.rpartition(".")[0]
        for step in config.ensemble_scheduling.step:
            step.model_name = f"{prefix}.{step.model_name.rpartition('.')[2]}"
        # Triton takes every folder of the repository for a model: what is not whole is not in it.
        beside = self.repository.resolve().parent / f".{name}.new"
        shutil.copytree(source, beside, dirs_exist_ok=True)
        write_config(config, beside / CONFIG_FILE)
        beside.rename(self.repository / name)


def released_models(repositories: Sequence[Path]) -> Iterator[ReleasedModel]:
    """Find the public models."""
    for repository in repositories:
        for folder in sorted(repository.iterdir()):
            if _is_public(folder / CONFIG_FILE):
                yield ReleasedModel(repository, folder.name)


def _only_model(repository: Path) -> ReleasedModel:
    models = list(released_models([repository]))
    if len(models) != 1:
        raise ReleaseError(f"{repository} holds {len(models)} models for clients, and must hold 1")
    return models[0]


def served(repository: Path) -> list[str]:
    """The models of a repository that are to be loaded: all but parts of releases not in use."""
    names = sorted(path.name for path in repository.iterdir() if path.is_dir())
    idle = {
        part
        for release in later_releases(iter(names)) | {Release(name, FIRST) for name in names}
        if release != _in_use(repository, release)
        for part in release.possible_parts
    }
    return [name for name in names if name not in idle]


def _in_use(repository: Path, release: Release) -> Release:
    """The release in use of a release's model; the same if its config cannot be understood."""
    try:
        return ReleasedModel(repository, release.model).in_use
    except ReleaseError:
        return release  # Triton will say what is wrong


def _is_public(config_file: Path) -> bool:
    try:
        config = read_config(config_file)
    except ReleaseError:
        return False
    return TASK in config.parameters
