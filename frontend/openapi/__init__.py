"""The API's own description, `/openapi.json`; `python -m frontend.openapi` prints it."""
