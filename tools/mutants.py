#!/usr/bin/env python3
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

"""Shows that the tests of the policy would notice if a line of it were wrong.

Changes one line of lib/policy at a time, and runs the tests of test/policy and test/model until
one fails. A mutant that none of them kills must be explained in tools/mutants.txt. Builds in
build/mutants. Exit status: 0 if every mutant was killed or is explained.

  tools/mutants.py                       all, in about half an hour on two processors
  tools/mutants.py lib/policy/requests.cpp...
  tools/mutants.py --sample 50 [--seed 7]
  tools/mutants.py --list                only shows what would be tried
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "mutants"
SUPPORT = ROOT / "test/support/complain.cpp"
EXPLAINED = ROOT / "tools" / "mutants.txt"
POLICY = sorted((ROOT / "lib/policy").glob("*.cpp"))
# What of the library the policy needs besides.
NEEDED = [ROOT / f"lib/{name}.cpp" for name in
          "child_state child_id options text exit_reason cause errc error event platform".split()]
CXX = os.environ.get("CXX", "g++").split() # perhaps "ccache g++"
FLAGS = ["-std=c++20", "-w", "-fPIC", "-D_GLIBCXX_ASSERTIONS", "-DARBORIST_SOURCE",
         "-DBOOST_TEST_DYN_LINK", "-DBOOST_LOG_DYN_LINK",
         "-DBOOST_ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING",
         *(f"-I{ROOT / it}" for it in ("include", "lib", "test"))]
JOBS = os.cpu_count() or 1
# How much time of a processor a test may take, in seconds; a mutant that loops is killed, as one
# that fails is.
PATIENCE = 15

Mutant = collections.namedtuple("Mutant", "file function line before after")


# ---- the list -----------------------------------------------------------------------------------

# What is replaced by what, wherever it occurs in code.
REPLACEMENTS = [
    (r" == ", " != "), (r" != ", " == "),
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" && ", " || "), (r" \|\| ", " && "),
    (r" \+ ", " - "), (r" - ", " + "),
    (r"\+\+", "--"), (r"--", "++"),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\b0\b", "1"), (r"\b1\b", "0"), (r"\b1\b", "2"),
    (r"duration::zero\(\)", "duration(1)"),
    (r"\bnever\b", "now_"),
    (r"(?<![\w)])!(?=[\w(])", ""),
    (r"awaited::ready", "awaited::end"), (r"awaited::end", "awaited::ready"),
    (r"\bany_of\b", "all_of"),
]
# More room than is needed is no mistake; less is (see `machine::act`).
MORE = [(r"\b0\b", "1"), (r"\b1\b", "2")]
NO_STATEMENT = re.compile(r"(return\b.+|case |default:|using |namespace |static |void |bool |auto |"
                          r"else|if |for |while |switch |do |struct |enum |explicit |break|const |"
                          r"[\w:<>]+(<.*>)? (const\b|[*&]?\w+( =|;|\{|\())|[\w:]+&? const|"
                          r"[\w:]+& \w+ =|BOOST_ASSERT|\}|#|\[\[)")
FUNCTION = re.compile(r"(?: {4})?(?!(?:if|for|while|switch|else|do)\b)[^\s}].*?(\w+)\(.*\{$|"
                      r"\S.*?(\w+)\([^)]*,$")


def condition(line):
    """Where the whole condition of an `if` or a `while` on this line begins and ends."""
    found = re.search(r"\b(if|while) \(", line)
    if not found:
        return None
    depth, begin = 1, found.end()
    for end in range(begin, len(line)):
        depth += {"(": 1, ")": -1}.get(line[end], 0)
        if depth == 0:
            return None if ";" in line[begin:end] else (begin, end)
    return None


def is_statement(lines, at):
    """A statement of one line that could be missing."""
    line, before = (it.split("//")[0].strip() for it in (lines[at], lines[at - 1]))
    return (line.endswith(";") and not NO_STATEMENT.match(line)
            and line.count("(") == line.count(")") and not line.startswith((".", "&", "|", "?", ":"))
            and not before.endswith((",", "(", "=", "&&", "||", "?", "+")) or line == "return;")


# ---- which statements do the same in either order -----------------------------------------------
#
# Nobody looks at the policy in the middle of a step, so these are two of which neither changes what
# the other one mentions. Rather too much is taken for changed than too little: a function changes
# all that is mentioned in it and in those that it calls, overloads are one function, and fields of
# the same name are the same, whosever they are.

WORD = r"[A-Za-z_]\w*"
# Of what is not a function of the policy.
ONLY_LOOKS = {"size", "empty", "timeout", "zero"}
# Changes nothing that one could see, but may fail, and then what follows does not happen.
RESERVATION = re.compile(r"\s*(make_room\(|(\w+\.)?reserve\w*\(|"
                         r"spare_pending_ = make_pending\(\);)")


def functions():
    """The bodies of the functions of the policy, by name, and which ones change their arguments."""
    bodies, change_arguments = collections.defaultdict(list), set()
    for file in [*POLICY, *sorted((ROOT / "lib/policy").glob("*.hpp"))]:
        code = re.sub(r"//.*", "", file.read_text())
        for found in re.finditer(rf"^[^\s#}}].*?\b({WORD})\(([^{{}};]*)\)( const)?( noexcept)? "
                                 r"\{\n", code, re.M):
            depth, end = 1, found.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(code[end], 0)
                end += 1
            bodies[found[1]].append(code[found.end():end])
            if any("&" in it and not re.search(r"\bconst\b|^child& ", it.strip())
                   for it in found[2].split(",")):
                change_arguments.add(found[1])
    return dict(bodies), change_arguments


FUNCTIONS, CHANGE_ARGUMENTS = functions()


def called_in(code):
    return set(re.findall(rf"(?<![\w.>:]){WORD}(?=\()", code)) - ONLY_LOOKS


def touched_by(function, seen):
    """Members, and fields of children, that are mentioned in it, and in what it calls."""
    if function in seen:
        return set()
    seen.add(function)
    result = set()
    for body in FUNCTIONS[function]:
        if re.search(r"\bchildren_\[[^]]*\] = ", body):
            return {"*"}
        body = re.sub(r"\bchildren_\[", "[", body) # a child is touched field by field
        result |= set(re.findall(rf"\b\w+_\b|(?<=[.>]){WORD}\b(?!\()", body))
        for it in called_in(body) & FUNCTIONS.keys():
            result |= touched_by(it, seen)
    return result


def effects(statement):
    """What it changes and what else it mentions; None if that cannot be told."""
    code = statement.strip().rstrip(";")
    if code in ("return", "continue", "break"):
        return None
    mentions = set(re.findall(rf"{WORD}(?![\w(]|::)", code))
    changes = set()
    for it in called_in(code):
        if it not in FUNCTIONS or it in CHANGE_ARGUMENTS:
            return None
        changes |= touched_by(it, set())
    for scope, it in re.findall(rf"({WORD})::({WORD})\(", code):
        if scope != "action" and it not in ONLY_LOOKS | {"move", "exchange", "min"}:
            return None
    changes |= {whose for whose, does in
                re.findall(rf"({WORD})(?:\[\w+\])?(?:\.|->)({WORD})\(", code)
                if does not in ONLY_LOOKS}
    changes |= set(re.findall(rf"\bstd::(?:move|exchange)\((?:\w+\.)*({WORD})\b", code))
    changed = re.findall(r"(?:\+\+|--)([\w.]+)", code)
    if assigned := re.match(r"(.*?) [-+]?= ", code):
        changed.append(assigned[1])
    for it in changed:
        if re.fullmatch(r"\*?[a-z_]*[a-z]", it): # may be another name for anything
            return None
        path = re.fullmatch(rf"(?:{WORD}(?:\[\w+\])?\.)*({WORD})", it)
        changes |= {path[1]} if path else set(re.findall(WORD, it))
    return None if "*" in changes else (changes, mentions)


def are_independent(one, other):
    reservations = [bool(RESERVATION.match(it)) for it in (one, other)]
    if any(reservations):
        return all(reservations)
    first, second = effects(one), effects(other)
    return bool(first and second and not first[0] & (second[0] | second[1])
                and not second[0] & first[1])


def mutants_of(file):
    lines = file.read_text().splitlines()
    name = str(file.relative_to(ROOT))
    in_code = file.suffix == ".cpp"
    function = ""
    for at, line in enumerate(lines):
        code = line.split("//")[0].rstrip()
        if not code.strip() or code.startswith(("#", "namespace")):
            continue
        if found := FUNCTION.match(code):
            function = found[1] or found[2]
        if not in_code and not re.search(r"\breturn\b", code):
            continue # of headers only what functions say
        tried = {code}
        def mutant(after, lines_after=1):
            if after not in tried:
                tried.add(after)
                before = "\n".join(it.split("//")[0].rstrip()
                                   for it in lines[at:at + lines_after])
                return Mutant(name, function, at + 1, before, after)
            return None

        for what, by in REPLACEMENTS:
            if (what, by) in MORE and RESERVATION.match(code):
                continue
            for found in re.finditer(what, code):
                yield mutant(code[:found.start()] + by + code[found.end():])
        if where := condition(code):
            yield mutant(f"{code[:where[0]]}!({code[where[0]:where[1]]}){code[where[1]:]}")
        if in_code and is_statement(lines, at):
            indentation = code[:len(code) - len(code.lstrip())]
            yield mutant(indentation + ";")
            if at + 1 < len(lines) and is_statement(lines, at + 1):
                following = lines[at + 1].split("//")[0].rstrip()
                if following.startswith(indentation) and following[len(indentation)] != " ":
                    if not (lines[at - 1].strip().endswith((")", "else"))
                            or are_independent(code, following)):
                        yield mutant(following + "\n" + code, 2)


def all_mutants():
    files = [*POLICY, *sorted((ROOT / "lib/policy").glob("*.hpp"))]
    return [it for file in files for it in mutants_of(file) if it]


# ---- the explained ones -------------------------------------------------------------------------

def key(it):
    plain = lambda text: re.sub(r"\s+", " ", text).strip()
    return f"{it.file} {it.function}".strip(), plain(it.before), plain(it.after)


def explanations():
    """Paragraphs of: file and function, - what is there, + what the mutant has, = why nobody could notice."""
    result = {}
    for paragraph in EXPLAINED.read_text().split("\n\n"):
        lines = [it for it in paragraph.splitlines() if it and not it.startswith("#")]
        if not lines:
            continue
        def part(mark):
            return " ".join(it[1:].strip() for it in lines[1:] if it.startswith(mark))
        result[lines[0], part("-"), part("+")] = part("=")
    return result


# ---- the tests ----------------------------------------------------------------------------------

def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def must(*command):
    done = run([str(it) for it in command])
    if done.returncode != 0:
        sys.exit(f"mutants.py: {' '.join(map(str, command))}\n{done.stdout.decode()[:3000]}")


def compile_object(source, target, *more):
    must(*CXX, *FLAGS, *more, "-c", source, "-o", target)


def build():
    BUILD.mkdir(parents=True, exist_ok=True)
    header = BUILD / "pch" / "policy.hpp"
    header.parent.mkdir(exist_ok=True)
    header.write_text('#include "policy/machine.hpp"\n#include "policy/backoff.hpp"\n')
    must(*CXX, *FLAGS, "-x", "c++-header", header, "-o", f"{header}.gch")
    tests = [*sorted((ROOT / "test/policy").glob("*.cpp")), ROOT / "test/model/random_histories.cpp"]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        objects = [(it, BUILD / f"{it.stem}.o", "-O1") for it in [*POLICY, *NEEDED]]
        objects += [(it, BUILD / f"test_{it.stem}.o", "-O1") for it in [*tests, SUPPORT]]
        list(pool.map(lambda it: compile_object(*it), objects))
    library = BUILD / "original" / "libpolicy.so"
    library.parent.mkdir(exist_ok=True)
    link(library, {})
    names = [it.stem for it in tests]
    for name in names:
        must(*CXX, BUILD / f"test_{name}.o", BUILD / f"test_{SUPPORT.stem}.o", library, "-o", BUILD / name,
             "-lboost_unit_test_framework")
    # Fast ones first.
    late = ["random_walk", "random_histories"]
    return [it for it in names if it not in late] + late[::-1]


def link(library, instead):
    objects = [instead.get(it, BUILD / f"{it.stem}.o") for it in [*POLICY, *NEEDED]]
    must(*CXX, "-shared", "-Wl,-soname,libpolicy.so", *objects, "-o", library)


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def fails(test, directory, steps=None):
    environment = {**os.environ, "LD_LIBRARY_PATH": str(directory)}
    if steps:
        environment |= {"ARBORIST_MODEL_SEED": "1", "ARBORIST_MODEL_STEPS": str(steps),
                        "ARBORIST_MODEL_SHRINK": "0"}
    own = directory / test
    return run([own if own.exists() else BUILD / test], env=environment,
               preexec_fn=limit).returncode != 0


def try_one(number, it, tests):
    """The test that kills it; "" if there is none, None if it does not compile."""
    directory = BUILD / f"mutant-{number}"
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "policy").mkdir(parents=True)
    try:
        return try_in(directory, it, tests)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def try_in(directory, it, tests):
    lines = (ROOT / it.file).read_text().splitlines()
    count = it.before.count("\n") + 1
    lines[it.line - 1:it.line - 1 + count] = it.after.split("\n")
    instead = {}
    if it.file.endswith(".hpp"): # whoever includes it anew
        shutil.copytree(ROOT / "lib/policy", directory / "policy", dirs_exist_ok=True)
        (directory / "policy" / pathlib.Path(it.file).name).write_text("\n".join(lines))
        for source in POLICY:
            instead[source] = directory / f"{source.stem}.o"
            if run([*CXX, f"-I{directory}", *FLAGS, "-c", directory / "policy" / source.name,
                    "-o", instead[source]]).returncode != 0:
                return None
        must(*CXX, f"-I{directory}", *FLAGS, "-c", ROOT / "test/model/random_histories.cpp",
             "-o", directory / "test.o")
    else:
        source = ROOT / it.file
        mutated = directory / source.name
        mutated.write_text("\n".join(lines))
        instead[source] = directory / "mutated.o"
        if run([*CXX, *FLAGS, "-include", BUILD / "pch/policy.hpp", f"-I{ROOT / 'lib/policy'}",
                "-c", mutated, "-o", instead[source]]).returncode != 0:
            return None
    link(directory / "libpolicy.so", instead)
    if it.file.endswith(".hpp"):
        must(*CXX, directory / "test.o", BUILD / f"test_{SUPPORT.stem}.o",
             directory / "libpolicy.so", "-o",
             directory / "random_histories", "-lboost_unit_test_framework")
    own = pathlib.Path(it.file).stem # is the one most likely to fail
    for test in sorted(tests, key=lambda test: test != own):
        if fails(test, directory, 50_000):
            return test
    return "random_histories, long" if fails("random_histories", directory, 1_000_000) else ""


# ---- the report ---------------------------------------------------------------------------------

def show_progress(done, all_of_them):
    if sys.stderr.isatty(): # what is shown next is written over it
        text = f"{done} of {all_of_them}" if done != all_of_them else ""
        print(f"\33[K{text}\r", end="", file=sys.stderr, flush=True)


def show(it, note=""):
    print(f"{it.file}:{it.line} {it.function}{note}")
    for mark, text in (("-", it.before), ("+", it.after)):
        for line in text.split("\n"):
            print(f"  {mark} {line.strip()}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    given = parser.parse_args()

    every = all_mutants()
    explained = explanations()
    stale = set(explained) - {key(it) for it in every}
    chosen = [it for it in every
              if not given.files or it.file in {str(pathlib.Path(f)) for f in given.files}]
    if given.sample is not None:
        print(f"--seed {given.seed}")
        chosen = random.Random(given.seed).sample(chosen, min(given.sample, len(chosen)))
    if given.list:
        for it in chosen:
            show(it)
        print(f"{len(chosen)} mutants")
        return 0

    tests = build()
    for test in tests:
        if fails(test, BUILD / "original", 50_000):
            sys.exit(f"mutants.py: {test} fails without a mutation")
    killed, survivors, needed, not_needed = collections.Counter(), 0, set(), {}
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        verdicts = pool.map(lambda it: try_one(*it, tests), enumerate(chosen))
        for done, (it, verdict) in enumerate(zip(chosen, verdicts), 1):
            show_progress(done, len(chosen))
            if verdict is None:
                killed["(does not compile, not counted)"] += 1
            elif verdict:
                killed[verdict] += 1
                if key(it) in explained:
                    not_needed.setdefault(key(it), verdict)
            elif key(it) in explained:
                needed.add(key(it))
            else:
                survivors += 1
                show(it, ": survives")
    for test, count in killed.most_common():
        print(f"{count:6}  {test}")
    print(f"{len(needed):6}  survive, as is explained\n{survivors:6}  survive")
    for file, before, after in sorted(stale):
        print(f"{EXPLAINED.name}: there is no such mutant any more: {file}\n  - {before}\n  + {after}")
    wrong = set(not_needed) - needed
    for file, before, after in sorted(wrong):
        print(f"{EXPLAINED.name}: is killed by {not_needed[file, before, after]}: {file}\n"
              f"  - {before}\n  + {after}")
    return 1 if survivors or wrong or stale else 0


if __name__ == "__main__":
    sys.exit(main())
