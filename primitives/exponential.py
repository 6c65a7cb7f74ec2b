"""Exponential and logarithm, guarded."""

from rlsearch.op import Op, Spelling

OPS = (
    Op(
        name="exp",
        args=("a",),
        doc="Exponential; arguments above 20 count as 20.",
        torch="torch.exp(torch.clamp(a, max=20.0))",
        numpy="exp(minimum(a, 20.0))",
        partials=("where(a <= 20.0, y, 0)",),
        sympy="exp(Min(a, 20))",
        latex="\\exp\\left({a}\\right)",
        plain="exp({a})",
        source="Co-Reyes et al. 2021, Exp (clipped)",
        domain=((-3.0, 3.0),),
        nonnegative=True,
        spellings=(Spelling("expm1(x)", "exp(x) - 1"),),
    ),
    Op(
        name="log",
        args=("a",),
        doc="Logarithm of the absolute value or of 1e-6, whichever is larger.",
        torch="torch.log(torch.clamp(torch.abs(a), min=1e-6))",
        numpy="log(maximum(abs(a), 1e-6))",
        partials=("where(abs(a) >= 1e-6, 1 / where(abs(a) >= 1e-6, a, 1), 0)",),
        sympy="log(Max(Abs(a), Rational(1, 10**6)))",
        latex="\\log\\left|{a}\\right|",
        plain="log|{a}|",
        source="Co-Reyes et al. 2021, Log (of the absolute value)",
        domain=((0.1, 3.0),),
        even=True,
        spellings=(
            Spelling("ln(x)", "log(x)"),
            Spelling("log1p(x)", "log(1 + x)"),
            Spelling("log2(x)", "log(x) / 0.6931471805599453"),
            Spelling("log10(x)", "log(x) / 2.302585092994046"),
        ),
    ),
)
