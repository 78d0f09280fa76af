"""Mutated files through the gate: children may die of them, the server may not.

Not part of the usual run: ``python -m pytest tests/fuzz``. ``BLUECARBON_FUZZ`` says how many
mutations (20,000 where it is not set), ``BLUECARBON_FUZZ_SEED`` from which seed on.
"""

import os
import random
import shutil
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from scripts.badinputs import FOLDER, kind_of, manifest

from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, Nursery
from bluecarbon_map.sample import open_workspace

MUTATIONS = int(os.environ.get("BLUECARBON_FUZZ", "20000"))
SEED = int(os.environ.get("BLUECARBON_FUZZ_SEED", "1"))
LIMITS = replace(DEFAULT_LIMITS, wall_s=20)
WORDS = (
    b"\x00", b"\xff" * 4, b"\x7f\xff\xff\xff", b"1e999", b"NaN", b"-1", b"null", b"[" * 500,
    b'"', b"<", b"&x;", b"\xd8\x00", "生境".encode("gbk"), b"=1+1", b",,,,", b"\r\n", b"PK\x05\x06",
)  # fmt: skip


def mutated(content, others, chance):
    """A few changes to the bytes of a file: flips, cuts, splices, words that hurt."""
    made = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not made:
            return bytes(made)
        at = chance.randrange(len(made))
        how = chance.randrange(7)
        if how == 0:
            made[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            made[at] = chance.randrange(256)
        elif how == 2:
            del made[at:]
        elif how == 3:
            del made[at : at + chance.randrange(1, 64)]
        elif how == 4:
            made[at:at] = chance.choice(WORDS)
        elif how == 5:
            other = chance.choice(others)
            start = chance.randrange(max(1, len(other)))
            made[at : at + 64] = other[start : start + chance.randrange(1, 256)]
        else:
            made[at : at + 4] = chance.choice(WORDS)[:4]
    return bytes(made)


def plans():
    """Mutation numbers, each with its file: the same ones for the same seed."""
    rows = manifest()
    return [(SEED + at, rows[(SEED + at) % len(rows)]["file"]) for at in range(MUTATIONS)]


class Noting(Nursery):
    """A nursery that keeps what a dying child wrote of itself; its folder is gone afterwards."""

    def __init__(self):
        super().__init__(warm=True)
        self.note = None

    def run(self, job, *more):
        ending = super().run(job, *more)
        crash = job / "crash.txt"
        self.note = crash.read_text() if crash.is_file() else None
        return ending


class Bench:
    """Takes mutations one by one, until none is left, and counts what comes of them."""

    def __init__(self):
        self.contents = {row["file"]: (FOLDER / row["file"]).read_bytes() for row in manifest()}
        self.small = [one for one in self.contents.values() if 0 < len(one) < 100_000]
        self.waiting, self.region = plans()[::-1], region_of(open_workspace())
        self.verdicts, self.endings, self.crashes = Counter(), Counter(), Counter()
        self.examples, self.failed = {}, []

    def work(self, folder):
        folder.mkdir()
        with Noting() as nursery:
            while self.waiting:
                self.try_one(*self.waiting.pop(), folder, nursery)

    def try_one(self, seed, file, folder, nursery):
        chance = random.Random(seed)
        path = folder / "upload"
        path.write_bytes(mutated(self.contents[file], self.small, chance))
        kind = kind_of(file) if chance.random() < 0.8 else chance.choice(list(Kind))
        try:
            said = check_file(
                path, file, Options(kind=kind), self.region, work=folder, limits=LIMITS,
                nursery=nursery,
            )  # fmt: skip
        except BaseException as problem:  # noqa: BLE001 (this is what is looked for)
            self.failed.append((seed, file, repr(problem)))
            return
        self.verdicts[said.verdict.value] += 1
        self.endings.update(p.code for p in said.problems if p.code.startswith("check_"))
        if said.verdict is Verdict.REJECT and not all(p.fix for p in said.problems):
            self.failed.append((seed, file, "no way out"))
        self.tidy(seed, file, folder, nursery)

    def tidy(self, seed, file, folder, nursery):
        note, nursery.note = nursery.note, None
        if note:
            lines = note.strip().splitlines()
            said = f"{lines[-1][:90]} | {lines[-3].strip()[-60:]}"
            self.crashes[said] += 1
            self.examples.setdefault(said, f"seed {seed}, {file}")
        for job in folder.glob("check-*"):
            shutil.rmtree(job)


@pytest.mark.timeout(6 * 3600)
def test_no_mutation_of_a_file_ends_in_anything_but_an_inspection(tmp_path):
    bench, begun = Bench(), time.monotonic()
    threads = [threading.Thread(target=bench.work, args=(tmp_path / str(n),)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{MUTATIONS:,} mutations from seed {SEED} in {time.monotonic() - begun:.0f} s")  # noqa: T201
    print(f"verdicts {dict(bench.verdicts)}; children that died {dict(bench.endings)}")  # noqa: T201
    for note, count in bench.crashes.most_common(40):
        print(f"{count:6} {note} | e.g. {bench.examples[note]}")  # noqa: T201
    assert not bench.failed, bench.failed[:20]
    assert sum(bench.verdicts.values()) == MUTATIONS
    assert "check_not_started" not in bench.endings
