"""What protocols and classes accept and return, and whether one satisfies the other."""

from luminescent_cluster.extensions._calls.default_texts import default_from_source
from luminescent_cluster.extensions._calls.hints import canonical
from luminescent_cluster.extensions._calls.live import shape_of
from luminescent_cluster.extensions._calls.model import (
    Annotation,
    Attribute,
    Default,
    Field,
    Method,
    Parameter,
    Shape,
    Signature,
    TypeParameter,
    from_json,
    signature_text,
    to_json,
)
from luminescent_cluster.extensions._calls.source import (
    flow_from_node,
    is_stub,
    signature_from_node,
)
from luminescent_cluster.extensions._calls.verdict import Rejection

from .acceptance import Acceptance, accepts
from .static import StaticResult, check_static
from .type_checker import MissingExtraError

__all__ = [
    "Acceptance",
    "Annotation",
    "Attribute",
    "Default",
    "Field",
    "Method",
    "MissingExtraError",
    "Parameter",
    "Rejection",
    "Shape",
    "Signature",
    "StaticResult",
    "TypeParameter",
    "accepts",
    "canonical",
    "check_static",
    "default_from_source",
    "flow_from_node",
    "from_json",
    "is_stub",
    "shape_of",
    "signature_from_node",
    "signature_text",
    "to_json",
]
