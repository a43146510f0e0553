"""The import contracts hold, and so do the two rules that import-linter cannot say."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ipse"


def test_the_import_contracts_hold() -> None:
    """Every contract in `.importlinter` is kept."""
    command = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def names_used(path: Path) -> set[str]:
    """Every dotted name that a file reads or calls, such as `time.time`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}


def test_the_core_has_no_clock_no_dice_and_no_files() -> None:
    """Nothing under core reads the clock, opens a file or draws a random number."""
    banned = {"open", "print", "datetime.now", "Path.open", "np.random", "numpy.random", "os.environ"}
    for path in (SOURCE / "core").rglob("*.py"):
        assert not banned & names_used(path), path


def test_the_environment_is_read_in_one_place() -> None:
    """Only the settings read environment variables."""
    readers = {path.name for path in SOURCE.rglob("*.py") if {"os.environ", "os.getenv", "environ"} & names_used(path)}
    assert readers <= {"settings.py"}


def test_importing_ipse_is_cheap() -> None:
    """`import ipse` loads neither a runtime, nor a web framework, nor a plotting library."""
    code = (
        "import sys, ipse; "
        "heavy = {'openvino', 'onnxruntime', 'onnx', 'starlette', 'uvicorn', 'matplotlib', 'scipy', 'sqlalchemy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "[]"
