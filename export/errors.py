"""What can go wrong, each with a message for the person who asked for the export.

ExportError
├── CheckpointError      the checkpoint cannot be read, or a component is missing
├── UnsupportedError     the checkpoint is of a kind that cannot be served
├── ContractError        a graph or a config is not what the contract says
└── PublishError         the id is not free or not allowed, or the models cannot be written
"""


class ExportError(Exception):
    """The export was given up; nothing was published."""


class CheckpointError(ExportError):
    """The checkpoint cannot be read, or a component is missing."""


class UnsupportedError(ExportError):
    """The checkpoint is of a kind that cannot be served."""


class ContractError(ExportError):
    """Graphs or configs are not what the contract says.

    Attributes:
        problems: All that was found, each with the model's role and the tensor's name.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class PublishError(ExportError):
    """The id is not free or not allowed, or the models cannot be written."""
