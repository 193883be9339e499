"""The search over every collection, with few questions."""

import pytest

from core.testing.conformance.pages import MOST_QUERIES, questions_of
from core.testing.demo_network import HEAD_OF_TOWN


@pytest.mark.parametrize("text", ["MON-001", "GUARANTEE/", "nobody is called so"])
def test_the_search_looks_everywhere_with_few_questions(app, client_of, text):
    page = f"/search?q={text}"
    answer, asked = client_of(HEAD_OF_TOWN).get(page), questions_of(app, client_of(HEAD_OF_TOWN), page)

    assert ("g-list" in answer.text) is (text != "nobody is called so")
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
