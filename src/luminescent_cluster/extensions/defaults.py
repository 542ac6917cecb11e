"""Serving a protocol's defaults for optional methods that an extension does not have."""

from types import MethodType
from typing import Any, TypeVar

from .optional import optional_members

__all__ = ["with_defaults"]

_E = TypeVar("_E")
_known: "set[tuple[type, type]]" = set()
_proxy_classes: "dict[tuple[type, type], type[Any]]" = {}


def with_defaults(extension: _E, protocol: type) -> _E:
    """Give an extension that also has the protocol's optional methods.

    Core calls optional methods through this: an extension built for an older version of the
    protocol is served the default that the protocol carries, with the extension as ``self``. The
    methods are those marked ``@optional``; in a protocol that never uses the marker, those whose
    body does something.

    Args:
        extension: a registered extension, or None (OSS mode).
        protocol: the protocol whose optional methods are wanted.

    Returns:
        The extension itself where it lacks nothing (or is None); otherwise a transparent proxy.

    Raises:
        IncompatibleExtensionError: the extension has something else under an optional method's
            name, which would be called by mistake.
    """
    if extension is None:
        return extension
    members = optional_members(protocol)
    if not members:
        return extension
    # `getattr` rather than a look at the class: proxies and mocks answer there, as they would for
    # the call itself.
    missing = {
        name: default
        for name, default in members.items()
        if getattr(extension, name, _MISSING) is _MISSING
    }
    _refuse_collisions(extension, protocol, members.keys() - missing.keys())
    if not missing:
        return extension
    proxy: _E = _proxy_class(type(extension), protocol)(extension, missing)
    return proxy


_MISSING: Any = object()


def _refuse_collisions(extension: object, protocol: type, names: "Any") -> None:
    owner = type(extension)
    if not names or _is_known(extension, owner, protocol, names):
        return
    from ._calls import check_calls

    collisions = [r for r in check_calls(extension, protocol) if r.member in names]
    if collisions:
        from .compatibility import Incompatibility, IncompatibleExtensionError

        raise IncompatibleExtensionError(
            tuple(
                Incompatibility(
                    "with_defaults",
                    protocol.__name__,
                    f"{owner.__module__}.{owner.__qualname__}",
                    f"its own {collision.member} collides with the optional method of that name: "
                    f"{collision.witness or collision.member}: {collision.reason}",
                    f"rename the extension's {collision.member}, or give it the signature of "
                    f"{protocol.__name__}.{collision.member}",
                )
                for collision in collisions
            )
        )
    _known.add((owner, protocol))


def _is_known(extension: object, owner: type, protocol: type, names: Any) -> bool:
    """Tell whether this class was found free of collisions; core asks on every request.

    Only where the methods are the class's own: an instance's may differ from the next one's.
    """
    if (owner, protocol) not in _known or not all(hasattr(owner, name) for name in names):
        return False
    return not any(name in getattr(extension, "__dict__", ()) for name in names)


class _Defaulted:
    """An extension plus the defaults it lacks; everything else goes to the extension."""

    __slots__ = ("__weakref__", "_luminescent_defaults", "_luminescent_extension")

    def __init__(self, extension: object, defaults: "dict[str, Any]") -> None:
        object.__setattr__(self, "_luminescent_extension", extension)
        object.__setattr__(self, "_luminescent_defaults", defaults)

    def __getattr__(self, name: str) -> Any:
        default = self._luminescent_defaults.get(name, _MISSING)
        if default is _MISSING:
            return getattr(self._luminescent_extension, name)
        if hasattr(type(default), "__get__"):
            return default.__get__(self, type(self))
        return MethodType(default, self) if callable(default) else default

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._luminescent_extension, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._luminescent_extension, name)

    def __bool__(self) -> bool:
        return bool(self._luminescent_extension)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Defaulted):
            other = other._luminescent_extension
        return bool(self._luminescent_extension == other)

    def __hash__(self) -> int:
        return hash(self._luminescent_extension)

    def __dir__(self) -> "list[str]":
        return sorted({*dir(self._luminescent_extension), *self._luminescent_defaults})

    def __repr__(self) -> str:
        served = ", ".join(sorted(self._luminescent_defaults))
        return f"<{self._luminescent_extension!r} with defaults for {served}>"

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        # isinstance() answers as for the extension itself.
        return type(self._luminescent_extension)


def _proxy_class(owner: type, protocol: type) -> "type[Any]":
    """Give the proxy class for one class of extension.

    Python looks special methods up on the class, so those that the extension has (``__call__``,
    ``__len__``, ``__enter__``, …) or that the protocol serves are forwarded by a class made for it.
    """
    key = (owner, protocol)
    try:
        return _proxy_classes[key]
    except KeyError:
        own = set(dir(_Defaulted)) | {"__class_getitem__", "__init_subclass__", "__del__"}
        forwarded = {
            name: _forward(name)
            for name in {*dir(owner), *optional_members(protocol)} - own
            if name[:2] == name[-2:] == "__" and callable(getattr(owner, name, callable))
        }
        made = type("_Defaulted", (_Defaulted,), {"__slots__": (), **forwarded})
        return _proxy_classes.setdefault(key, made)


def _forward(name: str) -> Any:
    def special(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _Defaulted.__getattr__(self, name)(*args, **kwargs)

    special.__name__ = name
    return special
