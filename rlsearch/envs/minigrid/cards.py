"""The cards of the family: one for each id, from a table for each generator."""

from collections.abc import Iterable

from rlsearch.envs.card import Card, Option

VIEWS = ("full", "onehot", "partial")

_VIEW = Option.among(
    "What is seen: each cell's kind, colour and state scaled to [0, 1], the same as bits, or the 7 x 7 cells before the agent.",
    *VIEWS,
)
_MOVES = "3: turn left, turn right, go forward"
_ALL = "7: turn left, turn right, go forward, pick up, drop, toggle, done"
_RANDOM = "random: mean of 1,000,000 episodes, standard error below 0.001"
_FIXED = f"{_RANDOM}; optimum: the shortest plan"
_PLANNED = f"{_RANDOM}; optimum: the shortest plan, mean over 10,000 layouts, standard error below 0.001"
_WALKED = (
    f"{_RANDOM}; best known: the shortest way that balls leave, mean of 100,000 episodes, standard error below 0.0002; "
    "for 5 x 5 cells dynamic programming finds nothing better"
)

# What follows MiniGrid- in an id, most steps, the returns of the random policy and of the best, and what the module reads.
_Row = tuple[str, int, float, float, dict[str, float]]


def _table(
    module: str,
    rows: Iterable[_Row],
    *,
    doc: str,
    goal: str,
    skills: tuple[str, ...],
    actions: str = _ALL,
    references: str = _PLANNED,
    otherwise: str = "else 0",
    mission: str = "",
) -> tuple[Card, ...]:
    """Cards of one module. `doc` may name its numbers in braces."""
    return tuple(
        Card(
            id=f"MiniGrid-{name}",
            module=f"rlsearch.envs.minigrid.{module}",
            doc=doc.format(**numbers),
            source="MiniGrid 3.2 (Chevalier-Boisvert et al. 2023); full view as in Co-Reyes et al. 2021",
            skills=skills,
            actions=actions,
            observation=f"by the view: 3 numbers in [0, 1] or several bits for each cell, or 147 numbers{mission}",
            reward=f"1 - 0.9 * steps / {max_steps} for {goal}, {otherwise}",
            references=references,
            horizon=max_steps,
            gamma=0.99,
            options={"view": _VIEW},
            settings={"max_steps": max_steps, "random_return": random, "optimal_return": best, **numbers},
            oracle=f"MiniGrid-{name}",
            fps=10,
        )
        for name, max_steps, random, best, numbers in rows
    )


