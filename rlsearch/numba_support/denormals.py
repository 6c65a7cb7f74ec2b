"""Flushing of denormal numbers to 0, in the thread that asks for it: one bit or two of the processor's own register.

x86-64 keeps them in MXCSR (flush to zero 15, denormals are zero 6), 64-bit ARM in FPCR (flush to zero 24). Elsewhere nothing is
flushed: only the time that some trainings take changes, and numbers below 1e-38.
"""

import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing import Signature
from numba.extending import intrinsic

from rlsearch.numba_support.jit import njit

_BYTE = ir.IntType(8).as_pointer()


def _read_mxcsr(builder: Any) -> Any:
    place = builder.alloca(ir.IntType(32))
    store = builder.module.declare_intrinsic("llvm.x86.sse.stmxcsr", (), ir.FunctionType(ir.VoidType(), [_BYTE]))
    builder.call(store, [builder.bitcast(place, _BYTE)])
    return builder.zext(builder.load(place), ir.IntType(64))


def _write_mxcsr(builder: Any, value: Any) -> None:
    place = builder.alloca(ir.IntType(32))
    builder.store(builder.trunc(value, ir.IntType(32)), place)
    load = builder.module.declare_intrinsic("llvm.x86.sse.ldmxcsr", (), ir.FunctionType(ir.VoidType(), [_BYTE]))
    builder.call(load, [builder.bitcast(place, _BYTE)])


def _read_fpcr(builder: Any) -> Any:
    get = builder.module.declare_intrinsic("llvm.aarch64.get.fpcr", (), ir.FunctionType(ir.IntType(64), []))
    return builder.call(get, [])


def _write_fpcr(builder: Any, value: Any) -> None:
    put = builder.module.declare_intrinsic("llvm.aarch64.set.fpcr", (), ir.FunctionType(ir.VoidType(), [ir.IntType(64)]))
    builder.call(put, [value])


def _read_nothing(_: Any) -> Any:
    return ir.Constant(ir.IntType(64), 0)


def _write_nothing(_: Any, __: Any) -> None:
    return


_Register = tuple[Callable[[Any], Any], Callable[[Any, Any], None], int]
_X86: _Register = (_read_mxcsr, _write_mxcsr, 1 << 15 | 1 << 6)
_ARM: _Register = (_read_fpcr, _write_fpcr, 1 << 24)
_REGISTERS = {"x86_64": _X86, "AMD64": _X86, "aarch64": _ARM, "arm64": _ARM}
_READ, _WRITE, _FLUSH = _REGISTERS.get(platform.machine(), (_read_nothing, _write_nothing, 0))


@intrinsic
def _read(_: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, ___: Any) -> Any:
        return _READ(builder)

    return types.int64(), generate


@intrinsic
def _write(_: Any, value: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(context: Any, builder: Any, _: Signature, args: Any) -> Any:
        _WRITE(builder, args[0])
        return context.get_dummy_value()

    return types.void(types.int64), generate


@njit("int64(int64)")
def _set_flushing(bits):  # type: ignore[no-untyped-def]
    """Set the bits of flushing as given; returns them as they were."""
    before = _read()
    _write((before & ~_FLUSH) | bits)
    return before & _FLUSH


@contextmanager
def denormals_flushed() -> Iterator[None]:
    """Flush numbers below 1e-38 to 0 in this thread; afterwards as before.

    Adam's moments of weights whose gradient has become 0 decay into them, and arithmetic on them is 4 times slower.
    """
    before = _set_flushing(_FLUSH)
    try:
        yield
    finally:
        _set_flushing(before)
