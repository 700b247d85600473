"""The rules by which an answer is changed in one place: each takes a node of its syntax tree and yields others for it.

Two rules stand for a kind of mistake that no single text shows: ``size_as_in_the_first_case`` and
``argument_as_in_the_first_case`` keep the first value that was seen, as a number does that is written out where a size
or an argument belongs. Such a mutant survives only where the cases never vary it.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

Rule = Callable[[ast.AST], Iterator[ast.AST]]
SEEN = "_seen"  # name of the dictionary in which a mutant keeps first values

OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Div, ast.Mod),
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
NAMES = (
    *(("mean", "sum"), ("reduce_mean", "reduce_sum"), ("min", "max"), ("minimum", "maximum"), ("argmin", "argmax")),
    *(("zeros", "ones"), ("zeros_like", "ones_like"), ("any", "all"), ("floor", "ceil"), ("sin", "cos")),
    *(("exp", "expm1"), ("log", "log1p"), ("sigmoid", "tanh"), ("append", "extend"), ("permutation", "arange")),
    *(
        ("shuffle", "sort"),
        ("train", "eval"),
        ("log_softmax", "softmax"),
        ("amin", "amax"),
        ("reduce_min", "reduce_max"),
    ),
)
OTHER_NAME = {**dict(NAMES), **{right: left for left, right in NAMES}}
AXES = ("axis", "dim")
IN_PLACE = {ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.Div: "itruediv"}
DOCSTRING = "docstring"  # where the tree of a function keeps the text that is no longer in it
GIVEN = "given"  # marks a name in the tree as an array that the function was given
ARRAYS = ("np.ndarray", "torch.Tensor")  # what can be changed in place, as annotations name it
SYMMETRIC = ("maximum", "minimum", "max", "min", "logaddexp", "isclose", "allclose", "array_equal", "add", "multiply")
CONVERSIONS = ("int", "float", "bool", "numpy", "item", "tolist")  # they change a type alone
COPIES = ("copy", "clone", "deepcopy", "detach", "array", "list", "tuple")


def arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """Exchange operators of two operands, also in place."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in OPERATORS.get(type(node.op), ()):
            yield _changed(node, op=other())
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


def operand_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Keep one of two operands."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    if isinstance(node, ast.BoolOp):
        yield from node.values


def operands_swapped(node: ast.AST) -> Iterator[ast.AST]:
    """Swap what is subtracted, divided, raised or multiplied as matrices, and the first two arguments of a call."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.MatMult)):
        yield _changed(node, left=node.right, right=node.left)
    if isinstance(node, ast.Call) and len(node.args) > 1 and _called(node) not in SYMMETRIC:
        first, second, *others = node.args
        yield _changed(node, args=[second, first, *others])
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and isinstance(node.ctx, ast.Load):
        yield _changed(node, elts=[node.elts[1], node.elts[0], *node.elts[2:]])


def brackets(node: ast.AST) -> Iterator[ast.AST]:
    """Take another two of three operands together, where that may make a difference."""
    if isinstance(node, ast.BinOp) and isinstance(first := node.left, ast.BinOp) and not _associate(first.op, node.op):
        yield ast.BinOp(first.left, first.op, ast.BinOp(first.right, node.op, node.right))
    if isinstance(node, ast.BinOp) and isinstance(last := node.right, ast.BinOp) and not _associate(node.op, last.op):
        yield ast.BinOp(ast.BinOp(node.left, node.op, last.left), last.op, last.right)


def comparison(node: ast.AST) -> Iterator[ast.AST]:
    """Exchange comparisons, and "and" with "or"."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARISONS.get(type(operator), ()):
                yield _changed(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
    if isinstance(node, ast.BoolOp):
        yield _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def sign(node: ast.AST) -> Iterator[ast.AST]:
    """Drop a sign or a "not", and give what is returned another sign."""
    if isinstance(node, ast.UnaryOp):
        yield node.operand
    if isinstance(node, ast.Return) and node.value is not None:
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        for index, value in enumerate(values):
            if isinstance(value, (ast.BinOp, ast.Name, ast.Call, ast.Subscript)):
                new = [*values[:index], ast.UnaryOp(ast.USub(), value), *values[index + 1 :]]
                yield ast.Return(_changed(node.value, elts=new) if len(values) > 1 else new[0])


def constant(node: ast.AST) -> Iterator[ast.AST]:
    """Change a number by one, double it, or turn a truth value round."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(other) for other in (value + 1, value - 1))
    elif isinstance(value, float):
        yield from (ast.Constant(other) for other in (value + 1, 2 * value))


def axis(node: ast.AST) -> Iterator[ast.AST]:
    """Take another axis."""
    if isinstance(node, ast.keyword) and node.arg in AXES:
        for other in (0, 1, None):
            yield _changed(node, value=ast.Constant(other))


def keyword_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out a named argument."""
    if isinstance(node, ast.Call):
        for index in range(len(node.keywords)):
            yield _changed(node, keywords=[*node.keywords[:index], *node.keywords[index + 1 :]])


def other_name(node: ast.AST) -> Iterator[ast.AST]:
    """Take the sum for the mean, the smallest for the largest, and so on."""
    if isinstance(node, ast.Attribute) and node.attr in OTHER_NAME:
        yield _changed(node, attr=OTHER_NAME[node.attr])
    if isinstance(node, ast.Name) and node.id in OTHER_NAME and isinstance(node.ctx, ast.Load):
        yield _changed(node, id=OTHER_NAME[node.id])


def call_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Take what a function of one argument, or a method, was called with."""
    if isinstance(node, ast.Call) and _called(node) not in CONVERSIONS:
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            yield node.args[0]
        elif isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Call):
            yield node.func.value


def statement_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out a statement."""
    kinds = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.Break, ast.Continue, ast.Delete)
    if isinstance(node, kinds) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        yield ast.Pass()


