"""What every test gets: Hypothesis profiles by SIZE, and the check of ``@proves`` marks."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


SIZES = {"quick": 50, "ci": 200, "full": 2000}
"""Examples that Hypothesis draws for each property, by the environment's SIZE."""

for size, examples in SIZES.items():
    settings.register_profile(
        size,
        max_examples=examples,
        # Two cores, and a PostgreSQL beside the test: a slow draw is no failure.
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
settings.load_profile(os.environ.get("SIZE", "quick"))
