"""Where the commands look for releases: in one place, whichever of them is asked."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from netral.cli import app

COMMANDS = ("model list", "model show", "model verify", "model use 0123", "explain coblos", "explain coblos --model 0123")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("environment", "option", "folder"),
    [
        ({}, [], "models"),
        ({"NETRAL_MODELS": ""}, [], "models"),
        ({"NETRAL_MODELS": "releases"}, [], "releases"),
        ({"NETRAL_MODELS": "releases"}, ["--models-dir", "others"], "others"),
    ],
)
def test_the_option_goes_before_the_environment_and_models_is_the_default(tmp_path, monkeypatch, command, environment, option, folder):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [*command.split(), *option], env=environment)
    said = f"{done.output}{done.exception}"
    assert f"{folder}: no release" in said or f"{folder} has: none" in said
