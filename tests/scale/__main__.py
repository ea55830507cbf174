"""`python -m tests.scale`: the whole conformance suite through the proxy of a cluster."""

import sys
import tempfile
from pathlib import Path

from tests.scale.cluster import running_cluster
from tests.scale.conformance import run

if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster(Path(folder)) as cluster,
    ):
        done = run(cluster, cluster.retouch("keys", "create", "tests"))
    sys.stdout.buffer.write(done.stdout)
    sys.exit(done.returncode)
