"""What others write for what losses of the replay regime read: names of papers and of code, and functions of a network."""

from rlsearch.op import Spelling

TD_TARGET = "(r + discount * max(q(target, s_next)))"
ENDED = "discount is 0 where the episode terminated, else gamma"
UNNAMED = "a name is given its value first"
WHOSE = "say whose values these are, online's or target's"
SPELLINGS = (
    # Names of exactly what there is.
    Spelling("reward|rewards|rew|rews", "r"),
    Spelling("action|actions|act|acts", "a"),
    Spelling("state|states|obs|observation|observations", "s"),
    Spelling("next_state|next_states|next_obs|next_observation|next_observations|new_state|new_obs|state_next", "s_next"),
    Spelling("obs_next|s_prime|sp|s_tp1|state_prime|states_next", "s_next"),
    Spelling("next_action|next_actions|action_next|actions_next|a_prime|a_tp1", "a_next"),
    Spelling("online_net|online_network|policy_net|q_online_net|theta|θ", "online"),
    Spelling("target_net|target_network|q_target_net|theta_target|theta_minus", "target"),
    Spelling("n_actions|num_action|n_action|action_count|number_of_actions|nA", "num_actions"),
    Spelling("behavior_prob|behaviour_probability|behavior_probability", "behaviour_prob"),
    # What is here in another way.
    Spelling("gamma * (1 - done)", "discount"),
    Spelling("gamma * not_done", "discount"),
    Spelling("gamma|γ|discount_factor|gammas", "discount", ENDED),
    Spelling("1 - done", "discount > 0", ENDED),
    Spelling("done|dones|terminated|terminateds|terminal|terminals|is_terminal|terminations", "discount <= 0", ENDED),
    Spelling("not_done|not_dones|nonterminal|non_terminal|not_terminal|continues|mask|masks", "discount > 0", ENDED),
    Spelling(
        "truncated|truncateds|truncations|timeout", "", "an episode that the clock cut off goes on: discount is gamma there"
    ),
    Spelling("r_next|next_reward|reward_next|r_tp1|rewards_next", "r_n", "later rewards are read as r_n, their discounted sum"),
    Spelling("rtg|returns|G|reward_to_go|mc_return", "return_to_go", "it is 0 where has_return is"),
    Spelling("td_target|target_value|q_targets|td_targets", TD_TARGET, UNNAMED),
    Spelling("delta|δ|td_error|td|td_errors", f"q(online, s)[a] - {TD_TARGET}", UNNAMED),
    Spelling("q_sa|q_values|q_value|q_a|qsa|current_q|current_q_values", "q(online, s)[a]", UNNAMED),
    Spelling("q_next|next_q|next_q_values|q_next_max|max_next_q", "max(q(target, s_next))", UNNAMED),
    Spelling("q_target|target_q|q_targ|target_q_values|Q_target", "q(target, s_next)", UNNAMED),
    # Networks.
    Spelling("Q|q_net|q_network|qf|q_function(NET, x)", "q(NET, x)"),
    Spelling("q|Q(NET, x, i)", "q(NET, x)[i]"),
    Spelling(
        "q|Q|q_values|q_net|q_network|qf|q_online|Q_online|online|online_net|policy_net(STATE)", "q(online, STATE)", WHOSE
    ),
    Spelling("q|Q|q_values|q_net|q_network|qf|q_online|Q_online|online(STATE, i)", "q(online, STATE)[i]", WHOSE),
    Spelling("q|Q|q_online|Q_online[STATE, i]", "q(online, STATE)[i]", WHOSE),
    Spelling("q_target|Q_target|target_q|q_targ|Q_targ|target|target_net|target_network(STATE)", "q(target, STATE)", WHOSE),
    Spelling("q_target|Q_target|target_q|q_targ|Q_targ|target|target_net(STATE, i)", "q(target, STATE)[i]", WHOSE),
    Spelling("q_target|Q_target|target_q|q_targ|Q_targ[STATE, i]", "q(target, STATE)[i]", WHOSE),
    Spelling("V|v|value(STATE)", "max(q(online, STATE))", "there are action values only; a state's value is the best of them"),
    Spelling("pi|policy(STATE)", "softmax(q(online, STATE))", "there are action values only; a policy can be their softmax"),
    Spelling("one_hot|onehot(i)", "one_hot(i, q(online, s))"),
    Spelling("one_hot|onehot(i, num_actions)", "one_hot(i, q(online, s))"),
)
