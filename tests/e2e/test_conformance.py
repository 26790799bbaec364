"""The public specification of Mustache, as far as it can be had here, and another
implementation of all of it."""

import os
import re
import subprocess
import sys

import pytest

from conftest import PATIENCE, PROGRAM, TOP

TOOL = TOP / "src" / "tools" / "conformance.py"


def tool(**env):
    return subprocess.run([sys.executable, TOOL, PROGRAM], cwd=TOP, text=True, capture_output=True,
                          env={**os.environ, **env}, timeout=4 * PATIENCE)


def test_every_case_of_mustache_gives_the_bytes_it_asks_for():
    done = tool()
    if done.returncode == 69:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    for line in done.stdout.splitlines():
        passed, count = re.search(r"(\d+)/(\d+)", line).groups()
        assert passed == count and int(count) >= 27, line
    assert done.stdout.startswith("Mustache ")


def test_a_case_that_is_not_met_is_named_and_fails(tmp_path):
    folder = tmp_path / "spec"
    folder.mkdir()
    case = '{"name": "%s", "data": {"a": 1}, "template": "{{a}}", "expected": "%s"}'
    (folder / "interpolation.json").write_text(
        '{"tests": [%s, %s]}' % (case % ("kept", 1), case % ("broken", 2)))
    done = tool(MUSTACHE_SPEC=str(folder))
    assert done.returncode == 1
    assert done.stdout == "Mustache 1/2\n"
    assert "interpolation: broken" in done.stderr and "kept" not in done.stderr


def test_a_specification_that_is_not_there_is_no_success(tmp_path):
    done = tool(MUSTACHE_SPEC=str(tmp_path))
    assert done.returncode == 69 and done.stdout == ""


def oracle(*args, program=PROGRAM, **env):
    done = subprocess.run([sys.executable, TOOL.parent / "mustache_oracle.py", program, *args], cwd=TOP,
                          text=True, capture_output=True, env={**os.environ, **env},
                          timeout=8 * PATIENCE)
    if done.returncode == 69 and "WONTACHE" not in env:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    counts = [int(n) for pair in re.findall(r"(\d+)/(\d+)", done.stdout) for n in pair]
    return done, counts


def test_another_implementation_gives_the_same_bytes_for_every_rule_and_by_chance():
    done, counts = oracle("120")
    assert done.returncode == 0, done.stdout + done.stderr
    own, own_all, dice, dice_all = counts
    assert own == own_all >= 200 and dice == dice_all == 120


def test_a_case_on_which_the_two_differ_is_named_and_fails(tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("#!/bin/sh\ncat >/dev/null\nprintf own\n")
    wrong.chmod(0o755)
    done, counts = oracle("5", program=wrong)
    assert done.returncode == 1
    assert 0 < counts[0] < counts[1] and counts[2:] == [0, 5]
    assert "a dotted name is never one key\n" in done.stderr and "random 1 0\n" in done.stderr
    assert "a parent as it is\n" not in done.stderr     # which gives "own"


def test_another_implementation_that_is_not_there_is_no_success(tmp_path):
    done, _ = oracle(WONTACHE=str(tmp_path))
    assert done.returncode == 69 and done.stdout == "" and done.stderr.count("\n") == 1


def test_plain_templates_come_from_files_and_standard_input(tmp_path):
    page = tmp_path / "page.mustache"
    page.write_bytes(b"{{#a}}\r\n{{>p}}\r\n{{/a}}\r\n")
    (tmp_path / "p.html").write_text("<{{b}}>")
    done = subprocess.run([PROGRAM, "template", page, "--data", "-", "--partials", tmp_path],
                          input=b'{"a": [{"b": "1"}, {"b": "&"}]}', capture_output=True)
    assert done.returncode == 0 and done.stdout == b"<1><&amp;>", done
    done = subprocess.run([PROGRAM, "template", "-"], input=b"[{{nothing}}]", capture_output=True)
    assert done.returncode == 0 and done.stdout == b"[]", done


@pytest.mark.parametrize("template, data, status, words", [
    ("{{#a}}", "{}", 65, "'a' is not closed"),
    ("{{a | uper}}", "{}", 65, "did you mean 'upper'?"),
    ("{{a}}", "{", 65, "not JSON"),
    ("{{a}}", '{"a": 1, "a": 2}', 65, "not JSON"),
    ("{{#a}}" * 10000, "{}", 65, "more than 64 sections"),
    ("{{>t}}", "{}", 65, "more than 32 partials"),
    ("{{" + "x" * 10000, "{}", 65, "is not closed"),
])
def test_a_bad_template_or_bad_values_are_refused_with_the_place(tmp_path, template, data,
                                                                  status, words):
    path = tmp_path / "t.mustache"
    path.write_text(template)
    (tmp_path / "d.json").write_text(data)
    done = subprocess.run([PROGRAM, "template", path, "--data", tmp_path / "d.json",
                           "--partials", tmp_path], capture_output=True, text=True)
    assert done.returncode == status and done.stdout == "", done
    assert words in done.stderr, done.stderr


def test_both_of_standard_input_and_no_such_file_are_refused():
    done = subprocess.run([PROGRAM, "template", "-", "--data", "-"], capture_output=True, text=True,
                          input="")
    assert done.returncode == 64 and "both" in done.stderr
    done = subprocess.run([PROGRAM, "template", "/nonexistent"], capture_output=True, text=True)
    assert done.returncode == 66
