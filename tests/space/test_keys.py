"""Every key has its description, and its default is the model's."""

from rlsearch.space.keys import keys
from rlsearch.space.model import Evolution, Rung, SpaceModel


def test_no_key_is_without_a_description():
    for key in keys():
        assert key.doc.endswith(".") and "\n" not in key.doc, key


def test_keys_are_named_as_yaml_has_them():
    named = [(key.section, key.name) for key in keys()]
    assert named[0] == ("", "regime") and named[-1] == ("agent", "epsilon_steps")
    assert ("rungs", "pass") in named and len(set(named)) == len(named) == 53


def test_defaults_are_those_of_the_models():
    found = {(key.section, key.name): key.default for key in keys()}
    assert found["", "free_nodes"] == str(SpaceModel.model_fields["free_nodes"].default) == "7"
    assert found["evolution", "fresh"] == f"{Evolution.model_fields['fresh'].default:g}"
    assert found["evolution", "mutations"].startswith("{replace_node: 3, ")
    assert found["", "freeze_given"] == "true"
    assert found["rungs", "steps"] == "" and Rung.model_fields["steps"].is_required()
    assert found["rungs", "pass"] == found["", "evolution"] == found["", "constants"] == found["agent", "batch"] == ""
    assert found["agent", "n_step"] == "3"
