"""Which version of a protocol is running, and whether a requirement admits it."""

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["RequirementError", "parse_requirements", "read_requirements", "version_of"]


class RequirementError(ValueError):
    """A ``__protocols__`` declaration that cannot be read; the message says how to write it."""


def version_of(protocol: type) -> str | None:
    """Give the running version of a protocol.

    The version stands beside the protocol, in its module, under the protocol's name in capitals:
    ``AuditLogger`` has ``AUDIT_LOGGER_VERSION``.

    Args:
        protocol: the protocol class.

    Returns:
        The version, or None where the protocol's module declares none.
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", protocol.__name__)
    module = sys.modules.get(protocol.__module__)
    version = getattr(module, f"{words.upper()}_VERSION", None)
    return version if isinstance(version, str) else None


def parse_requirements(extension: object) -> "list[Requirement]":
    """Read what an extension says it was built for.

    Args:
        extension: the extension; its class may carry
            ``__protocols__ = ("TenantProvider>=1.0,<2",)``.

    Returns:
        One requirement for each declared string, whose name is a protocol's; empty where nothing
        is declared.

    Raises:
        RequirementError: the declaration is not a tuple or list of requirement strings.
    """
    requirements, errors = read_requirements(extension)
    if errors:
        raise errors[0]
    return requirements


def read_requirements(
    extension: object,
) -> "tuple[list[Requirement], list[RequirementError]]":
    """Read what an extension says it was built for, and everything that cannot be read.

    Args:
        extension: the extension.

    Returns:
        The requirements that can be read, and an error for each string that cannot; one error for
        a declaration that is no tuple or list.
    """
    owner: Any = extension if issubclass(type(extension), type) else type(extension)
    place = f"{owner.__module__}.{owner.__qualname__}.__protocols__"
    try:
        declared = getattr(extension, "__protocols__", ())
    except Exception as error:
        return [], [
            RequirementError(
                f"reading {place} raises {type(error).__name__}: {error}; "
                "let it be a class attribute"
            )
        ]
    if isinstance(declared, str) or not isinstance(declared, (tuple, list)):
        problem = f"{place} is {declared!r}, not a tuple of strings; {_EXAMPLE}"
        return [], [RequirementError(problem)]
    requirements, errors = [], []
    for text in declared:
        try:
            requirements.append(_requirement(text, place))
        except RequirementError as error:
            errors.append(error)
    return requirements, errors


_EXAMPLE = 'write it as __protocols__ = ("TenantProvider>=1.0,<2",)'


def _requirement(text: object, place: str) -> "Requirement":
    from packaging.requirements import InvalidRequirement, Requirement

    if not isinstance(text, str):
        raise RequirementError(f"{place} holds {text!r}, which is not a string; {_EXAMPLE}")
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        raise RequirementError(
            f"{place} holds {text!r}, which is no requirement ({reason}); {_EXAMPLE}"
        ) from None
    if requirement.url or requirement.extras:
        raise RequirementError(
            f"{place} holds {text!r}; a protocol has versions only, no extras and no URL; "
            f"{_EXAMPLE}"
        )
    return requirement
