"""Classic control: small physical systems, ported from Gymnasium and bsuite bit for bit where the platform allows it."""

from dataclasses import replace

from rlsearch.envs.card import Card, Option

CARTPOLE = Card(
    id="CartPole-v1",
    module="rlsearch.envs.classic_control.cartpole",
    doc="Keep a pole upright on a cart by pushing the cart left or right.",
    source="Gymnasium 1.4 CartPole-v1; Barto, Sutton and Anderson 1983",
    skills=("basic",),
    actions="2: push left, push right",
    observation="4: position, velocity, angle, angular velocity",
    reward="1 every step, the last one too",
    references="random: measured over 20 million episodes; optimum: the horizon",
    horizon=500,
    gamma=0.99,
    settings={"optimal_return": 500.0},
    oracle="CartPole-v1",
    fps=50,
)

CARTPOLE_V0 = replace(
    CARTPOLE,
    id="CartPole-v0",
    source="Gymnasium 1.4 CartPole-v0; Barto, Sutton and Anderson 1983",
    horizon=200,  # hardly any random episode is as long, so their mean is the same
    settings={"optimal_return": 200.0},
    oracle="CartPole-v0",
)

MOUNTAIN_CAR = Card(
    id="MountainCar-v0",
    module="rlsearch.envs.classic_control.mountain_car",
    doc="Drive a car that is too weak out of a valley by swinging up on both sides.",
    source="Gymnasium 1.4 MountainCar-v0; Moore 1990",
    skills=("exploration",),
    actions="3: push left, none, push right",
    observation="2: position in [-1.2, 0.6], velocity per step in [-0.07, 0.07]",
    reward="-1 every step, the last one too",
    references="random: none of 10 million episodes got out; best known: dynamic programming on a grid of 1200 x 1201 states "
    "and a look one step ahead, -97.9 over 10,000 episodes (standard error 0.07)",
    horizon=200,
    gamma=0.99,
    oracle="MountainCar-v0",
    fps=30,
)

ACROBOT = Card(
    id="Acrobot-v1",
    module="rlsearch.envs.classic_control.acrobot",
    doc="Swing the free end of two hanging links above a line by a motor at the joint between them.",
    source="Gymnasium 1.4 Acrobot-v1; Sutton 1996",
    skills=("exploration", "credit assignment"),
    actions="3: torque of -1, 0 or 1 N m on the joint",
    observation="6: cosine and sine of the first angle, of the second, angular velocities in [-4 pi, 4 pi] and [-9 pi, 9 pi]",
    reward="-1 every step, 0 on the one that reaches the line",
    references="random: measured over 300,000 episodes (standard error 0.02); best known: shortest plans by breadth-first "
    "search that keeps one state a cell, -59.05 over 20 starts (standard error 0.09)",
    horizon=500,
    gamma=0.99,
    oracle="Acrobot-v1",
    fps=15,
)

PENDULUM = Card(
    id="Pendulum-v1",
    module="rlsearch.envs.classic_control.pendulum",
    doc="Swing a pendulum up by a motor that is too weak to lift it at once, and hold it there.",
    source="Gymnasium 1.4 Pendulum-v1, whose torque is any number; here it is one of a few, evenly from -2 to 2 N m",
    skills=("basic", "credit assignment"),
    actions="5, or as many as `torques` says: torques evenly from -2 to 2 N m",
    observation="3: cosine and sine of the angle from upright, angular velocity in [-8, 8] radians per second",
    reward="-(angle^2 + 0.1 velocity^2 + 0.001 torque^2) before the step, from -16.3 to 0; no episode ends early",
    references="random: measured over 500,000 episodes (standard error 0.4); best known: dynamic programming on a grid of "
    "401 x 401 states and a look one step ahead, -137.4 from 5000 starts spread evenly; both for 5 torques, and within 3 and "
    "0.4 of that for others",
    horizon=200,
    gamma=0.99,
    options={"torques": Option("Number of torques.", 5, 3, 15)},
    oracle="Pendulum-v1",
    fps=30,
)

CARTPOLE_SWINGUP = Card(
    id="CartPoleSwingUp",
    module="rlsearch.envs.classic_control.cartpole_swingup",
    doc="Swing a hanging pole up by moving its cart, and hold it there, though every push costs.",
    source="bsuite 0.3 cartpole_swingup (Osband et al. 2020)",
    skills=("exploration",),
    actions="3: push left, none, push right",
    observation="8: position / 3, velocity / 3, sine and cosine of the angle, angular velocity, time / 10, whether the cart is "
    "within 1 m of the centre and the pole slower than 1 radian per second (1 or -1)",
    reward="1 where both hold and the cosine is above 0.5, else 0; a push costs 0.1; beyond 3 m the episode ends",
    references="random: measured over a million episodes (standard error 0.02); best known: a tuned controller, 854.0 over "
    "5000 episodes (standard error 0.2)",
    horizon=1001,
    gamma=0.99,
    fps=100,
)

SPLIT = "train"
CARDS = (ACROBOT, CARTPOLE, CARTPOLE_V0, CARTPOLE_SWINGUP, MOUNTAIN_CAR, PENDULUM)
