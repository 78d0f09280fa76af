"""The report of the benchmarks: parts side by side, each in the place of its older self."""

import re
import sys

from benchmarks import report


def test_what_is_printed_is_kept_and_shown(capsys):
    with report.kept() as printed:
        sys.stdout.write("1,000 patches   0.1\n")
    assert printed.getvalue() == "1,000 patches   0.1\n" == capsys.readouterr().out


def test_a_part_is_replaced_and_the_others_stay(tmp_path):
    file = tmp_path / "benchmarks.md"
    report.put("overlay", "Patches by zones.", "the former\n## no head\n", file)
    report.put("area", "Area.", "\n0.2 s\n", file)
    before = file.read_text("utf-8")
    report.put("overlay", "Patches by zones.", "new", file)
    text = file.read_text("utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == ["overlay", "area"]
    assert "former" not in text
    assert text.count("```text") == 2
    assert before[before.index("## area") :] == text[text.index("## area") :]


def test_it_tells_the_kind_of_machine_and_not_which(tmp_path):
    assert re.fullmatch(r"\w+ \w+, (.+, )?\d+ cores, \d+ GiB", report.machine())
    file = tmp_path / "benchmarks.md"
    report.put("area", "Area.", "0.2 s", file)
    assert report.machine() in file.read_text("utf-8")
    assert str(tmp_path) not in file.read_text("utf-8")
