"""Calls of compiled functions by address, so that one compiled loop serves every environment and every op kernel.

Numba's own first-class functions do the same, but unpacking one costs 50 us per argument and call of the loop (a trial
of 2,000 steps takes 16 ms), they warn that they are experimental, and they are slower: 25 ns a call against 10.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing import Signature
from numba.extending import intrinsic


@cache
def address(function: Any, signature: Signature) -> int:
    """The address of a compiled function's machine code, valid to the end of the process, as the cache keeps the function."""
    compiled = function.get_compile_result(signature)
    return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_cfunc_wrapper_name))


def caller(signature: Signature) -> Callable[..., Any]:
    """An intrinsic `call(address, *arguments)` for functions of this one signature."""

    def generate(context: Any, builder: Any, _: Signature, values: Any) -> Any:
        arguments = [builder.extract_value(values[1], i) for i in range(len(signature.args))]
        returned = context.get_value_type(signature.return_type)
        prototype = ir.FunctionType(returned, [context.get_value_type(kind) for kind in signature.args])
        return builder.call(builder.inttoptr(values[0], prototype.as_pointer()), arguments)

    def call(_: Any, address: Any, *arguments: Any) -> tuple[Signature, Callable[..., Any]]:
        return signature.return_type(types.int64, types.Tuple(signature.args)), generate

    return intrinsic(call)  # type: ignore[no-any-return]
