"""A stand-in for the `tensorrt` package, which writes down how it is called.

Its "plan" is the ONNX graph that it was given, so that tests can look at that.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

Call = list[Any]


class FakeTensorRt:
    """The module.

    Attributes:
        calls: Name and arguments of each call that shapes a plan, in their order.
        complaints: What the parser finds wrong with the next graph.
        builds: Whether the next build succeeds.
    """

    NetworkDefinitionCreationFlag = SimpleNamespace(STRONGLY_TYPED=1)
    BuilderFlag = SimpleNamespace(REFIT="REFIT")

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.builds = True

    class Logger:
        WARNING = 2

        def __init__(self, severity: int) -> None:
            self.severity = severity

    def Builder(self, _logger: Any) -> "_Builder":  # noqa: N802
        return _Builder(self)

    def OnnxParser(self, network: "_Network", _logger: Any) -> "_Parser":  # noqa: N802
        return _Parser(self, network)


class _Network:
    graph = b""


class _Parser:
    def __init__(self, module: FakeTensorRt, network: _Network) -> None:
        self._module = module
        self._network = network
        self.num_errors = 0

    def parse_from_file(self, path: str) -> bool:
        self._module.calls.append(["parse_from_file", Path(path).name])
        self._network.graph = Path(path).read_bytes()
        self.num_errors = len(self._module.complaints)
        return not self.num_errors

    def get_error(self, index: int) -> Any:
        return SimpleNamespace(desc=lambda: self._module.complaints[index])


class _Profile:
    def __init__(self) -> None:
        self.shapes: dict[str, Any] = {}

    def set_shape(self, name: str, least: Any, usual: Any, most: Any) -> None:
        self.shapes[name] = [list(least), list(usual), list(most)]


class _Settings:
    def __init__(self, module: FakeTensorRt) -> None:
        self._module = module
        self._cache: _TimingCache | None = None

    def add_optimization_profile(self, profile: _Profile) -> None:
        self._module.calls.append(["add_optimization_profile", profile.shapes])

    def set_flag(self, flag: str) -> None:
        self._module.calls.append(["set_flag", flag])

    def create_timing_cache(self, known: bytes) -> "_TimingCache":
        self._module.calls.append(["create_timing_cache", known.decode()])
        return _TimingCache(known)

    def set_timing_cache(self, cache: "_TimingCache", *, ignore_mismatch: bool) -> None:
        self._module.calls.append(["set_timing_cache", {"ignore_mismatch": ignore_mismatch}])
        self._cache = cache

    def get_timing_cache(self) -> "_TimingCache":
        assert self._cache is not None
        return self._cache


class _TimingCache:
    def __init__(self, known: bytes) -> None:
        self._known = known

    def serialize(self) -> bytes:
        return self._known + b"timed "


class _Builder:
    def __init__(self, module: FakeTensorRt) -> None:
        self._module = module

    def create_network(self, flags: int) -> _Network:
        self._module.calls.append(["create_network", flags])
        return _Network()

    def create_builder_config(self) -> _Settings:
        return _Settings(self._module)

    def create_optimization_profile(self) -> _Profile:
        return _Profile()

    def build_serialized_network(self, network: _Network, _settings: _Settings) -> bytes | None:
        self._module.calls.append(["build_serialized_network"])
        return network.graph if self._module.builds else None
