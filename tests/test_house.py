"""The rules of the house that no single room can keep: who imports whom, what importing does, names, sizes, origins."""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import yaml

from netral.params import Params
from netral.stages import STAGES
from tests.building import ROOT, bundled

PACKAGE = ROOT / "pipeline" / "netral"
MODULES = {
    ".".join(("netral", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path for path in PACKAGE.rglob("*.py")
}
#: The floors of the house, lowest first; rooms on one floor do not import each other.
FLOORS = (
    ("errors",),
    ("params", "schema", "files", "tables"),
    ("text",),
    ("model",),
    ("scoring", "fit"),
    ("evaluation",),
    ("tracking", "studies"),
    ("stages", "commands"),
    ("cli",),
)
#: Rooms of the second floor that share what they are made of.
SAME_FLOOR = {("params", "files"), ("schema", "files"), ("schema", "tables"), ("params", "schema")}
#: Run by MLflow, by file, and named by `tracking` alone.
APART = "pyfunc"
#: Lines of the longest module; there are no exceptions.
LONGEST = 300
NOT_ON_THE_SCORING_ROAD = ("sklearn", "pandas", "mlflow", "dvc", "scipy", "joblib", "matplotlib")


def room(module: str) -> str:
    return module.split(".")[1]


def imported(path: Path, module: str) -> Iterator[str]:
    """The modules of the package that a file imports, also within functions; not those that only type checkers see."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (
                name if (name := f"{node.module}.{alias.name}") in MODULES else str(node.module)
                for alias in node.names
                if str(node.module).split(".")[0] == "netral"
            )


GRAPH = {module: set(imported(path, module)) - {module} for module, path in MODULES.items()}


def test_every_room_has_its_floor():
    assert {room(module) for module in MODULES if module != "netral"} == {name for floor in FLOORS for name in floor} | {APART}


def test_imports_go_one_way():
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    wrong = [
        f"{module} -> {other}"
        for module, others in GRAPH.items()
        for other in others
        if "netral" not in (module, other) and APART not in (room(module), room(other)) and room(module) != room(other)
        if floor[room(other)] >= floor[room(module)] and (room(module), room(other)) not in SAME_FLOOR
    ]
    assert wrong == []


def test_imports_make_no_circle():
    try:
        TopologicalSorter({module: others for module, others in GRAPH.items() if module != "netral"}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_tracking_is_imported_by_stages_alone_and_pyfunc_by_tracking():
    importers = {
        target: {room(module) for module, others in GRAPH.items() if f"netral.{target}" in others} for target in ("tracking", APART)
    }
    assert importers == {"tracking": {"stages"}, APART: {"tracking"}}


def test_the_classifier_library_stays_in_its_rooms():
    """`fit` is the room of scikit-learn; evaluation and studies may compare with it."""
    users = {
        module
        for module, path in MODULES.items()
        if re.search(r"^\s*(?:from|import) sklearn\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {room(module) for module in users} <= {"fit", "evaluation", "studies", "stages"}


def run(code: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "NETRAL_TRACKING", "MLFLOW_DISABLE_TELEMETRY")
    }
    environment |= {"HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "Agg"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


IMPORT_ALL = """
import importlib, json, logging, socket, sys, threading, warnings
events = []
def watch(event, arguments):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        events.append(event)
    if event in ("os.mkdir", "os.rename", "os.remove", "subprocess.Popen"):
        events.append(f"{event} {arguments[0]}")
    if event == "open" and isinstance(arguments[1], str) and set("wax+") & set(arguments[1]):
        events.append(f"{event} {arguments[0]}")
sys.addaudithook(watch)
before = list(logging.root.handlers), logging.root.level
for name in sys.argv[1:]:
    importlib.import_module(name)
logger = logging.getLogger("netral")
print(json.dumps({
    "events": events, "logging": (list(logging.root.handlers), logging.root.level) == before and not logger.handlers and logger.level == 0,
    "threads": threading.active_count(),
}))
"""


@pytest.mark.parametrize("what", ["netral", "the scoring road", "everything"])
def test_importing_does_nothing(what, tmp_path):
    """In an empty folder that nobody may write to, which is also the home: no file, no connection, no logging."""
    rooms = ("errors", "files", "text", "model", "scoring", "commands", "cli")
    modules = {
        "netral": ["netral"],
        "the scoring road": [module for module in MODULES if module != "netral" and room(module) in rooms],
        "everything": [module for module in MODULES if module != f"netral.{APART}"],
    }[what]
    tmp_path.chmod(0o555)
    done = run(IMPORT_ALL, tmp_path, *modules)
    tmp_path.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"events": [], "logging": True, "threads": 1}
    assert list(tmp_path.iterdir()) == []


SCORE = """
import sys
from netral.cli import main
try:
    main()
finally:
    print("modules", *sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".csv.gz"])
def test_scoring_imports_nothing_of_the_training_side(tiny, tmp_path, suffix):
    source = tmp_path / "posts.csv"
    with open(source, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *((f"p{i}", text) for i, text in enumerate(bundled().text[:10]))])
    done = run(SCORE, tmp_path, "score", str(source), "--out", f"scores{suffix}", "--model", str(tiny), "--explain", "3")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"scores{suffix}").stat().st_size > 0
    (modules,) = [set(line.split()[1:]) for line in done.stdout.splitlines() if line.startswith("modules")]
    assert "netral" in modules
    assert modules.isdisjoint(NOT_ON_THE_SCORING_ROAD)


