"""The notebooks run from top to bottom in a copy of the project, and are kept without outputs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from netral.model import artifact
from tests.building import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(trained, tiny, tmp_path_factory) -> Path:
    """A project after a retrain: posts, what the stages wrote, a release in use, the notebooks."""
    _, trained_root = trained
    root = Path(shutil.copytree(trained_root, tmp_path_factory.mktemp("notebooks") / "project"))
    shutil.copy(ROOT / "params.yaml", root)
    version = artifact.read_manifest(tiny)["version"]
    shutil.copytree(tiny, root / "models" / version)
    (root / "models" / "current").write_text(version + "\n")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return root


def test_both_notebooks_are_there():
    assert [path.name for path in NOTEBOOKS] == ["1-explore-labels.ipynb", "2-read-the-errors.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "import netral" in code or "from netral" in code
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_promises(path, project, monkeypatch, tmp_path):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the inline backend draws into the notebook
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    before = {item for item in project.rglob("*") if ".ipynb_checkpoints" not in item.parts}
    notebook = nbformat.read(project / "notebooks" / path.name, as_version=4)
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(project / "notebooks")}})
    client.execute(env=dict(os.environ))
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"] == []
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    tables = [output for output in outputs if "text/html" in output.get("data", {})]
    assert len(pictures) >= 2
    assert len(tables) >= 4
    assert {item for item in project.rglob("*") if ".ipynb_checkpoints" not in item.parts} == before, "reading changes nothing"
