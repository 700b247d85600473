"""Marks of tests that need a framework."""

import pytest

from course_utils.frameworks import installed

needs_torch = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
needs_tensorflow = pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")
