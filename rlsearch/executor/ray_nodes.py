"""The nodes of a Ray cluster, seen from the bridge: which are alive, what they offer, and whether they are alike."""

from collections.abc import Sequence
from typing import Any

from rlsearch.errors import RunError
from rlsearch.executor.protocol import Resource
from rlsearch.executor.ray_node import CPU, Facts, differences, nodes_by_cpu_model


class Nodes:
    """The live nodes that may work, those with a CPU.

    Attributes:
        names: by Ray's identity of them.
        slots: how many pieces of work they run at once, by what the work needs; empty before the first `refresh`.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.slots: dict[Resource, int] = {}

    def refresh(self) -> bool:
        """Ask Ray which nodes are alive; True if the slots have changed."""
        import ray

        alive = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        self.names = {node["NodeID"]: f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})" for node in alive}
        cores = [int(node["Resources"]["CPU"]) for node in alive]
        gpus = [int(node["Resources"].get("GPU", 0)) for node in alive]
        before, self.slots = self.slots, {Resource.CORE: sum(cores), Resource.GPU: sum(map(min, cores, gpus))}
        return self.slots != before

    def run_on_each(self, function: Any, *given: Any) -> dict[str, Any]:
        """Values of a function on every node; a node that dies of it, or meanwhile, has none.

        Raises:
            RunError: it fails on one of them.
        """
        import ray
        from ray.exceptions import RayError, RayTaskError
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        asked = {
            node: function.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)).remote(*given)
            for node in self.names
        }
        found: dict[str, Any] = {}
        for node, promise in asked.items():
            try:
                found[node] = ray.get(promise)
            except RayTaskError as error:
                raise RunError(f"node {self.names[node]} cannot run rlsearch: {last_line(error)}; install it there") from None
            except RayError:
                continue
        return found


def common_requirements(required: Facts, found: Sequence[tuple[str, Facts]], mixed: bool) -> Facts:
    """The facts that every node has to share from now on: those required already and, unless `mixed`, the CPU model.

    Args:
        found: name and facts of each node, of one at least; two on one machine have the same name.

    Raises:
        RunError: a node is not as required, or the nodes have different CPU models and are not `mixed`.
    """
    for name, facts in found:
        if difference := differences(required, facts):
            raise RunError(f"node {name} has {difference}; install there what is on this machine")
    if mixed:
        return required
    model, *others = by_model = nodes_by_cpu_model(found)
    if others:
        listed = "; ".join(f"'{model}': {', '.join(names)}" for model, names in by_model.items())
        raise RunError(
            f"the nodes have different CPU models, whose results may differ in the last bits ({listed}); "
            "take some out of the cluster, or type --mixed-cpus"
        )
    return {**required, CPU: model}


def last_line(error: Any) -> str:
    """The last line of what Ray has to say of an error."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return str(lines[-1][:200])
