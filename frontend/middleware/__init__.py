"""ASGI middlewares, pure ones: Starlette's base class would hide the disconnect of a client."""
