"""Every measurement, one after the other: ``python -m benchmarks``."""

from __future__ import annotations

import importlib
from pathlib import Path


for file in sorted(Path(__file__).parent.glob("bench_*.py")):
    print(f"== {file.stem.removeprefix('bench_')}")
    importlib.import_module(f"benchmarks.{file.stem}").main()
