"""Prints the OpenAPI document."""

import json
import sys

from frontend.app import create_app
from frontend.settings import Settings

document = create_app(Settings()).openapi()
sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
