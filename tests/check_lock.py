"""Check that requirements.lock keeps step with pyproject.toml; `make check` runs it.

Every requirement (base and extras) is pinned to a version that it allows, every pin has hashes, nothing is installed from
elsewhere than the index of the machine, and ruff, whose version decides what `make format` writes, is pinned exactly.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def problems(project: str, lock: str) -> list[str]:
    """Return what is wrong with a lock file, given the text of pyproject.toml and of the lock file."""
    pins, found = _pins(lock)
    content = tomllib.loads(project)["project"]
    wanted = [Requirement(line) for line in content["dependencies"]]
    wanted += [Requirement(line) for lines in content.get("optional-dependencies", {}).values() for line in lines]
    for requirement in wanted:
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None:
            found.append(f"{requirement.name}: wanted by pyproject.toml, not in requirements.lock")
            continue
        wrong = [version for version in pinned.values() if not requirement.specifier.contains(version, prereleases=True)]
        found += [f"{requirement.name}: pyproject.toml wants {requirement.specifier}, requirements.lock has {version}" for version in wrong]
    if [str(each.specifier)[:2] for each in wanted if each.name == "ruff"] != ["=="]:
        found.append("ruff: pin it exactly, and once, in pyproject.toml")
    return found


def _pins(lock: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the pinned version of each package by its marker (Python 3.11 may need an older one), and what is wrong with the lines."""
    pins: dict[str, dict[str, str]] = {}
    found: list[str] = []
    for line in lock.replace("\\\n", " ").splitlines():
        text = line.split(" #")[0].strip()
        if not text or text.startswith("#"):
            continue
        try:
            requirement = Requirement(text.split(" --")[0])
        except InvalidRequirement:
            found.append(f"{text[:60]}: no pin; only lines of `name==version --hash=…` are allowed")
            continue
        name, exact = canonicalize_name(requirement.name), re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
        if requirement.url or exact is None:
            found.append(f"{requirement.name}: is not pinned to one version")
        else:
            marker, others = str(requirement.marker or ""), pins.setdefault(name, {})
            if marker in others or (others and "" in (marker, *others)):
                found.append(f"{requirement.name}: is pinned twice")
            others.setdefault(marker, exact[1])
        options = text.split()[1:]
        if not _HASH.search(text) or any(option.startswith("--") and not _HASH.fullmatch(option) for option in options):
            found.append(f"{requirement.name}: expected SHA-256 hashes, and no other option")
    return pins, found


def main() -> None:
    """Check the project's own files; exit with 1 and a line for each problem."""
    found = problems((ROOT / "pyproject.toml").read_text(encoding="utf-8"), (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
