import platform

from paragraf.versions import versions


def test_the_versions_that_shape_a_result_are_told() -> None:
    found = versions()
    assert list(found) == [
        "python",
        "paragraf",
        "torch",
        "transformers",
        "peft",
        "datasets",
        "great-expectations",
        "mlflow",
        "prefect",
    ]
    assert found["python"] == platform.python_version()
    assert all(version[0].isdigit() for version in found.values())
