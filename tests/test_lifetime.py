"""The same bytes in every process, and nothing left behind: hash seeds, threads, fork, pickles, memory."""

from __future__ import annotations

import gc
import os
import pickle
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from symdiff import Expr, Symbol, diff, latex, number, parse, simplify
from symdiff.expr import interned_count
from symdiff.operations import TABLE
from symdiff.simplification.canonical import canonical
from symdiff.walk import fold, paused_collector, tree_size

FORMULAS = [
    "x^2*sin(x)*exp(y)", "(x^2 - 1)/(x - 1) + sqrt(x*y)", "ln(x*y)/(1 + tanh(z)^2)", "max(x, y, z)*x^y",
    "sin(x)^2 + cos(x)^2 + a*b*c - c*b*a", "gamma(x)/erf(x) + where(x > 0, x, -x)", "1/(1 + exp(-(w1*x + w2*y + b)))", "x^x^x + 0.1*x + 1/3",
]
PROGRAM = """
import sys, random, symdiff as sd
texts = sys.stdin.read().split("\\n")
order = list(range(len(texts)))
random.Random(int(sys.argv[1])).shuffle(order)
out = [""] * len(texts)
kept = [sd.Symbol(name) for name in random.Random(int(sys.argv[1])).sample("abcwxyzt", 8)]  # other identities and other first comers
for k in order:
    e = sd.parse(texts[k])
    d = sd.diff(e, "x")
    s = sd.simplify(d)
    out[k] = "\\n".join([str(e), str(d), str(s), sd.latex(s), sd.to_dot(s), str(sd.diff(e, "x", 2))])
print("\\n".join(out))
"""


def run(program: str, *arguments: str, given: str = "", seed: str = "0") -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", program, *arguments], input=given, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_the_same_bytes_come_out_whatever_the_hash_seed_and_the_order_of_creation(request: pytest.FixtureRequest) -> None:
    seeds = 20 if request.config.getoption("--thorough") else 6
    outputs = {run(PROGRAM, str(seed), given="\n".join(FORMULAS), seed=str(seed * 7919)) for seed in range(seeds)}
    assert len(outputs) == 1


