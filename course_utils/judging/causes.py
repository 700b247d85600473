"""What errors of NumPy, PyTorch, TensorFlow and Python itself give away by their words, and what to look at then."""

from typing import NamedTuple

_SHAPES = "Two shapes do not fit together: print them just before."
_NUMBERS = (
    "Numbers of two kinds meet, or of a kind that this function does not take: `.dtype` shows them. "
    "Or two arguments stand in the wrong order."
)


class Cause(NamedTuple):
    """One that an error's words give away.

    Args:
        words: what stands in the error's text, as a pattern in small letters.
        line: what must stand in the line that raised it, as a pattern.
    """

    diagnosis: str
    words: str
    hint: str
    line: str = ""


# The first one that fits is told.
CAUSES: tuple[Cause, ...] = (
    Cause(
        "shapes_do_not_fit",
        "mismatch in its core dimension|shapes cannot be multiplied|not aligned|size-incompatible",
        f"{_SHAPES[:-1]}; is one of them transposed, or does the product stand the wrong way round?",
    ),
    Cause(
        "shapes_do_not_fit",
        "could not be broadcast|must match the (size|existing size)|incompatible shapes|broadcastable (to|shapes)|"
        "inconsistent tensor size|size mismatch|not compatible with provided weight|shape mismatch|"
        "expected input batch",
        _SHAPES,
    ),
    Cause(
        "input_size",
        "expected axis -1 of input shape to have value",
        "The layer takes as many inputs as the value says, and the last number of the shape is how many came: what "
        "stands where the number of inputs belongs, in `keras.Input` or in the layer before?",
    ),
    Cause(
        "no_shape",
        "cannot convert .* to a shape",
        "A shape is a tuple of whole numbers. With one number alone it needs a comma, as in (3,); and `input_shape` is "
        "a tuple itself, whose last entry is the number of inputs.",
    ),
    Cause(
        "devices_differ",
        "(on|at) the same device|on the expected device|can't convert .* tensor to numpy|out of meta tensor",
        "What you compute with lies on two devices, such as cpu and cuda: `x.to(w.device)` brings `x` to `w`, and "
        "`.cpu()` brings a result home.",
    ),
    Cause(
        "gradient_is_none",
        "nonetype",
        "TensorFlow gives None where its tape has not seen the way from one to the other: the result goes first and "
        "what it is differentiated by second, and the tape must watch that one before it is used.",
        r"gradient\(",
    ),
    Cause(
        "gradient_is_none",
        "nonetype",
        "`.grad` is None as long as `backward()` has not filled it, and it fills only that of a tensor which wants a "
        "gradient and was not computed from another one.",
        r"\.grad\b",
    ),
    Cause(
        "none_in_use",
        "nonetype",
        "Something in this line is None: an argument that may be None, as at a beginning, what a function without a "
        "`return` gives, a method that works in place, or a gradient that was not recorded.",
    ),
    Cause(
        "number_differentiated",
        "type_value|to a tensorflow dtype|'(float|numpy.float32|float32|float64)' object has no attribute "
        "'(backward|dtype|_id|graph)'",
        "A plain number does not know how it was made: differentiate the tensor, and make a number of it afterwards.",
        r"gradient\(|backward",
    ),
    Cause(
        "array_differentiated",
        "ndarray' object has no attribute '(_id|backward|dtype|graph)'",
        "A NumPy array does not know how it was made: the tensor that wants a gradient has to go in, and what comes of "
        "it is a tensor too.",
        r"gradient\(|backward",
    ),
    Cause(
        "no_gradient_wanted",
        "does not require grad",
        "Nothing on the way to this number wants a gradient: was `requires_grad=True` left out, or was the way cut by "
        "`.detach()`, `.item()`, `no_grad` or NumPy?",
    ),
    Cause(
        "no_gradient_wanted",
        "no gradients provided",
        "The tape saw no way from the loss to the variables: network and loss have to be computed while it runs.",
    ),
    Cause(
        "backward_of_many",
        "implicitly created only for scalar",
        "`backward()` starts from one number, and this is an array: make one number of it first.",
    ),
    Cause(
        "backward_twice",
        "backward through the graph a second time",
        "After `backward()` PyTorch forgets how the number was made: compute it anew before the next call.",
    ),
    Cause(
        "changed_in_place",
        "in-place operation|inplace operation",
        "PyTorch still needs the old numbers for the gradient, and this line writes over them: make a new tensor, or, "
        "for a step of learning, work inside `torch.no_grad()`.",
    ),
    Cause(
        "needs_detach",
        r"call numpy\(\) on tensor that requires grad",
        "The tensor still belongs to the record for gradients; `.detach()` takes it out first.",
    ),
    Cause(
        "not_called",
        "builtin_function_or_method'|'(method|function)' (and|object)|and '(method|function)'$",
        "A function or method stands here in place of what it gives: brackets behind its name call it.",
    ),
    Cause(
        "super_missing",
        r"before (module\.__init__\(\)|super\(\)\.__init__|parameters|module)|forgot to call .*super|"
        r"has no attribute '_(parameters|modules|buffers)'",
        "Does `__init__` begin with `super().__init__()`? What the framework keeps for you is made there.",
    ),
    Cause(
        "list_of_layers",
        "is not a module subclass|is not a layer|only instances of.*layer",
        "The layers are wanted one by one, and something here is none: a class that was not called, a function, or a "
        "whole list, which a star unpacks.",
    ),
    Cause(
        "one_truth_value",
        "truth value of an array|boolean value of tensor with more than one|as a python .?bool",
        "`if`, `and`, `or`, `not`, `max` and `min` want one truth value, and this is an array of them: choose entry by "
        "entry (`where`, `maximum`), or ask whether `any` or `all` are true.",
        r"\b(if|elif|while|and|or|not|in|assert|max|min|any|all|bool|sorted)\b",
    ),
    Cause(
        "array_for_number",
        "truth value of an array|boolean value of tensor with more than one|as a python .?bool",
        "What is called here takes one number, or a yes or no, in the place where you give it a whole array: is it a "
        "setting, or a class that makes a layer first?",
    ),
    Cause(
        "argument_missing",
        r"missing \d+ required .*argument",
        "A call hands over fewer values than the function needs; a list counts as one unless a star unpacks it.",
    ),
    Cause(
        "pairs_not_zipped",
        r"takes (from )?\d+.*positional arguments?.* given",
        "The optimiser wants its gradients and variables in pairs, as one argument: `zip` makes pairs of two lists.",
        r"apply_gradients\(",
    ),
    Cause(
        "too_many_arguments",
        r"takes (from )?\d+.*positional arguments?.* given|takes no arguments",
        "A call hands over more values than are taken. A method needs `self` as its first parameter; and a class must "
        "be called once, without the data, before the object that it makes can be.",
    ),
    Cause(
        "unknown_argument",
        "unexpected keyword argument|multiple values for argument|invalid combination of arguments|"
        "unrecognized keyword arguments",
        "The function that is called here takes its arguments under other names or in another order: `help(...)` "
        "shows them.",
    ),
    Cause(
        "unpacking",
        r"values to unpack|cannot unpack|expected \d+, got \d+\)",
        "On the left of `=`, or after `for`, stand more or fewer names than there are values.",
    ),
    Cause(
        "list_computes",
        r"can't multiply sequence|can only concatenate|for [^ ]+: '(list|tuple)'|and '(list|tuple)'$",
        "A list or a tuple is no array: it has to be unpacked or made an array before one can compute with it.",
    ),
    Cause(
        "not_callable",
        "object is not callable",
        "What stands before the brackets is no function: is an operator missing, does a name stand for something else "
        "by now, or are square brackets meant?",
    ),
    Cause(
        "single_number",
        "does not have enough dimensions|0-d |zero-dimensional|iteration over a 0|'(numpy\\.)?(float|int)(\\d\\d)?' "
        "object is not (iterable|subscriptable)|invalid index to scalar|has no len|to be at least [12]-?d",
        "This line meets a single number where it needs an array: what `for` takes from an array with one axis are "
        "numbers.",
    ),
    Cause(
        "index_too_large",
        r"\bis not in \[0, \d+\)",
        "An index is too large for the axis that it counts along: does the call count along the one that you mean "
        "(`axis`, `batch_dims`)?",
    ),
    Cause(
        "index_order",
        "is out of bounds for (axis|dimension) [01] with size",
        "In brackets with two indices the first counts the rows and the second the columns, and one of them is too "
        "large: have they changed places, or does a number belong to something longer?",
        r"\[[^\[\]]+, .+\]",
    ),
    Cause(
        "too_short",
        "list index out of range|pop from an empty list|is out of bounds for (axis|dimension) .* with size",
        "A list or an array has fewer entries than this line takes for granted. Is a number written out where the "
        "length of something belongs, is it the length of something else, or does a loop go one too far?",
    ),
    Cause(
        "no_such_axis",
        "axis .* is out of bounds|dimension out of range|invalid reduction dimension|too many indices",
        "The array has fewer axes than this line takes for granted: print its `.shape` just before.",
    ),
    Cause(
        "array_for_axis",
        "integer scalar arrays|as an integer",
        "The second argument here is an axis, and a whole array stands there: `max` and its like look for one number "
        "in one array; `maximum` and `minimum` compare two, entry by entry.",
        r"\b(np|numpy)\.a?(max|min)\(",
    ),
    Cause(
        "index_type",
        "only integers|integer scalar arrays|indices must be integers|as an integer|used as indices must be",
        "An index, a length or a number of rounds must be a whole number, and this is none: `.dtype` or `type` shows "
        "what it is.",
    ),
    Cause(
        "array_for_tensor",
        r"must be tensor, not numpy",
        "PyTorch wants a tensor here, and a NumPy array comes. `torch.tensor(...)` makes one; where the arrays come "
        "from outside, a function of yours around this line has to do so.",
    ),
    Cause(
        "caret_for_power",
        r"xor|unsupported operand type\(s\) for \^|allowed values: int8",
        "`^` is no power in Python: `**` is.",
        r"\^",
    ),
    Cause(
        "dtypes_differ",
        "expected scalar type|same dtype|be a (float|double|half|int\\d*|long) tensor|cannot cast ufunc|"
        "can't be cast|not implemented for '(long|int|bool|byte)|found dtype|could not infer dtype|"
        "dtype .* to tensor with dtype|incompatible with the requested dtype|allowed dtypes|"
        "numpy boolean (subtract|negative)",
        _NUMBERS,
    ),
    Cause(
        "array_for_number",
        "only length-1 arrays|only 0-dimensional arrays|only one element tensors|cannot be converted to scalar",
        "What is called here takes one number, and it gets a whole array: the library has a function of its own that "
        "takes each entry.",
        r"\b(math\.\w+|float|int|round)\(",
    ),
    Cause(
        "unequal_rows",
        "inhomogeneous|non-rectangular|expected sequence of length",
        "The rows of an array are equally long, and here they are not: print their lengths just before. Does one of "
        "them, perhaps the last one, end before the others?",
    ),
    Cause(
        "base_of_logarithm",
        "return arrays must be of arraytype",
        "NumPy's logarithms take no base; the second argument would be an array for the result. `np.log2` and "
        "`np.log10` have theirs, and any other is a quotient of two logarithms.",
        r"\blog\(",
    ),
    Cause(
        "array_in_a_place",
        "setting an array element with a sequence|only length-1 arrays|only 0-dimensional arrays",
        "One number has to stand in each place of an array, and here something longer would.",
    ),
    Cause(
        "name_hidden",
        "cannot access local variable|referenced before assignment",
        "A function that assigns to a name makes the name its own, which hides what was called so outside: give the "
        "result another name.",
        r"^(\w+) = .*\b\1\(",
    ),
    Cause(
        "name_not_set",
        "cannot access local variable|referenced before assignment|cannot access free variable",
        "This name gets its value only on another way through the function, or further down.",
    ),
    Cause(
        "unknown_name",
        "^name '.*' is not defined",
        "Is the name written as where it was made? What an object keeps is reached by `self.` and the name.",
    ),
    Cause(
        "tuple_is_fixed",
        "'tuple' object does not support item assignment",
        "A tuple cannot be changed; make a new one.",
    ),
    Cause(
        "variable_is_fixed",
        "object does not support item assignment",
        "Entries of this cannot be set: a TensorFlow tensor is made anew as a whole, by `tf.where` for example.",
    ),
    Cause(
        "probabilities_wanted",
        "between 0 and 1|probability tensor contains",
        "This function wants probabilities, and numbers below 0 or above 1 came: are they still logits?",
    ),
    Cause(
        "labels_of_another_kind",
        r"same rank|`?labels`?.*rank|target\.shape=|logits and labels must",
        "Labels and outputs are written in two ways: one number for each sample, or a row with a 1 at the class. The "
        "loss that you call wants another way than it gets.",
    ),
    Cause(
        "pairs_swapped",
        "'_unique_id'|'_distribute|no attribute 'assign|resourcevariable",
        "The optimiser wants pairs of a gradient and a variable, in this order.",
        "apply",
    ),
    Cause(
        "zero_parts",
        "sections must be larger than 0|range\\(\\) arg 3 must not be zero|step must not be zero|equal division",
        "The number of parts, or the step from one to the next, does not fit this length; for few samples a rounded "
        "number may be 0.",
    ),
    Cause(
        "nothing_inside",
        "at least one array|non-empty list|zero-size array|empty (sequence|parameter list|tensor)|"
        "iterable argument is empty|pop from an empty",
        "There is nothing in what this line works on: which input, or which round of the loop, leaves it empty?",
    ),
    Cause(
        "weights_misfit",
        "expects? \\d+ weights|weight list of length|weight shape",
        "A layer's weights are set together, as one list: the matrix and the bias, each of its own shape.",
    ),
)
BY_TYPE = {
    "IndexError": "An index does not fit what it looks into: print it, and the shape of the other, just before.",
    "KeyError": "There is nothing under this key: `.keys()` shows what there is.",
    "RecursionError": "The function calls itself and never stops: for which input should it not?",
    "ZeroDivisionError": "The divisor is 0 for some input: for which one?",
    "AttributeError": "What stands before the dot has nothing of this name: is it written as "
    "where it was made, and is it the kind of object that you think?",
    "ModuleNotFoundError": "The lab needs no other library than those that its first cell imports.",
}
