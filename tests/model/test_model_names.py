"""A model and the names of an election: another name changes nothing, and what is no gazetteer is refused."""

from __future__ import annotations

import pytest
import yaml

from netral.errors import InputError
from netral.model.gazetteers import read_gazetteer
from netral.text.gazetteer import Gazetteer
from tests.building import ELECTIONS, bundled


@pytest.mark.parametrize(
    "post",
    [
        "Ayo dukung {name} di TPS!",
        "Jangan pilih {name}, janji {name} palsu semua",
        "#Pilih{tag} menang satu putaran",
        "{name}: debat berlangsung tertib",
        "Kami {party} siap menangkan {name}",
    ],
)
def test_with_a_gazetteer_another_name_changes_nothing(tiny_model, post):
    people = ("Hendrawan Sukmajati", "Lilis Purnamawati", "Gus Ramdhan", "Wayan Suteja")
    parties = ("Partai Mentari Desa", "Partai Gelombang Rakyat")
    names = Gazetteer("invented", people, parties)
    texts = [post.format(name=name, tag=name.split()[0], party=party) for name in people for party in parties]
    long_tags = [text for text in texts if "#" not in text or "Gus" not in text]  # three letters are too few to find within a tag
    assert len(set(tiny_model.predict_proba(long_tags, names))) == 1


def test_a_gazetteer_may_be_a_path_and_is_read_once_per_content(tiny_model):
    path = next(iter(sorted(ELECTIONS.glob("*.yaml"))))
    names = read_gazetteer(path)
    post = f"Ayo dukung {names.candidates[0]}, menangkan {names.candidates[1]}!"
    assert (
        tiny_model.predict_proba([post], path)[0]
        == tiny_model.predict_proba([post], str(path))[0]
        == tiny_model.predict_proba([post], names)[0]
    )
    assert tiny_model.scorer(path) is tiny_model.scorer(names)
    assert tiny_model.scorer() is not tiny_model.scorer(names)


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "text",
        "null",
        "{}",
        "election: x\nsides: [1]",
        "election: x\nsides: [{candidates: [{aliases: [a]}]}]",
        "election: x\nparties: 3",
        "a: [",
        "a: \x00",
    ],
)
def test_what_is_no_gazetteer_is_an_input_error(tiny_model, tmp_path, content):
    path = tmp_path / "names.yaml"
    path.write_text(content)
    with pytest.raises(InputError, match=r"names\.yaml") as refused:
        tiny_model.decide(["halo"], path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("names", [{}, {"election": "x"}, 5])
def test_what_is_neither_a_gazetteer_nor_a_path_is_a_type_error(tiny_model, names):
    with pytest.raises(TypeError, match="as gazetteer, expected"):
        tiny_model.decide(["halo"], names)


def test_a_gazetteer_that_is_not_there_is_an_input_error(tiny_model, tmp_path):
    with pytest.raises(InputError, match=r"gone\.yaml"):
        tiny_model.decide(["halo"], tmp_path / "gone.yaml")


def test_a_gazetteer_without_names_changes_nothing(tiny_model, tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text(yaml.safe_dump({"election": "x"}))
    texts = bundled().text[::50].tolist()
    assert tiny_model.predict_proba(texts, path).tolist() == tiny_model.predict_proba(texts).tolist()


def test_a_gazetteer_with_a_misspelt_key_is_refused_by_name(tmp_path):
    path = tmp_path / "pilkada-x.yaml"
    path.write_text("election: pilkada-x\nsides: [{candidates: [{name: Ani, alias: [An]}]}]\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"pilkada-x\.yaml: unknown key 'alias'"):
        read_gazetteer(path)


def test_an_account_and_its_owner_score_alike(tiny_model, tmp_path):
    path = tmp_path / "pilkada-x.yaml"
    path.write_text("election: pilkada-x\nsides: [{candidates: [{name: Sarwinda, handles: ['@sarwinda_x']}]}]\n", encoding="utf-8")
    posts = ["tolak Sarwinda lagi", "tolak @sarwinda_x lagi", "(@SARWINDA_X) menang", "(Sarwinda) menang"]
    found = tiny_model.predict_proba(posts, gazetteer=path)
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert tiny_model.predict_proba(posts[:2])[0] != tiny_model.predict_proba(posts[:2])[1]
