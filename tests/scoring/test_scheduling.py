"""The files of docs/scheduling are what their schedulers accept, and call `netral score` as it is."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import typer
import yaml

from netral import errors
from netral.cli import app

DOCS = Path(__file__).parents[2] / "docs" / "scheduling"
RETRIED_BY_A_PERSON = {2, 3, 4, 5, 7, 8, 10}


def commands() -> dict[str, str]:
    """Every call of `netral score` in the three schedulers, as a shell sees it."""
    cron = [line for line in (DOCS / "crontab").read_text(encoding="utf-8").splitlines() if re.match(r"[\d*]", line)]
    service = re.search(r"^ExecStart=(.*)$", (DOCS / "netral-score.service").read_text(encoding="utf-8"), re.M)
    assert service
    job = yaml.safe_load((DOCS / "cronjob.yaml").read_text(encoding="utf-8"))
    container = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    return {
        **{f"cron {number}": line.split(None, 5)[5].replace(r"\%", "%") for number, line in enumerate(cron)},
        "systemd": shlex.split(service[1].replace("$$", "$").replace("%%", "%"))[-1],
        "kubernetes": container["args"][0],
    }


@pytest.mark.parametrize("name", ["cron 0", "cron 1", "systemd", "kubernetes"])
def test_the_calls_are_calls_of_netral_score(name):
    script = commands()[name]
    subprocess.run(["/bin/sh", "-n", "-c", script], check=True)
    words = shlex.split(re.search(r"\bnetral score (.*?)(?: 2>>|$)", script, re.S)[1])
    command = typer.main.get_command(app).commands["score"]
    values = command.make_context("score", words).params
    assert values["resume"] is True
    assert values["out"].endswith(".parquet")
    assert values["max_rejected"] == "1%"


def test_every_percent_sign_of_the_crontab_is_escaped():
    for line in (DOCS / "crontab").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or not re.search(r"(?<!\\)%", line)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_units(tmp_path):
    for name in ("netral-score.service", "netral-score.timer"):
        shutil.copy(DOCS / name, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", "./netral-score.timer", "./netral-score.service"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_cronjob_fits_its_schema():
    schema = json.loads(Path(__file__).with_name("cronjob.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    job = yaml.safe_load((DOCS / "cronjob.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(job, schema)
    job["spec"]["concurencyPolicy"] = "Forbid"
    with pytest.raises(jsonschema.ValidationError, match="concurencyPolicy"):
        jsonschema.validate(job, schema)


def test_no_scheduler_tries_again_what_only_a_person_can_mend():
    service = (DOCS / "netral-score.service").read_text(encoding="utf-8")
    prevented = re.search(r"^RestartPreventExitStatus=(.*)$", service, re.M)
    assert prevented
    assert set(map(int, prevented[1].split())) == RETRIED_BY_A_PERSON
    spec = yaml.safe_load((DOCS / "cronjob.yaml").read_text(encoding="utf-8"))["spec"]["jobTemplate"]["spec"]
    rules = [rule for rule in spec["podFailurePolicy"]["rules"] if rule["action"] == "FailJob"]
    assert set(rules[0]["onExitCodes"]["values"]) == RETRIED_BY_A_PERSON
    assert spec["template"]["spec"]["restartPolicy"] == "Never"  # podFailurePolicy asks for it


def test_the_table_of_exit_codes_is_that_of_the_program():
    table = (DOCS / "README.md").read_text(encoding="utf-8")
    named = {int(code) for line in re.findall(r"^\| ([\d, ]+) \|", table, re.M) for code in line.split(",")}
    ours = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.NetralError)}
    assert ours - {errors.GatesFailed.exit_code} <= named
    assert {0, 130, 143} <= named
