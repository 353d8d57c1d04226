"""What every measurement needs: the files of posts, the trained models, and how each contestant is called."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.benchmarks import posts as source
from tests.benchmarks.measure import ROOT, run, say

OTHER = ROOT / "build" / "bench-venv"
#: Bundled posts of the job whose instructions are counted.
COUNTED = 1_000
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
#: The stages that turn labelled posts into a model; `evaluate` and `export` come after.
TRAINING = ("validate", "clean", "split", "train")


@dataclass(frozen=True)
class Wanted:
    """How much is measured, and where it is kept."""

    posts: int = 200_000
    slow: int = 50_000
    rounds: int = 5
    grow: int = 10_000_000
    work: Path = ROOT / "build" / "bench"
    others: bool = True

    @property
    def few(self) -> int:
        """Posts for the old Sastrawi, which takes a third of a second for each."""
        return max(1, min(100, self.slow // 100))


@dataclass(frozen=True)
class Models:
    """The contestants' models, in one folder, trained on the same posts."""

    root: Path

    @property
    def netral(self) -> Path:
        """The artifact that stage `train` writes."""
        return self.root / "data" / "interim" / "model"

    def fasttext(self, ngrams: int) -> Path:
        """The model of so many word n-grams."""
        return self.root / f"fasttext{ngrams}.bin"


class Bench:
    """Files and models of one setting; kept from run to run, made anew when posts, code or settings have changed.

    Parameters
    ----------
    wanted : Wanted
    """

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.absent = make_other_environment(wanted.others)
        self.folder = wanted.work / "files"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.models = Models(wanted.work / "models")
        self.what = self._write_posts()

    def file(self, name: str) -> Path:
        """A file of posts: posts.txt, posts.csv, slow.txt, slow.csv, few.txt, ten.csv; labelled.csv, labelled.tsv, slow.tsv."""
        return self.folder / name

    def _write_posts(self) -> str:
        wanted = self.wanted
        key = [wanted.posts, wanted.slow, bool(os.environ.get("NETRAL_REAL_DATA"))]
        if (kept := _stamp(self.folder)).get("key") == key:
            return str(kept["what"])
        say("writing the posts")
        texts, labels, what = source.sample(2 * wanted.posts)
        texts, train, labels = texts[: wanted.posts], texts[wanted.posts :], labels[wanted.posts :]
        for name, some in {
            "posts": texts,
            "slow": texts[: wanted.slow],
            "few": texts[: wanted.few],
            "ten": texts[:10],
        }.items():
            source.write_lines(self.file(f"{name}.txt"), some)
            source.write_csv(self.file(f"{name}.csv"), some)
        source.write_csv(self.file("labelled.csv"), train, labels)
        source.write_fasttext(self.file("labelled.tsv"), train, labels)
        source.write_fasttext(self.file("slow.tsv"), train[: wanted.slow], labels[: wanted.slow])
        _write_stamp(self.folder, {"key": key, "what": what})
        return what

    def train_if_changed(self) -> None:
        """Train all models, unless those of these posts and this code are there."""
        if _stamp(self.models.root).get("key") != self._key():
            say("training the models")
            self.forget_models()
            run(self.stages(*TRAINING), all_cores=True)
            for ngrams in () if self.absent else (2, 1):
                run(self.train_fasttext(ngrams), all_cores=True)
            self.keep_models()

    def forget_models(self) -> None:
        """Make the folder of the models anew."""
        new_root(self.models.root)

    def keep_models(self) -> None:
        """Say which posts and code the models are from."""
        _write_stamp(self.models.root, {"key": self._key()})

    def counted(self) -> tuple[Path, Models]:
        """Write the bundled posts of the counted job and train on them: the same on every machine."""
        models = Models(self.wanted.work / "counted")
        texts, labels = source.bundled(COUNTED)
        new_root(models.root)
        posts = models.root / "posts.txt"
        source.write_lines(posts, texts)
        source.write_csv(models.root / "labelled.csv", texts, labels)
        source.write_fasttext(models.root / "labelled.tsv", texts, labels)
        run(self.ours("stages", models.root / "labelled.csv", models.root, *TRAINING))
        if not self.absent:
            run(self.other("train", models.root / "labelled.tsv", models.fasttext(2), 2))
        return posts, models

    def stages(self, *names: str) -> list[Any]:
        """The command of some stages of the flow."""
        return self.ours("stages", self.file("labelled.csv"), self.models.root, *names)

    def train_fasttext(self, ngrams: int) -> list[Any]:
        """The command of fastText's training."""
        return self.other("train", self.file("labelled.tsv"), self.models.fasttext(ngrams), ngrams)

    def score(self, posts: Path, workers: int) -> list[Any]:
        """The command of a batch run, file to file."""
        out = ["--out", self.folder / "scores.csv", "--overwrite", "--max-rejected", "100%"]
        return [sys.executable, "-m", "netral.cli", "score", posts, *out, "--model", self.models.netral, "--workers", workers]

    def ours(self, *arguments: Any) -> list[Any]:
        """The command of a contestant of netral's environment."""
        return [sys.executable, "-m", "tests.benchmarks.ours", *arguments]

    def other(self, *arguments: Any) -> list[Any]:
        """The command of a contestant of the other environment."""
        return [OTHER / "bin" / "python", Path(__file__).with_name("other.py"), *arguments]

    def _key(self) -> str:
        """A digest of what the models depend on."""
        package = ROOT / "pipeline" / "netral"
        code = [
            path for room in ("text", "model", "fit", "stages") for path in sorted((package / room).rglob("*.*")) if path.suffix != ".pyc"
        ]
        parts = [path.read_bytes() for path in (ROOT / "params.yaml", self.folder / "stamp.json", *code)]
        return sha256(b"\x00".join([*parts, self.absent.encode()])).hexdigest()


def new_root(root: Path) -> None:
    """Make a folder that the stages can run in; what was there is deleted."""
    shutil.rmtree(root, ignore_errors=True)
    for name in ("elections", "challenge"):
        shutil.copytree(ROOT / "data" / name, root / "data" / name)


def make_other_environment(wanted: bool = True) -> str:
    """Make the environment of fastText, the old Sastrawi and the profiler, once.

    Returns
    -------
    str
        Why it is not there; empty if it is.
    """
    if not wanted:
        return "its environment was not asked for"
    ready, asked = OTHER / "ready", _REQUIREMENTS.read_text(encoding="utf-8")
    if not ready.exists() or ready.read_text(encoding="utf-8") != asked:
        say("installing fastText, the old Sastrawi and py-spy into build/bench-venv")
        subprocess.run([sys.executable, "-m", "venv", OTHER], check=True)
        done = subprocess.run([OTHER / "bin" / "python", "-m", "pip", "install", "-q", "-r", _REQUIREMENTS], check=False)
        if done.returncode:
            return "its environment could not be installed"
        ready.write_text(asked, encoding="utf-8")
    return ""


def other_environment_is_there() -> bool:
    """Whether fastText can run without installing anything."""
    ready = OTHER / "ready"
    return ready.exists() and ready.read_text(encoding="utf-8") == _REQUIREMENTS.read_text(encoding="utf-8")


def _stamp(folder: Path) -> dict[str, Any]:
    path = folder / "stamp.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write_stamp(folder: Path, content: dict[str, Any]) -> None:
    (folder / "stamp.json").write_text(json.dumps(content), encoding="utf-8")