def test_explaining_and_listing_import_nothing_of_the_training_side(tiny, tmp_path):
    for arguments in (("explain", "Ayo coblos nomor 2!", "--model", str(tiny)), ("model", "list"), ("model", "verify", str(tiny))):
        done = run(SCORE, tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
        assert set(done.stdout.splitlines()[-1].split()).isdisjoint(NOT_ON_THE_SCORING_ROAD)


def test_one_word_per_stage():
    flow = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    sections = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    assert tuple(flow) == STAGES
    assert tuple(name for name in sections if name != "seed") == STAGES == tuple(f.name for f in fields(Params) if f.name != "seed")
    for number, name in enumerate(STAGES, start=1):
        assert flow[name]["cmd"] == f"python -m netral.stages.{name}"
        said = ast.get_docstring(ast.parse(MODULES[f"netral.stages.{name}"].read_text(encoding="utf-8"))) or ""
        assert said.startswith(f"Stage {number} of {len(STAGES)}: ")
        assert (ROOT / "tests" / "stages" / f"test_{name}.py").exists()
    assert {module.rpartition(".")[2] for module in MODULES if module.startswith("netral.stages.")} == {*STAGES, "run"}


def test_the_readme_names_the_stages_as_they_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"netral\.stages\.(\w+)", readme)) <= {*STAGES, "run"}
    cells = [line.split("|")[1].strip(" `*0123456789.") for line in readme.splitlines() if line.startswith("|")]
    assert [cell for cell in cells if cell in STAGES] == list(STAGES), "the flow table has every stage, in order"


#: Carry no results, or (features, vocabulary) lend only their types.
_WITHOUT_RESULTS = {"netral", "netral.errors", "netral.files", "netral.params", "netral.stages", "netral.tracking"}
_ONLY_TYPES = {("export", "netral.fit.features"), ("export", "netral.fit.vocabulary")}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_the_code_that_it_uses(name):
    """Otherwise a change of that code would leave an old output in place. What the model room is made of counts where all of it does."""
    flow = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    watched = [dep for dep in flow[name]["deps"] if dep.startswith("pipeline/")]
    needed: set[str] = set()
    waiting = {f"netral.stages.{name}"}
    while waiting:
        module = waiting.pop()
        needed.add(module)
        if room(module) != "model":
            waiting |= {other for other in GRAPH[module] - needed - _WITHOUT_RESULTS if (name, other) not in _ONLY_TYPES}
    paths = {str(MODULES[module].relative_to(ROOT)) for module in needed if MODULES[module].name != "__init__.py"}
    assert sorted(path for path in paths if not any(path == dep or path.startswith(dep + "/") for dep in watched)) == []


def test_no_module_is_too_long():
    sizes = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    assert {module: size for module, size in sizes.items() if size > LONGEST} == {}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_says_what_it_is_and_keeps_the_habits(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Assert), f"line {getattr(node, 'lineno', 0)}: input is checked with errors, not with assert"
        if isinstance(node, ast.ExceptHandler):
            caught = "" if node.type is None else ast.unparse(node.type)
            passes_on = any(isinstance(child, ast.Raise) and child.exc is None for child in ast.walk(node))
            everything = caught in ("", "Exception", "BaseException")
            ends = module in ("netral.cli", "netral.scoring.worker")  # a worker sends it to its parent
            assert not everything or passes_on or ends, f"line {node.lineno}: only the command line may end every error"
