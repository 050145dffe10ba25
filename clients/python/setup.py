"""Takes the C library along, which the package builds at its first use; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent


class BuildWithSources(build_py):
    def run(self) -> None:
        super().run()
        target = Path(self.build_lib) / "fluxfoam" / "_c"
        target.mkdir(parents=True, exist_ok=True)
        for name in ("foam.h", "foam.c"):
            shutil.copy(HERE.parent / "c" / name, target / name)


setup(cmdclass={"build_py": BuildWithSources})
