"""Reading a diffusers `scheduler_config.json` into a typed dataclass, refusing what we cannot do.

Each scheduler declares every option of its diffusers class as a field. An option that is supported
in part is a `Literal` of the supported values, so what is missing is refused by the same check that
catches a wrong type. Nothing is ignored but the options of *other* scheduler classes, which
published checkpoints carry along and which diffusers' class does not read either.
"""

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

OptionsT = TypeVar("OptionsT")
TypeAnnotation: TypeAlias = Any  # a type, a `Literal`, a union: what Python has no one type for

OTHER_CLASSES_OPTIONS = frozenset(
    {
        "algorithm_type",
        "base_image_seq_len",
        "base_shift",
        "clip_sample",
        "clip_sample_range",
        "disable_corrector",
        "dynamic_thresholding_ratio",
        "eta",
        "euler_at_final",
        "final_sigmas_type",
        "flow_shift",
        "interpolation_type",
        "invert_sigmas",
        "lambda_min_clipped",
        "lower_order_final",
        "max_image_seq_len",
        "max_shift",
        "noise_sampler_seed",
        "original_inference_steps",
        "predict_x0",
        "prediction_type",
        "rescale_betas_zero_snr",
        "rho",
        "s_churn",
        "s_max",
        "s_min",
        "s_noise",
        "sample_max_value",
        "set_alpha_to_one",
        "set_alpha_to_zero",
        "shift",
        "shift_terminal",
        "sigma_data",
        "sigma_max",
        "sigma_min",
        "sigma_schedule",
        "skip_prk_steps",
        "solver_order",
        "solver_p",
        "solver_type",
        "steps_offset",
        "stochastic_sampling",
        "thresholding",
        "time_shift_type",
        "timestep_scaling",
        "timestep_spacing",
        "timestep_type",
        "trained_betas",
        "use_beta_sigmas",
        "use_dynamic_shifting",
        "use_exponential_sigmas",
        "use_flow_sigmas",
        "use_karras_sigmas",
        "use_lu_lambdas",
        "variance_type",
    }
)


class UnsupportedOptionError(ValueError):
    """A scheduler's configuration asks for something that is not implemented."""

    def __init__(self, class_name: str, option: str, value: object, why: str) -> None:
        super().__init__(f"{class_name}: {option} = {value!r} is not supported ({why})")


def read_options(
    options_class: type[OptionsT], class_name: str, config: Mapping[str, object]
) -> OptionsT:
    """Builds `options_class` from a scheduler's configuration.

    Args:
        options_class: a dataclass with one defaulted field for each option of the diffusers class.
        class_name: the diffusers class, for error messages.
        config: the content of `scheduler_config.json`; names that begin with `_` are not options,
            and a null stands for the default.

    Raises:
        UnsupportedOptionError: a value is not of the field's type, or no class has the option.
    """
    types = get_type_hints(options_class)
    values = {}
    for option, value in config.items():
        if option in types and value is not None:
            values[option] = _checked(class_name, option, value, types[option])
        elif not (option in types or option in OTHER_CLASSES_OPTIONS or option.startswith("_")):
            raise UnsupportedOptionError(class_name, option, value, "unknown option")
    return options_class(**values)


def _checked(class_name: str, option: str, value: object, annotation: TypeAnnotation) -> object:
    """The value, if it is one of the annotation's; see `_fits`."""
    if not _fits(value, annotation):
        raise UnsupportedOptionError(class_name, option, value, f"supported: {_named(annotation)}")
    return value


def _fits(value: object, annotation: TypeAnnotation) -> bool:
    """Whether a JSON value is of an annotated type: scalars, `Literal`, `list[...]` and unions."""
    origin: object = get_origin(annotation)
    if annotation is object:
        return True
    if origin is Literal:
        return any(value == choice for choice in get_args(annotation))
    if origin in (Union, UnionType):
        return any(_fits(value, choice) for choice in get_args(annotation))
    if origin is list:
        return isinstance(value, list) and all(_fits(v, get_args(annotation)[0]) for v in value)
    if annotation is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, annotation) and (annotation is bool or not isinstance(value, bool))


def _named(annotation: TypeAnnotation) -> str:
    """The annotation in words for an error message."""
    origin: object = get_origin(annotation)
    if origin is Literal:
        return ", ".join(repr(choice) for choice in get_args(annotation))
    return getattr(annotation, "__name__", str(annotation))
