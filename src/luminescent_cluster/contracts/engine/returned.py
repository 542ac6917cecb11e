"""Whether a result has the type that the protocol declares."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

__all__ = ["type_fault"]


def type_fault(result: Any, declared: Any) -> str | None:
    """Say what is wrong with a result's type.

    Args:
        result: what a call returned.
        declared: the resolved return annotation.

    Returns:
        The fault as the rest of a sentence ("which is …"), or None where the type is right or
        nothing can be said.
    """
    if inspect.iscoroutine(result):
        return f"a coroutine that nobody awaits, where {_name(declared)} is declared"
    import typeguard

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            typeguard.check_type(
                result,
                declared,
                forward_ref_policy=typeguard.ForwardRefPolicy.IGNORE,
                collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
            )
    except typeguard.TypeCheckError as error:
        return f"not {_name(declared)}: {error}"
    except Exception:  # an annotation that typeguard cannot take apart
        return None
    return None


def _name(declared: Any) -> str:
    if isinstance(declared, type) and not hasattr(declared, "__args__"):
        return declared.__name__
    return str(declared).replace("typing.", "")
