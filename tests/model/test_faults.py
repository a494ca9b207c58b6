"""Each fault on purpose is caught by the model; and what release's second look makes harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.faults import FAULTS, Fault
from tests.model.search import search
from tests.proves import proves


if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.world import Bounds


@proves("STEP-MOD-1")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_where_release_skips_judging(
    fault: Fault, record_property: Callable[[str, object], None]
) -> None:
    found = search(fault.bounds, fault.machine(judging=False))
    record_property("trace", found.told())
    assert fault.breaks in found.broken, found.told()
    print(f"{fault.name}\n{found.told()}")  # noqa: T201 -- pytest shows it with -s


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_judging_again_makes_some_faults_harmless(fault: Fault) -> None:
    found = search(fault.bounds, fault.machine(judging=True))
    assert bool(found.broken) is not bool(fault.harmless), found.told()


SPACES = tuple(dict.fromkeys(fault.bounds for fault in FAULTS))


@pytest.mark.parametrize("bounds", SPACES, ids=range(len(SPACES)))
def test_without_a_fault_the_same_space_is_sound(bounds: Bounds) -> None:
    sound = Fault(name="none", breaks="", bounds=bounds)
    assert not search(bounds, sound.machine(judging=False)).broken
