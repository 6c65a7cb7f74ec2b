"""Powers, roots and absolute values."""

from rlsearch.op import Op, Spelling, Variant

OPS = (
    Op(
        name="abs",
        args=("a",),
        doc="Absolute value.",
        torch="torch.abs(a)",
        numpy="abs(a)",
        partials=("sign(a)",),
        sympy="Abs(a)",
        latex="\\left|{a}\\right|",
        plain="|{a}|",
        source="elementary",
        domain=((-3.0, 3.0),),
        even=True,
        projection=True,
        nonnegative=True,
        spellings=(
            Spelling("absolute|fabs(x)", "abs(x)"),
            Spelling("l1_loss(x, y)", "abs(x - y)"),
        ),
    ),
    Op(
        name="square",
        args=("a",),
        doc="Square.",
        torch="a * a",
        numpy="a * a",
        partials=("2 * a",),
        sympy="a**2",
        latex="{a}^{{2}}",
        plain="{a}²",
        source="elementary",
        domain=((-3.0, 3.0),),
        even=True,
        nonnegative=True,
        spellings=(
            Spelling("sq|sqr(x)", "x**2"),
            Spelling("mse_loss|squared_error(x, y)", "(x - y)**2"),
        ),
    ),
    Op(
        name="half_square",
        args=("a",),
        doc="Half of the square: its derivative is the argument itself.",
        torch="0.5 * a * a",
        numpy="0.5 * a * a",
        partials=("a",),
        sympy="a**2 / 2",
        latex="\\tfrac{{1}}{{2}} {a}^{{2}}",
        plain="½ {a}²",
        source="Co-Reyes et al. 2021, L2Distance",
        domain=((-3.0, 3.0),),
        even=True,
        nonnegative=True,
    ),
    Op(
        name="sqrt",
        args=("a",),
        doc="Square root of the argument or of 1e-6, whichever is larger.",
        torch="torch.sqrt(torch.clamp(a, min=1e-6))",
        numpy="sqrt(maximum(a, 1e-6))",
        partials=("where(a >= 1e-6, 0.5 / y, 0)",),
        sympy="sqrt(Max(a, Rational(1, 10**6)))",
        latex="\\sqrt{{{a}}}",
        plain="√({a})",
        source="elementary, guarded",
        domain=((0.1, 3.0),),
        nonnegative=True,
        spellings=(Spelling("rsqrt(x)", "1 / sqrt(x)"),),
    ),
    # Where a power is defined this is it, so x**3 keeps its sign. Where it is not, or has no end, it is guarded: of a negative
    # number a fractional power is that of its absolute value, as the logarithm is, and below an exponent of 1, whose slope or
    # value has no bound at 0, sizes below 1e-6 count as 1e-6, as a divisor's and a root's do.
    Op(
        name="power",
        args=("a", "p"),
        doc="The power of a literal exponent; a fractional one is of the absolute value, and below 1 of 1e-6 at least.",
        torch="(a if p % 2 == 1 else torch.abs(a)) ** p if p >= 1 else "
        "(torch.where(a < 0, -1.0, 1.0) * torch.clamp(torch.abs(a), min=1e-6) ** p if p % 2 == 1 "
        "else torch.clamp(torch.abs(a), min=1e-6) ** p)",
        numpy="where(p % 2 == 1, where(a < 0, -1, 1), 1) * maximum(abs(a), where(p < 1, 1e-6, 0)) ** p",
        partials=("where(abs(a) >= where(p < 1, 1e-6, 1e-30), p * y / where(a == 0, 1, a), where(p == 1, 1, 0))", None),
        sympy="(a**p if p.is_integer else Abs(a)**p) if p >= 1 else "
        "Max(Abs(a), Rational(1, 10**6))**p * (Piecewise((-1, a < 0), (1, True)) if Eq(p % 2, 1) else 1)",
        latex="{a}^{{{p}}}",
        plain="{a}^({p})",
        variants=(Variant("p % 1 != 0", "\\left|{a}\\right|^{{{p}}}", "|{a}|^({p})"),),
        source="elementary; guarded as in genetic programming, Koza 1992",
        domain=((-3.0, 3.0), (1.5, 3.0)),
        literals=("p",),
        otherwise="exp(p * log(a))",
        spellings=(
            Spelling("pow|float_power(x, y)", "x**y"),
            Spelling("cbrt(x)", "sign(x) * power(x, 1 / 3)"),
            Spelling("reciprocal(x)", "1 / x"),
        ),
    ),
)
