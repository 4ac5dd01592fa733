"""What the stack promises: a part that cannot start is named with its reason; nothing is left running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.part import Part
from local.parts import procfile
from local.settings import HOST, PORTS, Secrets, Settings, StackError
from local.stack import occupied, reset


def python(code: str, **options: object) -> Part:
    part = Part(
        name="part", command=[sys.executable, "-c", code], ready=lambda: False, advice="Do this.", patience=5
    )
    for name, value in options.items():
        setattr(part, name, value)
    return part


def test_a_part_that_stops_says_why_and_what_to_do(tmp_path: Path) -> None:
    part = python("raise SystemExit('the port is taken')")
    part.start(tmp_path)
    with pytest.raises(StackError, match=r"(?s)part stopped before.*the port is taken.*Do this\..*part\.log"):
        part.wait_until_ready()
    part.stop()


def test_a_part_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    part = python("import time; time.sleep(60)", patience=0.2)
    part.start(tmp_path)
    with pytest.raises(StackError, match="was not ready within"):
        part.wait_until_ready()
    part.stop()
    assert not part.is_running()


def test_stopping_a_part_stops_what_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    child = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    part = python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
    part.ready = pid_file.exists
    part.start(tmp_path)
    part.wait_until_ready()
    part.stop()
    assert is_gone(int(pid_file.read_text() or 0))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone offers this")
def test_a_killed_supervisor_takes_its_parts_along(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from local.part import Part\n"
        "part = Part('part', [sys.executable, '-c', 'import time; time.sleep(60)'], lambda: True, '')\n"
        "part.start(Path(sys.argv[1])); print(part.process.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    assert is_gone(pid)


def is_gone(pid: int) -> bool:
    """Whether the process ends within two seconds; one that nobody has waited for yet has ended too."""
    for _ in range(40):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(StackError, match=f"Port {taken_port} is taken.*STRIPE_PORT=0"):
        Settings.read({"GUICHET_STATE": str(tmp_path), "STRIPE_PORT": str(taken_port)})


def test_a_second_copy_finds_ports_of_its_own(
    tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PORTS, "PORT", taken_port)
    assert Settings.read({"GUICHET_STATE": str(tmp_path)}).web_port != taken_port


def test_secrets_outlive_a_restart(tmp_path: Path) -> None:
    assert Secrets.of(tmp_path) == Secrets.of(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_one_state_folder_serves_one_copy(tmp_path: Path) -> None:
    with occupied(tmp_path), pytest.raises(StackError, match="running already"), occupied(tmp_path):
        pass


def test_reset_removes_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    Secrets.of(state)
    reset(state)
    assert not state.exists()


def test_the_procfile_is_what_runs(tmp_path: Path) -> None:
    file = tmp_path / "Procfile"
    file.write_text('web: gunicorn "app:create_app()"\n\nworker: flask work\n')
    assert procfile(file) == {
        "web": ["sh", "-c", 'exec gunicorn "app:create_app()"'],
        "worker": ["sh", "-c", "exec flask work"],
    }


def run_local(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_what_is_wrong(tmp_path: Path, taken_port: int) -> None:
    state = str(tmp_path / "state")
    assert "not running" in run_local("env", GUICHET_STATE=state).stderr
    assert "no part sauna" in run_local("up", "--without", "sauna", GUICHET_STATE=state).stderr
    assert f"Port {taken_port}" in run_local("up", GUICHET_STATE=state, PORT=str(taken_port)).stderr
    assert run_local("reset", GUICHET_STATE=state).returncode == 0
    assert "nothing was removed" in run_local("reset", GUICHET_STATE=str(tmp_path)).stderr


def test_up_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    environment = {**os.environ, "GUICHET_STATE": str(tmp_path), **dict.fromkeys(PORTS, "0")}
    command = [sys.executable, "-m", "local", "up", "--no-seed", "--without", "web,worker,stripe,inbox"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line.startswith("Everything runs") for line in process.stdout)
        settings = run_local("env", GUICHET_STATE=str(tmp_path)).stdout
        process.send_signal(signal.SIGTERM)
        assert "Stopped." in process.stdout.read()
    assert "export SUPABASE_URL=http://127.0.0.1:" in settings
    assert run_local("env", GUICHET_STATE=str(tmp_path)).returncode == 1
    assert run_local("reset", GUICHET_STATE=str(tmp_path)).returncode == 0
