"""What the whole suite shares: readable assertions in the store suite that we publish."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("lovepoints.stores.contract", "lovepoints.stores.promises")