def test_a_pickle_is_the_same_formula_in_another_process() -> None:
    expressions = [parse(text) for text in FORMULAS]
    program = ("import sys, pickle, symdiff as sd; d = pickle.loads(bytes.fromhex(sys.stdin.read())); "
               "print(chr(10).join(map(str, d))); print(all(sd.parse(str(e)) is e for e in d))")
    out = run(program, given=pickle.dumps(expressions).hex())
    assert out.split("\n")[:-2] == [str(e) for e in expressions]
    assert out.endswith("True\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_goes_on_with_the_formulas_of_its_parent() -> None:
    before = parse("x*sin(y)")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover: the child ends here, whatever happens
        try:
            good = parse("x*sin(y)") is before and str(diff(before, "x")) == "sin(y)" and str(simplify(before + before)) == "2*x*sin(y)"
            os.write(writing, b"good" if good else b"bad")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"good"
    os.close(reading)
    os.close(writing)


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty_threads")
def test_eight_threads_build_differentiate_and_simplify_the_same_formulas_to_the_identical_objects() -> None:
    results: list[list[Expr]] = []
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def work() -> None:
        try:
            start.wait()
            made = []
            for text in FORMULAS[:6]:
                expression = parse(text)
                slope = diff(expression, "x")
                made += [expression, slope, simplify(slope)]
            results.append(made)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert gc.isenabled()
    assert all(one is other for made in results[1:] for one, other in zip(results[0], made, strict=True))


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_build_one_new_formula_at_the_same_time_get_one_object() -> None:
    x = Symbol("x")
    found: list[set[int]] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        found.append({id(x * number(k) + k) for k in range(50_000, 50_300)})

    kept = [x * number(k) + k for k in range(50_000, 50_300, 2)]
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all({id(e) for e in kept} <= ids for ids in found)


def resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from /proc")
def test_100000_formulas_built_and_dropped_leave_memory_flat() -> None:
    x = Symbol("x")

    def build(first: int) -> None:
        for k in range(first, first + 25_000):
            _ = (x + k) * (x - k)

    gc.collect()
    before = interned_count()
    build(10 ** 6)
    memory = resident_bytes()
    for first in range(2 * 10 ** 6, 5 * 10 ** 6, 10 ** 6):
        build(first)
    assert interned_count() - before < 10
    assert resident_bytes() - memory < 20_000_000


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from /proc")
def test_differentiating_and_simplifying_other_formulas_again_and_again_leaves_memory_flat() -> None:
    def work(first: int, count: int) -> None:
        for k in range(first, first + count):
            simplify(diff(parse(f"sin({k}*x + 1)/(x + {k}) + 1/(x + {k})"), "x"))

    work(1_000, 60)
    gc.collect()
    nodes, memory = interned_count(), resident_bytes()
    work(3_000, 60)
    gc.collect()
    assert interned_count() - nodes < 6_000  # what caches of a fixed size hold of the last formulas
    assert resident_bytes() - memory < 30_000_000


def test_a_formula_100000_deep_is_dropped_at_once_and_without_recursion() -> None:
    sin = TABLE["sin"]
    before = interned_count()
    expression = Symbol("x")
    for _ in range(100_000):
        expression = sin(expression)
    assert tree_size(expression) == 100_000
    start = time.process_time()
    del expression
    assert time.process_time() - start < 2
    assert interned_count() - before < 10


def pauses_of(work: Callable[[], object]) -> float:
    """Seconds the cyclic collector takes during some work."""
    total, begun = 0.0, 0.0

    def watch(phase: str, info: dict[str, int]) -> None:
        nonlocal total, begun
        if phase == "start":
            begun = time.perf_counter()
        else:
            total += time.perf_counter() - begun
    gc.callbacks.append(watch)
    try:
        work()
    finally:
        gc.callbacks.remove(watch)
    return total


def test_the_collector_does_not_run_while_a_large_graph_is_built_and_runs_again_afterwards() -> None:
    text = " + ".join(f"sin({k}*x)" for k in range(20_000))
    start = time.perf_counter()
    pauses = pauses_of(lambda: diff(parse(text), "x"))
    assert pauses < 0.3 * (time.perf_counter() - start)
    assert gc.isenabled()


def test_pauses_of_the_collector_nest_and_keep_a_collector_off_that_was_off() -> None:
    with paused_collector():
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with paused_collector():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_order_of_terms_does_not_depend_on_which_were_built_first() -> None:
    names = list("zyxwvutsrqp")
    texts = set()
    for seed in range(10):
        random.Random(seed).shuffle(names)
        texts.add(str(simplify(TABLE["add"](*[Symbol(name) * 2 for name in names]))))
        texts.add(latex(simplify(TABLE["add"](*[Symbol(name) * 2 for name in sorted(names)]))))
    assert len({text.replace(" ", "").replace("*", "") for text in texts}) == 1


def test_a_fold_keeps_no_nodes_behind() -> None:
    gc.collect()
    before = interned_count()
    fold(parse("sin(x + 123456)*cos(y - 654321)"), lambda node, values: None)
    assert interned_count() <= before + 1


def test_numbers_of_one_hash_are_told_apart_and_take_no_longer() -> None:
    """Python's hash of a whole number repeats every 2^61 - 1: a text full of such numbers must not make one long chain in the table."""
    step = 2**61 - 1
    assert parse(str(1 + step)) is not parse("1")
    assert canonical(parse(f"sin(1) + sin({1 + step})")) is canonical(parse(f"sin({1 + step}) + sin(1)"))
    assert canonical(parse(f"x^{10**30}*{10**25}/3")) is canonical(parse(f"{10**25}/3*x^{10**30}"))

    def seconds(step: int) -> float:
        text = "+".join(f"x^{5 + k * step}" for k in range(4_000))
        start = time.process_time()
        parse(text)
        return time.process_time() - start

    assert seconds(step) < 5 * seconds(step + 12_345) + 0.2