CARDS = (
    *_table(
        "empty",
        [
            ("Empty-5x5-v0", 100, 0.199996, 0.955, {"size": 5, "anywhere": 0}),
            ("Empty-6x6-v0", 144, 0.137651, 0.95625, {"size": 6, "anywhere": 0}),
            ("Empty-8x8-v0", 256, 0.085047, 0.961328125, {"size": 8, "anywhere": 0}),
            ("Empty-16x16-v0", 1024, 0.037913, 0.97626953125, {"size": 16, "anywhere": 0}),
        ],
        doc="Go from one corner of an empty room to the goal in another; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("basic", "exploration"),
        references=_FIXED,
    ),
    *_table(
        "empty",
        [
            ("Empty-Random-5x5-v0", 100, 0.315984, 0.968746, {"size": 5, "anywhere": 1}),
            ("Empty-Random-6x6-v0", 144, 0.262963, 0.971857, {"size": 6, "anywhere": 1}),
        ],
        doc="Go from anywhere in an empty room to the goal in a corner; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("basic", "generalisation"),
    ),
    *_table(
        "doorkey",
        [
            ("DoorKey-5x5-v0", 250, 0.033925, 0.964716, {"size": 5}),
            ("DoorKey-6x6-v0", 360, 0.019389, 0.969317, {"size": 6}),
            ("DoorKey-8x8-v0", 640, 0.009171, 0.976462, {"size": 8}),
        ],
        doc="Fetch a key, unlock the door and reach the goal behind it; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("exploration", "credit assignment", "generalisation"),
    ),
    *_table(
        "obstacles",
        [
            ("Dynamic-Obstacles-5x5-v0", 100, -0.986512, 0.907263, {"size": 5, "anywhere": 0, "balls": 2}),
            ("Dynamic-Obstacles-6x6-v0", 144, -0.995174, 0.921401, {"size": 6, "anywhere": 0, "balls": 3}),
            ("Dynamic-Obstacles-8x8-v0", 256, -0.998035, 0.946097, {"size": 8, "anywhere": 0, "balls": 4}),
            ("Dynamic-Obstacles-Random-5x5-v0", 100, -0.801803, 0.946782, {"size": 5, "anywhere": 1, "balls": 2}),
            ("Dynamic-Obstacles-Random-6x6-v0", 144, -0.863318, 0.95494, {"size": 6, "anywhere": 1, "balls": 3}),
        ],
        doc="Reach the goal in a room where {balls} balls move at random; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("stochasticity", "exploration"),
        actions=_MOVES,
        references=_WALKED,
        otherwise="-1 for running into a ball or a wall, else 0",
    ),
    *_table(
        "lavagap",
        [
            ("LavaGapS5-v0", 100, 0.04148, 0.946077, {"size": 5}),
            ("LavaGapS6-v0", 144, 0.019351, 0.948421, {"size": 6}),
            ("LavaGapS7-v0", 196, 0.010766, 0.952244, {"size": 7}),
        ],
        doc="Reach the goal through a gap in lava, which ends the episode; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("exploration", "generalisation"),
    ),
    *_table(
        "crossing",
        [
            ("LavaCrossingS9N1-v0", 324, 0.004562, 0.960532, {"size": 9, "crossings": 1, "lava": 1}),
            ("LavaCrossingS9N2-v0", 324, 0.000779, 0.955398, {"size": 9, "crossings": 2, "lava": 1}),
            ("LavaCrossingS9N3-v0", 324, 0.000332, 0.954233, {"size": 9, "crossings": 3, "lava": 1}),
        ],
        doc="Reach the goal across lava, which ends the episode (rivers: {crossings}); {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("exploration", "generalisation"),
    ),
    *_table(
        "crossing",
        [
            ("SimpleCrossingS9N1-v0", 324, 0.019149, 0.960532, {"size": 9, "crossings": 1, "lava": 0}),
            ("SimpleCrossingS9N2-v0", 324, 0.011737, 0.955398, {"size": 9, "crossings": 2, "lava": 0}),
            ("SimpleCrossingS9N3-v0", 324, 0.010934, 0.954233, {"size": 9, "crossings": 3, "lava": 0}),
        ],
        doc="Reach the goal through openings in walls (walls: {crossings}); {size} x {size} cells, outer walls included.",
        goal="reaching it",
        skills=("exploration", "generalisation"),
    ),
    *_table(
        "fourrooms",
        [("FourRooms-v0", 100, 0.01907, 0.855163, {"size": 19})],
        doc="Reach the goal anywhere in four rooms joined by gaps; {size} x {size} cells, walls included.",
        goal="reaching it",
        skills=("exploration", "generalisation", "scale"),
    ),
    *_table(
        "multiroom",
        [
            ("MultiRoom-N2-S4-v0", 40, 0.008752, 0.842574, {"size": 25, "rooms": 2, "longest": 4}),
            ("MultiRoom-N4-S5-v1", 80, 1e-6, 0.770621, {"size": 25, "rooms": 4, "longest": 5}),
        ],
        doc="Open doors through a chain of {rooms} rooms to the goal in the last; {size} x {size} cells, few of them rooms.",
        goal="reaching it",
        skills=("exploration", "credit assignment", "generalisation", "scale"),
    ),
    *_table(
        "keycorridor",
        [
            ("KeyCorridorS3R1-v0", 270, 0.01877, 0.951075, {"side": 3, "rows": 1}),
            ("KeyCorridorS3R2-v0", 270, 0.002417, 0.938439, {"side": 3, "rows": 2}),
            ("KeyCorridorS3R3-v0", 270, 0.000825, 0.931358, {"side": 3, "rows": 3}),
        ],
        doc="Find the key to the locked room, open it, drop the key and pick up the ball; 3 x {rows} rooms.",
        goal="the ball",
        skills=("exploration", "credit assignment", "generalisation"),
    ),
    *_table(
        "unlock",
        [("Unlock-v0", 288, 0.022442, 0.970637, {"box": 0})],
        doc="Fetch the key and unlock the door; two rooms of 6 x 6 cells, walls included.",
        goal="the open door",
        skills=("exploration", "credit assignment", "generalisation"),
    ),
    *_table(
        "unlock",
        [("UnlockPickup-v0", 288, 0.00083, 0.948606, {"box": 1})],
        doc="Fetch the key, unlock the door, drop the key and pick up the box; two rooms of 6 x 6 cells, walls included.",
        goal="the box",
        skills=("exploration", "credit assignment", "generalisation"),
    ),
    *_table(
        "gotodoor",
        [
            ("GoToDoor-5x5-v0", 100, 0.052805, 0.96612, {"size": 5}),
            ("GoToDoor-6x6-v0", 144, 0.041019, 0.973502, {"size": 6}),
            ("GoToDoor-8x8-v0", 256, 0.027929, 0.981853, {"size": 8}),
        ],
        doc="Go beside the door of a given colour and say done; rooms of up to {size} x {size} cells, walls included.",
        goal="saying so there",
        skills=("generalisation", "exploration"),
        otherwise="else 0; done and toggle end the episode",
        mission=", and 6 bits for the colour",
    ),
)
