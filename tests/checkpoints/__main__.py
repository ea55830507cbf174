"""`python -m tests.checkpoints NAME DIR` writes one checkpoint."""

import argparse
from pathlib import Path

from tests.checkpoints import BUILDERS, build

parser = argparse.ArgumentParser(prog="python -m tests.checkpoints", description=__doc__)
parser.add_argument("name", choices=sorted(BUILDERS))
parser.add_argument("folder", type=Path)
arguments = parser.parse_args()
build(arguments.name, arguments.folder)
