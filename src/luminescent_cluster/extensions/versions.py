"""Which version of a protocol is running, and whether a requirement admits it."""

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["RequirementError", "parse_requirements", "version_of"]


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
    from packaging.requirements import InvalidRequirement, Requirement

    owner: Any = extension if issubclass(type(extension), type) else type(extension)
    try:
        declared = getattr(extension, "__protocols__", ())
    except Exception as error:
        raise RequirementError(
            f"reading {owner.__module__}.{owner.__qualname__}.__protocols__ raises "
            f"{type(error).__name__}: {error}; let it be a class attribute"
        ) from error
    place = f"{owner.__module__}.{owner.__qualname__}.__protocols__"
    example = 'write it as __protocols__ = ("TenantProvider>=1.0,<2",)'
    if isinstance(declared, str) or not isinstance(declared, (tuple, list)):
        raise RequirementError(f"{place} is {declared!r}, not a tuple of strings; {example}")
    requirements = []
    for text in declared:
        if not isinstance(text, str):
            raise RequirementError(f"{place} holds {text!r}, which is not a string; {example}")
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).splitlines()[0]
            raise RequirementError(
                f"{place} holds {text!r}, which is no requirement ({reason}); {example}"
            ) from None
        if requirement.url or requirement.extras:
            raise RequirementError(
                f"{place} holds {text!r}; a protocol has versions only, no extras and no URL; "
                f"{example}"
            )
        requirements.append(requirement)
    return requirements
