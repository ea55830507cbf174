"""The scripts' types, written as JSDoc."""

import json
import subprocess
from pathlib import Path

from tests.conformance.toolchain import NODE
from tests.frontend.pages.npm import package

SCRIPTS = Path("frontend/pages/static/js").absolute()
LANGUAGE = ["es2024", "dom", "dom.iterable", "dom.asynciterable"]


def test_the_scripts_hold_to_their_types(tmp_path: Path) -> None:
    project = {
        "compilerOptions": {
            "allowJs": True,
            "checkJs": True,
            "lib": LANGUAGE,
            "module": "es2022",
            "moduleResolution": "bundler",
            "noEmit": True,
            "strict": True,
            "target": "es2024",
            "types": [],
        },
        "include": [f"{SCRIPTS}/**/*.js"],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps(project))
    compiler = package("typescript") / "bin" / "tsc"
    checked = subprocess.run(
        [str(NODE), str(compiler), "--project", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
