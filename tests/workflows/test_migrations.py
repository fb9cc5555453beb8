"""Between two commits, migrations may add; what takes away has to prove that it is time."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import HOUSES
from tests.stubs.fixtures import ROOT

SCRIPT = ROOT / ".github/scripts/expanding_migrations.py"
HEAD = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
FIELD = "migrations.AddField(model_name='job', name='note', field=models.TextField({}))"
ADDING = [
    FIELD.format("null=True"),
    FIELD.format("db_default=''"),
    "migrations.AddField('job', 'tags', models.ManyToManyField('x.Tag'))",
    "migrations.CreateModel(name='Note', fields=[])",
    "migrations.AddIndex('job', models.Index(fields=['note'], name='n'))",
    "migrations.RemoveConstraint('job', 'c')",
    "migrations.RunPython(fill, migrations.RunPython.noop)",
    "migrations.CreateModel(name='Job', fields=[]), " + FIELD.format("default=''"),
]
TAKING = {
    FIELD.format("default=''"): "AddField job: neither null nor db_default",
    "migrations.RemoveField('job', 'note')": "RemoveField job",
    "migrations.RenameField('job', 'a', 'b')": "RenameField job",
    "migrations.AlterField('job', 'a', models.TextField())": "AlterField job",
    "migrations.DeleteModel('Job')": "DeleteModel Job",
    "migrations.AddConstraint('job', models.CheckConstraint())": "AddConstraint job",
    "migrations.RunSQL('DROP TABLE x')": "RunSQL DROP TABLE x",
    "migrations.SeparateDatabaseAndState()": "SeparateDatabaseAndState",
}


class Repository:
    """A repository with one app, whose first migration is released as v1.0.0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("0001_initial", "migrations.CreateModel(name='Job', fields=[])")
        self.git("tag", "v1.0.0")

    def git(self, *words: str) -> str:
        own = ["-c", "user.name=Olga", "-c", "user.email=olga@acme.example"]
        command = ["git", "-C", str(self.folder), *own, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, name: str, operations: str, comment: str = "") -> str:
        path = self.folder / "app/migrations" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{comment}{HEAD}    operations = [{operations}]\n")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", name)
        return self.git("rev-parse", "HEAD")

    def check(self, old: str, new: str = "HEAD") -> tuple[int, str]:
        outcome = subprocess.run(
            [str(SCRIPT), old, new], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert outcome.stderr == ""
        return outcome.returncode, outcome.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("operations", ADDING)
def test_what_only_adds_may_go_out(repository: Repository, operations: str) -> None:
    repository.commit("0002_more", operations)

    assert repository.check("v1.0.0") == (0, "")


@pytest.mark.parametrize(("operations", "why"), TAKING.items())
def test_what_takes_away_or_tightens_stops(
    repository: Repository, operations: str, why: str
) -> None:
    repository.commit("0002_less", operations)

    assert repository.check("v1.0.0") == (1, f"app/migrations/0002_less.py: {why}\n")


def test_what_was_released_is_not_changed(repository: Repository) -> None:
    repository.commit("0001_initial", "migrations.CreateModel(name='Other', fields=[])")

    code, told = repository.check("v1.0.0")

    assert (code, "0001_initial.py: it was released" in told) == (1, True)


@pytest.mark.parametrize(("release", "code"), [("v1.0.0", 0), ("v1.1.0", 1), ("v9.9.9", 1)])
def test_column_goes_only_when_what_serves_stopped_using_it(
    repository: Repository, release: str, code: int
) -> None:
    serving = repository.git("rev-parse", "HEAD")
    comment = f"# contracts: unused since {release}\n"
    repository.commit("0002_drop_note", "migrations.RemoveField('job', 'note')", comment)
    repository.git("tag", "v1.1.0")  # what is released now cannot be what serves

    assert repository.check(serving)[0] == code


@pytest.mark.parametrize(("reason", "code"), [("only the choices change", 0), ("ok", 1)])
def test_what_cannot_be_judged_needs_a_reason(
    repository: Repository, reason: str, code: int
) -> None:
    altered = "migrations.AlterField('job', 'a', models.TextField())"
    repository.commit("0002_choices", altered, f"# expands: {reason}\n")

    assert repository.check("v1.0.0")[0] == code


def test_every_migration_of_ours_is_understood(repository: Repository) -> None:
    """Beside a first release without any of them everything is new: nothing is taken away."""
    for path in (p for house in HOUSES for p in (ROOT / house).glob("**/migrations/0*.py")):
        copy = repository.folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "Everything")

    assert repository.check("v1.0.0") == (0, "")
