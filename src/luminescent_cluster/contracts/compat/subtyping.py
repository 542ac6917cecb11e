"""Whether every value of one hint is a value of another, as a strict type checker decides it.

Hints come as text (nothing is imported), so the run-time subtype test that live annotations get
cannot be used. ``Any`` and missing hints are compatible with everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from .assumptions import Assumptions, by_name, exactly
from .definitions import definition_fits, same_keys
from .hierarchy import is_plain_subclass, reaches
from .hint_reader import unfold
from .kinships import (
    bases_of,
    callback_term,
    has_the_methods,
    hashable,
    is_alias,
    is_own,
    keeps_its_methods,
    only_value,
    record_tuple,
    same_class,
    values,
)
from .terms import (
    ANY,
    NEVER,
    OBJECT,
    CallableTerm,
    LiteralTerm,
    Named,
    SelfTerm,
    Term,
    TupleTerm,
    TypeTerm,
    UnionTerm,
    Variable,
    parts,
    rebuilt,
    union_of,
)
from .variance import variance_of

__all__ = ["Relation"]

# Equal text is not enough for these: a name in them may be defined differently on either side.
_COMPOUND: Final = (Named, UnionTerm, TupleTerm, TypeTerm, CallableTerm)

_LITERAL_STRING: Final = Named("typing.LiteralString")

MethodFits = Callable[["Named", "Named", "Relation"], bool]
Decide = Callable[["Relation", Any, Any], bool]


@dataclass(slots=True)
class Relation:
    """Decides ``left ⊆ right``, with type variables of one side open to be chosen.

    ``open_side`` is the side whose type variables a call may fill in (the provider's); those of
    the other side stand for themselves. ``protocol_fits`` decides between two local protocols.
    """

    open_side: int | None = None
    protocol_fits: MethodFits | None = None
    chosen: dict[Variable, Term] = field(default_factory=dict)
    assumed: Assumptions = field(default_factory=Assumptions)
    variances: dict[tuple[str, int], str] = field(default_factory=dict)
    unfolding: set[object] = field(default_factory=set)

    def fork(self) -> Relation:
        """Return a relation with no variable chosen yet, which shares what is being assumed."""
        return self.opened(self.open_side)

    def opened(self, side: int | None) -> Relation:
        """Return a fork in which the type variables of another side are open."""
        return Relation(side, self.protocol_fits, {}, self.assumed, self.variances)

    def apart(self) -> Relation:
        """Return a relation of which nothing is kept but the variances."""
        return Relation(self.open_side, self.protocol_fits, variances=self.variances)

    def fits(self, left: Term, right: Term) -> bool:
        """Return True when a checker takes a ``left`` where a ``right`` is asked for."""
        if left is ANY or right is ANY or left is NEVER or right == OBJECT:
            return True
        if left == right and not isinstance(left, _COMPOUND):
            return True
        if is_alias(left) or is_alias(right):
            return self._alias(left, right)
        if isinstance(left, Variable) or isinstance(right, Variable):
            return self._variable(left, right)
        if isinstance(left, UnionTerm):
            return all(self.fits(item, right) for item in left.items)
        if isinstance(right, UnionTerm):
            return self._into_union(left, right)
        if isinstance(left, LiteralTerm):
            if right == _LITERAL_STRING:
                return left.base == Named("str")
            return isinstance(right, Named) and self.fits(left.base, right)
        if isinstance(left, SelfTerm) or isinstance(right, SelfTerm):
            return self._self(left, right)
        if isinstance(left, CallableTerm):
            return self._callable(left, right)
        if isinstance(left, TupleTerm):
            return self._tuple(left, right)
        if isinstance(left, TypeTerm):
            return self._type(left, right)
        return isinstance(left, Named) and self._named(left, right)

    def equal(self, left: Term, right: Term) -> bool:
        """Return True when each fits the other."""
        return self.fits(left, right) and self.fits(right, left)

    def fill(self, term: Term) -> Term:
        """Put the chosen types in place of the open variables; unchosen ones become ``Any``."""
        if isinstance(term, Variable):
            return self.chosen.get(term, ANY) if term.side == self.open_side else term
        return rebuilt(term, self.fill)

    def _settled(self, decide: Decide, left: Term, right: Term) -> bool:
        """Decide about two types that may hold themselves: yes, unless something else says no."""
        kind = (by_name(left), by_name(right))
        fact = (decide.__name__, self.open_side, exactly(left), exactly(right))
        return self.assumed.settle(kind, fact, lambda: decide(self.fork(), left, right))

    def _alias(self, left: Term, right: Term) -> bool:
        if not self._open(left) and not self._open(right):
            return self._settled(Relation._unfolded, left, right)
        # What is chosen on the way is for those who asked.
        key = (by_name(left), by_name(right))
        if key in self.unfolding:
            return True
        self.unfolding.add(key)
        try:
            return self._unfolded(left, right)
        finally:
            self.unfolding.discard(key)

    def _unfolded(self, left: Term, right: Term) -> bool:
        return self.fits(unfold(left), unfold(right))

    def _open(self, term: Term) -> bool:
        if isinstance(term, Variable):
            return term.side == self.open_side
        return any(map(self._open, parts(term)))

    # --- the kinds of terms -------------------------------------------------------------------

    def _variable(self, left: Term, right: Term) -> bool:
        if isinstance(right, Variable) and right.side == self.open_side:
            return self._choose(right, left)
        if isinstance(left, Variable) and left.side == self.open_side:
            if left not in self.chosen:
                return self._choose(left, right)
            return self.fits(self.chosen[left], right)
        if isinstance(right, UnionTerm):
            if any(isinstance(i, Variable) and i == left for i in right.items):
                return True
            for item in right.items:
                if isinstance(item, Variable) and item.side == self.open_side:
                    return self._choose(item, left)
        if isinstance(left, UnionTerm):
            return all(self.fits(item, right) for item in left.items)
        if isinstance(right, Variable):
            return False
        if not isinstance(left, Variable):
            # A union on the right that holds a rigid variable.
            return isinstance(right, UnionTerm) and self._into_union(left, right)
        if left.constraints:
            return all(self.fits(item, right) for item in left.constraints)
        return left.bound is not None and self.fits(left.bound, right)

    def _choose(self, variable: Variable, term: Term) -> bool:
        parts = term.items if isinstance(term, UnionTerm) else (term,)
        others = tuple(part for part in parts if part != variable)
        if len(others) < len(parts):  # it stands for itself, whatever it stands for
            return not others or self._choose(variable, union_of(others))
        if isinstance(term, Variable) and term.constraints and variable.constraints:
            fitting = all(
                any(self.equal(c, d) for d in variable.constraints) for c in term.constraints
            )
            if fitting:
                self.chosen[variable] = term
            return fitting
        if variable.constraints:
            choice = next((c for c in variable.constraints if self.fits(term, c)), None)
            if choice is None:
                return False
            term = choice
        elif variable.bound is not None and not self.fits(term, variable.bound):
            return False
        before = self.chosen.get(variable)
        self.chosen[variable] = term if before is None else union_of((before, term))
        return True

    def _into_union(self, left: Term, right: UnionTerm) -> bool:
        if isinstance(left, LiteralTerm) and left in right.items:
            return True
        # Fixed alternatives first: an open variable would take anything.
        fixed = [i for i in right.items if not isinstance(i, Variable)]
        if any(self.fits(left, item) for item in fixed):
            return True
        if any(self.fits(left, i) for i in right.items if isinstance(i, Variable)):
            return True
        if isinstance(left, TypeTerm) and isinstance(left.item, UnionTerm):
            return all(self.fits(TypeTerm(i), right) for i in left.item.items)
        single = values(left)
        return bool(single) and all(self.fits(value, right) for value in single)

    def _self(self, left: Term, right: Term) -> bool:
        # Self is a subclass of what says it, and nothing else is known to be a Self.
        return isinstance(left, SelfTerm) and left.of is not None and self.fits(left.of, right)

    def _type(self, left: TypeTerm, right: Term) -> bool:
        if isinstance(right, TypeTerm):
            return self.fits(left.item, right.item)
        if isinstance(right, CallableTerm):
            return self.fits(left.item, right.returns)
        return isinstance(right, Named) and is_plain_subclass("type", right.name)

    def _tuple(self, left: TupleTerm, right: Term) -> bool:
        if isinstance(right, TupleTerm):
            if right.variadic:
                return all(self.fits(item, right.items[0]) for item in left.items)
            if left.variadic:
                return left.items[0] is ANY
            return len(left.items) == len(right.items) and all(
                self.fits(a, b) for a, b in zip(left.items, right.items, strict=True)
            )
        whole = Named("tuple", (union_of(left.items) if left.items else NEVER,))
        return isinstance(right, Named) and self._named(whole, right)

    def _callable(self, left: CallableTerm, right: Term) -> bool:
        if isinstance(right, CallableTerm):
            if not self.fits(left.returns, right.returns):
                return False
            if left.parameters is None or right.parameters is None:
                return True
            return len(left.parameters) == len(right.parameters) and all(
                self.fits(b, a) for a, b in zip(left.parameters, right.parameters, strict=True)
            )
        if isinstance(right, Named) and right.definition is not None:
            return self._protocol(Named("", (left,)), right)
        return isinstance(right, Named) and right.name == "collections.abc.Hashable"

    def _named(self, left: Named, right: Term) -> bool:
        if isinstance(right, TupleTerm):
            fields = record_tuple(left)
            return left.name == "tuple" or (fields is not None and self.fits(fields, right))
        if isinstance(right, CallableTerm):
            return self._callback(left, right)
        if isinstance(right, TypeTerm):
            return left.name == "type" and right.item is ANY
        if not isinstance(right, Named):
            return only_value(left, right)
        if is_own(left) and is_own(right):
            return self._arguments(left, right)
        if same_class(left, right):
            return self._arguments(left, right) and self._definitions(left, right)
        if self._protocol(left, right):
            return True
        one, other = left.definition, right.definition
        if one is not None and other is not None and one.kind == other.kind == "typed-dict":
            return same_keys(left, right, self.fits)
        if right.name == "collections.abc.Hashable":
            return hashable(left)
        if any(self.fits(base, right) for base in bases_of(left)):
            return True
        if right.arguments and reaches(left.name, right.name):
            return False  # a base of that name is there, with other arguments
        if left.definition is not None:
            return has_the_methods(left, right)
        return is_plain_subclass(left.name, right.name)

    def _definitions(self, left: Named, right: Named) -> bool:
        one, other = left.definition, right.definition
        if one is None or other is None or one is other:
            return True
        # The arguments were compared, so what they stand for is chosen.
        return self._settled(Relation._same_definition, self.fill(left), self.fill(right))

    def _same_definition(self, left: Named, right: Named) -> bool:
        kinds = [term.definition.kind if term.definition else "" for term in (left, right)]
        if kinds == ["protocol", "protocol"]:
            return self._has_the_members(left, right)
        if not definition_fits(left, right, self.fits):
            return False
        methods = {"class", "record"}.issuperset(kinds) and not keeps_its_methods(left)
        return not methods or self._has_the_members(left, right)

    def _arguments(self, left: Named, right: Named) -> bool:
        if not left.arguments or not right.arguments:
            return True  # the bare class: its arguments are Any
        if len(left.arguments) != len(right.arguments):
            return False
        letters = variance_of(right, len(right.arguments), self)
        for letter, a, b in zip(letters, left.arguments, right.arguments, strict=True):
            up = letter == "-" or self.fits(a, b)
            down = letter == "+" or self.fits(b, a)
            if not (up and down):
                return False
        return True

    def _callback(self, left: Named, right: CallableTerm) -> bool:
        definition = left.definition
        if definition is None or definition.shape is None or left.scope is None:
            return left.name in ("function", "types.FunctionType", "types.MethodType")
        if right.parameters is None:
            wanted = CallableTerm(None, right.returns)
            return self.fits(callback_term(definition.shape, left.scope), wanted)
        return self._protocol_ok(left, Named("", (right,)))

    def _protocol(self, left: Named, right: Named) -> bool:
        definition = right.definition
        if definition is None or definition.kind != "protocol":
            return False
        return self._protocol_ok(left, right)

    def _protocol_ok(self, left: Named, right: Named) -> bool:
        if self.protocol_fits is None:
            return False
        return self._settled(Relation._has_the_members, left, right)

    def _has_the_members(self, left: Named, right: Named) -> bool:
        return self.protocol_fits is None or self.protocol_fits(left, right, self)
