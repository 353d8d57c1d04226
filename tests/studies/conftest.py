"""What the tests of evaluation are given."""

from tests.evaluation.conftest import evaluated

__all__ = ["evaluated"]
