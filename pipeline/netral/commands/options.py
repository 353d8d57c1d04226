"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

#: None stands for `netral.model.releases.models_folder`, which alone knows what is used then.
ModelsDir = Annotated[Path | None, typer.Option("--models-dir", help="Folder of the releases; NETRAL_MODELS or ./models by default.")]