def condition(node: ast.AST) -> Iterator[ast.AST]:
    """Take one way always, or each thing whatever its condition."""
    if isinstance(node, (ast.If, ast.IfExp)):
        yield from (_changed(node, test=ast.Constant(value)) for value in (True, False))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield _changed(node, ifs=[])


def element_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Lose the first or the last one of a loop, or a bound of a slice."""
    if isinstance(node, (ast.For, ast.comprehension)):
        for part in ("[1:]", "[:-1]"):
            yield _changed(node, iter=ast.parse(f"list({ast.unparse(node.iter)}){part}", mode="eval").body)
    if isinstance(node, ast.Slice):
        yield from (_changed(node, **{bound: None}) for bound in ("lower", "upper", "step") if getattr(node, bound))


def copy_lost(node: ast.AST) -> Iterator[ast.AST]:
    """Keep what should be copied."""
    if isinstance(node, ast.Call) and _called(node) in COPIES:
        if not node.args and isinstance(node.func, ast.Attribute):
            yield node.func.value
        elif len(node.args) == 1:
            yield node.args[0]


def in_place(node: ast.AST) -> Iterator[ast.AST]:
    """Compute in an array that was given, and change one when the result is there."""
    name = IN_PLACE.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    if isinstance(node, ast.BinOp) and name and hasattr(node.left, GIVEN):
        operands = f"{ast.unparse(node.left)}, {ast.unparse(node.right)}"
        yield ast.parse(f"__import__('operator').{name}({operands})", mode="eval").body
    if isinstance(node, ast.FunctionDef) and isinstance(last := node.body[-1], ast.Return) and last.value is not None:
        for name in array_parameters(node):
            ending = ast.parse(
                f"def f():\n  _result = {ast.unparse(last.value)}\n  {name} += 1\n  return _result"
            ).body[0]
            yield _changed(node, body=[*node.body[:-1], *ending.body])


def one_row_only(node: ast.AST) -> Iterator[ast.AST]:
    """Refuse arrays of more than one axis, where the docstring does not say that there is one."""
    if isinstance(node, ast.FunctionDef):
        for name in array_parameters(node):
            if not re.search(rf"\b{name}\b.*\(\w+,\)", getattr(node, DOCSTRING, "")):
                yield _changed(node, body=[*ast.parse(f"assert {name}.ndim < 2").body, *node.body])


def size_as_in_the_first_case(node: ast.AST) -> Iterator[ast.AST]:
    """Keep the first size that was seen."""
    is_length = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len"
    is_shape = isinstance(node, ast.Attribute) and node.attr in ("shape", "size", "ndim")
    if is_length or (is_shape and isinstance(node.ctx, ast.Load)):
        yield ast.parse(f"{SEEN}.setdefault('size', {ast.unparse(node)})", mode="eval").body


def argument_as_in_the_first_case(node: ast.AST) -> Iterator[ast.AST]:
    """Keep the first value of an argument that was seen."""
    if isinstance(node, ast.FunctionDef):
        for parameter in node.args.args:
            if parameter.arg != "self":
                kept = ast.parse(f"{parameter.arg} = {SEEN}.setdefault('{parameter.arg}', {parameter.arg})").body
                yield _changed(node, body=[*kept, *node.body])


RULES: tuple[Rule, ...] = (
    *(arithmetic, operand_lost, operands_swapped, brackets, comparison, sign, constant, axis, keyword_lost, other_name),
    *(call_lost, statement_lost, condition, element_lost, copy_lost, in_place, one_row_only),
    *(size_as_in_the_first_case, argument_as_in_the_first_case),
)


def _associate(first: ast.operator, second: ast.operator) -> bool:
    """Tell whether (a first b) second c is a first (b second c)."""
    sums, products = (ast.Add, ast.Sub), (ast.Mult, ast.Div)
    return (isinstance(first, ast.MatMult) and isinstance(second, ast.MatMult)) or any(
        isinstance(first, kinds[0]) and isinstance(second, kinds) for kinds in (sums, products)
    )


def _called(call: ast.Call) -> str:
    """Return the last name of what is called, such as "sum" of ``np.sum``."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def array_parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of the arguments that are arrays, by their annotations."""
    return [part.arg for part in function.args.args if part.annotation and ast.unparse(part.annotation) in ARRAYS]


def prepare(tree: ast.AST) -> None:
    """Take docstrings out, which are not mutated, and mark each use of an array that a function was given."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (text := ast.get_docstring(node)) is not None:
            setattr(node, DOCSTRING, text)
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for place in ast.walk(node):
                if isinstance(place, ast.Name) and place.id in array_parameters(node):
                    setattr(place, GIVEN, True)


def _changed(node: ast.AST, **fields: Any) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
