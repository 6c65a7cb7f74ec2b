"""Gradient: ops that change the gradient and keep the value."""

from rlsearch.op import Op, Spelling

OPS = (
    Op(
        name="stop",
        args=("a",),
        doc="The value, with no gradient.",
        torch="a.detach()",
        numpy="a + 0",
        partials=(None,),
        sympy="a",
        latex="\\operatorname{{sg}}\\left({a}\\right)",
        plain="sg({a})",
        source="stop-gradient; Mnih et al. 2015",
        domain=((-3.0, 3.0),),
        odd=True,
        projection=True,
        spellings=(Spelling("sg|detach|stop_gradient|stop_grad|stopgrad|no_grad|stopgradient|StopGradient(x)", "stop(x)"),),
    ),
)
