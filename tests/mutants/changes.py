"""Say in words what a mutant changes, as a check says it: what was exchanged or lost, and not where."""

import ast
from collections.abc import Callable

SYMBOLS: dict[type, str] = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"},
    **{ast.Mod: "%", ast.FloorDiv: "//", ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="},
    **{ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.And: "and"},
    ast.Or: "or",
}
RESULTS: dict[type, str] = {
    **{ast.Add: "sum", ast.Sub: "difference", ast.Mult: "product", ast.Div: "quotient", ast.MatMult: "matrix product"},
    **{ast.Pow: "power", ast.Mod: "remainder", ast.FloorDiv: "quotient"},
}


def change(rule: str, old: ast.AST, new: ast.AST) -> str:
    """Return what a rule changed in a node, as the end of a sentence; nothing where no sentence would help."""
    words = WORDS.get(rule, "")
    return words if isinstance(words, str) else words(old, new)


def _exchanged(old: ast.AST, new: ast.AST) -> str:
    if isinstance(old, ast.AugAssign) and isinstance(new, ast.Assign):
        return f"`=` stands in place of `{SYMBOLS[type(old.op)]}=`"
    if isinstance(old, ast.Compare) and isinstance(new, ast.Compare):
        before, after = next(pair for pair in zip(old.ops, new.ops) if pair[0] is not pair[1])
    else:
        before, after = old.op, new.op  # type: ignore[attr-defined]
    return f"`{SYMBOLS[type(after)]}` stands in place of `{SYMBOLS[type(before)]}`"


def _swapped(old: ast.AST, new: ast.AST) -> str:
    if isinstance(old, ast.BinOp):
        return f"the two sides of a {RESULTS[type(old.op)]} are swapped"
    return "the first two arguments of a call are swapped" if isinstance(old, ast.Call) else "two results are swapped"


def _other_number(old: ast.AST, new: ast.AST) -> str:
    before, after = old.value, new.value  # type: ignore[attr-defined]
    if isinstance(before, bool):
        return "`True` and `False` are exchanged"
    if after - before in (1, -1):
        return f"a number is too {'large' if after > before else 'small'} by 1"
    return "a number is twice as large"


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _other_name(old: ast.AST, new: ast.AST) -> str:
    if isinstance(old, ast.Call):
        return f"`{_name(old.func)}` is left out" if _name(old.func) else ""
    return f"`{_name(new)}` stands in place of `{_name(old)}`"


def _lost(old: ast.AST, new: ast.AST) -> str:
    if isinstance(old, ast.Slice):
        return "a slice lacks one of its bounds"
    which = "first" if ast.unparse(new.iter).endswith("[1:]") else "last"  # type: ignore[attr-defined]
    return f"a loop leaves out its {which} round"


def _part_lost(old: ast.AST, new: ast.AST) -> str:
    return f"one part of a {RESULTS[type(old.op)]} is missing" if isinstance(old, ast.BinOp) else ""


def _minus_lost(old: ast.AST, new: ast.AST) -> str:
    return "a minus sign is missing" if isinstance(old, ast.UnaryOp) and isinstance(old.op, ast.USub) else ""


def _keyword_lost(old: ast.AST, new: ast.AST) -> str:
    return f"`{next(each.arg for each in old.keywords if each not in new.keywords)}` is left out"  # type: ignore[attr-defined]


WORDS: dict[str, str | Callable[[ast.AST, ast.AST], str]] = {
    "arithmetic": _exchanged,
    "operand_lost": _part_lost,
    "operands_swapped": _swapped,
    "brackets": "brackets are missing, or stand in another place",
    "comparison": _exchanged,
    "sign": _minus_lost,
    "constant": _other_number,
    "axis": "something is taken along another axis",
    "keyword_lost": _keyword_lost,
    "other_name": _other_name,
    "call_lost": _other_name,
    "statement_lost": "one step is left out",
    "condition": "a condition is always met, or never",
    "element_lost": _lost,
}
