"""Which metrics a PromQL expression asks for."""

import re

# What holds no name of a metric: strings, matchers, ranges, lists of labels.
_ELSE = (
    r'"(?:\\.|[^"\\])*"',
    r"\{[^}]*\}",
    r"\[[^\]]*\]",
    r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)",
)
_NAME = re.compile(r"(?<![\w.:])[a-zA-Z_:][\w:]*\b(?!\s*\()")
_WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
_AGGREGATIONS = {"sum", "max", "min", "avg", "count"}  # with `by` before the parenthesis


def metrics_of(expression: str) -> set[str]:
    """The names of the metrics."""
    for pattern in _ELSE:
        expression = re.sub(pattern, " ", expression)
    return {
        name for name in _NAME.findall(expression) if name.lower() not in _WORDS | _AGGREGATIONS
    }
