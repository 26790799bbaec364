"""What TAB offers: commands, options and issues. It never runs what a file is called."""

import shutil
import subprocess

import pytest

from conftest import run

HOSTILE = ["$(touch${IFS}pwned)", "`touch pwned`", "a;touch pwned", "two words", "it's",
           "-n", "tab\there", "*", "$HOME", "plain"]


def bash(folder, program, *args, env=None):
    done = subprocess.run(["bash", "--norc", "-c", program, "-", *map(str, args)], cwd=folder,
                          capture_output=True, text=True, timeout=60, env=env)
    assert done.stderr == ""
    return done.stdout.split("\0")[:-1]


def offered(folder, *words, env=None):
    """The replies of bash with the cursor behind the last of `words`."""
    script = folder / "tidings.bash"
    script.write_text(run("help", "--completion", "bash").stdout)
    return bash(folder, 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tidings;'
                ' for word in "${COMPREPLY[@]}"; do printf "%s\\0" "$word"; done',
                script, "tidings", *words, env=env)


def issues(*args, **kw):
    return [reply for reply in offered(*args, **kw) if not reply.startswith("--")]


def articles(folder, *names):
    (folder / "articles").mkdir(parents=True)
    for name in names:
        (folder / "articles" / f"{name}.md").touch()
    return folder


def test_the_name_of_a_file_is_offered_and_never_run(tmp_path):
    articles(tmp_path, *HOSTILE)
    replies = issues(tmp_path, "send", "")
    # As it would stand on the line: one word each, and again that name.
    meant = [bash(tmp_path, 'eval "words=($1)"; printf "%s\\0" "${words[@]}"', reply)
             for reply in replies]
    assert sorted(meant) == sorted([name] for name in HOSTILE)
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("words, replies", [
    (["send", ""], ["here"]),
    (["send", "h"], ["here"]),
    (["send", "x"], []),
    (["-C", "else where", "send", ""], ["there"]),
    (["-C", r"else\ where", "who", ""], ["there"]),
    (["-C", '"else where"', "render", "t"], ["there"]),
    (["send", "-C", "else where", ""], ["there"]),
    (["-Celse where", "send", ""], ["there"]),
    (["--directory", "else where", "send", ""], ["there"]),
    (["--directory", "=", "else where", "send", ""], ["there"]),
    (["-C", "~/else where", "send", ""], ["there"]),
    (["-C", "$(touch pwned)", "send", ""], []),
    (["-C", "nowhere", "send", ""], []),
    (["-C", ""], []),
    (["import", ""], []),
    (["sen"], ["send"]),
], ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_issues_are_those_of_the_publication_that_is_meant(tmp_path, words, replies):
    articles(tmp_path, "here")
    articles(tmp_path / "else where", "there")
    assert issues(tmp_path, *words, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}) == replies
    assert not (tmp_path / "pwned").exists()


def test_options_are_those_of_the_command(tmp_path):
    assert offered(tmp_path, "send", "--dry") == ["--dry-run"]
    assert offered(tmp_path, "who", "--dry") == []
    assert offered(tmp_path, "who", "--js") == ["--json"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_its_shell_can_read(tmp_path, shell):
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    script = tmp_path / "script"
    script.write_text(run("help", "--completion", shell).stdout)
    done = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
