"""How the command is called: help, languages, wrong calls, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lovepoints import __version__
from lovepoints.cli import build, language_of, main
from tests.cli.conftest import run

VERBS = ("demo", "init", "check", "import", "move-in", "passbook", "verify", "inspect",
         "checkpoint", "close", "prove", "prove-balance", "feed", "backup", "doctor")


def test_help_names_every_verb() -> None:
    """The help of the command lists its verbs in the order in which one meets them."""
    result = run("--help")

    assert 0 == result.exit_code
    assert list(VERBS) == [line.split()[0] for line in result.stdout.splitlines()
                           if line.startswith("  ") and line.split()[0] in VERBS]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("用法：", "选项", "显示本帮助。", "退出码：")),
    ("en", ("Usage: ", "Options:", "Show this help.", "Exit codes:")),
])
def test_every_verb_has_help_in_both_languages(
    verb: str, lang: str, words: tuple[str, ...],
) -> None:
    """Help is whole in the chosen language, with --lang, --json and the exit codes."""
    result = run(verb, "--help", "--lang", lang)

    assert 0 == result.exit_code
    assert all(word in result.stdout for word in (*words, "--json", "--lang"))


def test_the_version_is_told() -> None:
    """--version prints name and version."""
    result = run("--version")

    assert (0, f"lovepoints {__version__}\n") == (result.exit_code, result.stdout)


@pytest.mark.parametrize("args", [(), ("--lang", "zh")])
def test_without_a_verb_there_is_help(args: tuple[str, ...]) -> None:
    """Called alone the command shows its help, and says by its exit code that it did nothing."""
    result = run(*args)

    assert 2 == result.exit_code
    assert "passbook" in result.stdout


@pytest.mark.parametrize(("args", "sentence"), [
    (("chek",), "there is no command chek (did you mean check?)"),
    (("frobnicate",), "there is no command frobnicate"),
    (("verify", "--chekpoint", "x", "book.db"), "there is no option --chekpoint"),
    (("verify",), "BOOK is missing"),
    (("init", "book.db", "--name", "x"), "the option --admin is missing"),
    (("demo", "--households", "2"), "--households takes a whole number from 3 to 2000"),
    (("demo", "--seed", "one"), "--seed takes a whole number"),
    (("doctor", "--lang", "de"), "--lang takes one of zh, en"),
    (("check", "nowhere.toml"), "there is no file nowhere.toml"),
    (("passbook", "a", "b", "c"), "Got unexpected extra argument"),
])
def test_wrong_calls_say_what_is_wrong(args: tuple[str, ...], sentence: str) -> None:
    """A wrong call is one sentence on stderr, nothing on stdout, and exit code 2."""
    result = run(*args)

    assert (2, "") == (result.exit_code, result.stdout)
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("args", "sentence"), [
    (("pasbook", "x"), "没有命令 pasbook（是不是想写 passbook？）"),
    (("verify",), "缺少 BOOK"),
    (("demo", "--households", "2"), "--households 要求 3 到 2000 的整数"),
])
def test_wrong_calls_in_chinese(args: tuple[str, ...], sentence: str) -> None:
    """Wrong calls are explained in the chosen language, with the way to the help."""
    result = run("--lang", "zh", *args)

    assert 2 == result.exit_code
    assert sentence in result.stderr and "--help" in result.stderr


def test_wrong_calls_are_json_where_asked() -> None:
    """With --json also a wrong call is one object on stdout."""
    result = run("verify", "--json")

    told = json.loads(result.stdout)
    assert (2, False, "wrong_call") == (result.exit_code, told["ok"], told["error"]["code"])


@pytest.mark.parametrize(("args", "lang"), [
    (["demo", "--lang", "zh"], "zh"), (["--lang=en", "demo"], "en"), (["demo"], None),
    (["demo", "--lang"], None), (["demo", "--lang", "de"], None),
])
def test_the_language_is_read_ahead(args: list[str], lang: str | None) -> None:
    """--lang counts before and after the verb; an unknown one is left to the option."""
    assert lang == language_of(args)


def test_the_locale_decides_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --lang the locale picks the language."""
    monkeypatch.setenv("LOVEPOINTS_LANG", "zh_CN.UTF-8")

    assert "社区积分" in (build().help or "")


def test_main_exits_with_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The console script ends with the exit code of its verb."""
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--json"])

    assert json.loads(capsys.readouterr().out)["ok"] is (ended.value.code == 0)


def test_the_command_runs_as_a_program() -> None:
    """As a program of its own the command prints JSON on stdout and nothing on stderr."""
    done = subprocess.run([sys.executable, "-m", "lovepoints", "doctor", "--json"],
                          capture_output=True, text=True, encoding="utf-8", check=False,
                          env={"PYTHONUTF8": "1", "PATH": ""})

    assert (0, "") == (done.returncode, done.stderr)
    assert __version__ == json.loads(done.stdout)["facts"]["version"]


def test_a_poor_screen_gets_question_marks() -> None:
    """On a screen without Chinese characters there are question marks, never a traceback."""
    done = subprocess.run([sys.executable, "-m", "lovepoints", "doctor", "--lang", "zh"],
                          capture_output=True, check=False,
                          env={"PYTHONIOENCODING": "ascii", "PATH": ""})

    assert (1, b"") == (done.returncode, done.stderr)
    assert b"UTF-8" in done.stdout and b"?" in done.stdout
