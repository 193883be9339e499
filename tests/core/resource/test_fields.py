"""Fields refuse with a sentence of ours, whatever is typed in them."""

from wtforms import Form, StringField

from core.resource.fields import at_most


class Short(Form):
    name = StringField("Name", [at_most(5)])


def test_a_text_longer_than_its_column_is_refused_with_a_sentence():
    form = Short(data={"name": "sixsix"})

    assert not form.validate()
    assert [str(error) for error in form.name.errors] == ["Write at most 5 characters."]


def test_a_text_as_long_as_its_column_is_taken():
    assert Short(data={"name": "fiveS"}).validate()
    assert Short(data={"name": None}).validate()
