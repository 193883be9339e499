"""Settings of the embedded trial: a key that is made once, whoever else starts at the same moment."""

from core import config
from core.config import read_settings


def test_two_that_start_together_have_one_key(tmp_path, monkeypatch):
    def slower(_draft, file):
        file.write_text("a" * 64)
        raise FileExistsError(file)

    monkeypatch.setattr(config.os, "link", slower)
    told = {"GENERAZIONI_VAR": str(tmp_path)}

    assert read_settings(told).secret_key == read_settings(told).secret_key == "a" * 64
    assert list(tmp_path.glob("*.part")) == []


def test_a_key_that_was_made_is_kept_for_its_owner_alone(tmp_path):
    told = {"GENERAZIONI_VAR": str(tmp_path)}

    assert read_settings(told).secret_key == read_settings(told).secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
