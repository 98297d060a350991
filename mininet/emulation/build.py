"""The Maven build: run when sources changed since the last one, as whoever owns the checkout."""

import glob
import hashlib
import os
import pwd
import re
import shlex
import subprocess
import time
import xml.etree.ElementTree
from pathlib import Path

from emulation.trouble import Trouble

REPOSITORY = Path(__file__).resolve().parents[2]
CONTROLLER = REPOSITORY / "mininet" / "controller" / "target" / "ilb-controller"
_STAMP = REPOSITORY / "target" / "built-from"
_SKIPPED = {"target", ".git", "docs", "emulation", "bench", "storebench"}
_MAVEN_ADVICE = re.compile(
    r"To see the full stack trace|Re-run Maven|For more information about the errors|\[Help \d+\] http|After correcting|-rf :"
)
# What the scenarios need; everything else is the tests' and the benchmarks' business.
_MODULES = "app,mininet/controller,mininet/forwarding"


def oar():
    """The application's archive."""
    return _archive(REPOSITORY / "app" / "target", "the application")


def forwarding_oar():
    """The archive of the test's own forwarding application."""
    return _archive(REPOSITORY / "mininet" / "forwarding" / "target", "the forwarding application")


def jdk17():
    """The home of a JDK 17: JAVA_HOME if it is one, else the first found."""
    candidates = [os.environ.get("JAVA_HOME", ""), *sorted(glob.glob("/usr/lib/jvm/*"))]
    for path in os.environ.get("PATH", "").split(":"):
        candidates.append(os.path.dirname(os.path.dirname(os.path.realpath(os.path.join(path, "javac")))))
    for home in filter(None, candidates):
        release = Path(home, "release")
        try:
            if re.search(r'^JAVA_VERSION="17', release.read_text(), re.MULTILINE) and Path(home, "bin/javac").exists():
                return Path(home)
        except OSError:
            continue
    raise Trouble("no JDK 17 was found; install openjdk-17-jdk-headless or set JAVA_HOME")


def ensure(console):
    """Builds what the scenarios need, unless it stands already as the sources say."""
    sources = fingerprint()
    if _STAMP.exists() and _STAMP.read_text() == sources and CONTROLLER.is_dir():
        return
    console.step("building the application and the embedded controller with Maven (once; minutes on an empty machine)")
    maven(console, "install", "-Dmaven.test.skip=true", "-pl", _MODULES, "-am")
    _remember(sources)


def everything(console):
    """Builds all modules from clean and runs their tests; returns what the tests said."""
    sources = fingerprint()
    console.step("building everything from clean and running the Java tests")
    problem = None
    try:
        # A failed test is counted from its report; the rest is built and tested all the same.
        maven(console, "clean", "install", "--fail-at-end", "-Dmaven.test.failure.ignore=true")
        _remember(sources)
    except Trouble as trouble:
        problem = str(trouble)
    return surefire_results(), problem


def maven(console, *arguments):
    """Runs Maven quietly; its output is shown where it fails, and counted module by module while it works."""
    home = jdk17()
    environment = {**os.environ, "JAVA_HOME": str(home)}
    extra = shlex.split(environment.pop("MAVEN_ARGS", ""))
    options = {}
    owner = REPOSITORY.stat().st_uid
    if owner and os.geteuid() == 0:
        # What root builds in somebody's checkout that person could not delete.
        account = pwd.getpwuid(owner)
        environment.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
        options = {"user": owner, "group": account.pw_gid, "extra_groups": os.getgrouplist(account.pw_name, account.pw_gid)}
    words = ["mvn", "--batch-mode", "--no-transfer-progress", *extra, *arguments]
    process = subprocess.Popen(
        words, cwd=REPOSITORY, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", **options,
    )  # fmt: skip
    lines, told = [], time.monotonic()
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            module = re.match(r"\[INFO\] Building (.+?) \S+\s+(\[\d+/\d+\])", line)
            if module:
                console.step(f"  {module[2]} {module[1]}")
                told = time.monotonic()
            elif time.monotonic() - told > 20:
                console.step("  still building")
                told = time.monotonic()
        status = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if status:
        said = [line for line in lines if line.startswith("[ERROR] ") and not _MAVEN_ADVICE.search(line)]
        for line in said[:40] or lines[-40:]:
            console.line("    " + line)
        raise Trouble(f"the build failed: `{shlex.join(words)}` ended with status {status}")


def fingerprint():
    """A digest of all that the build reads."""
    digest = hashlib.sha256()
    for directory, names, files in os.walk(REPOSITORY):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            path = Path(directory, name)
            if name != "pom.xml" and "/src/main/" not in str(path):
                continue
            digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def surefire_results():
    """The results of all Java tests: (passed, names of those that failed, skipped)."""
    passed, failed, skipped = 0, [], 0
    for report in sorted(REPOSITORY.glob("**/target/surefire-reports/TEST-*.xml")):
        for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(f"{case.get('classname')}.{case.get('name')}")
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                passed += 1
    return passed, failed, skipped


def _remember(sources):
    owner = REPOSITORY.stat()
    _STAMP.parent.mkdir(exist_ok=True)
    _STAMP.write_text(sources)
    for path in (_STAMP.parent, _STAMP):
        os.chown(path, owner.st_uid, owner.st_gid)


def _archive(directory, what):
    found = sorted(directory.glob("*.oar"))
    if not found:
        raise Trouble(f"{what} is not built: there is no .oar in {directory.relative_to(REPOSITORY)}")
    return found[-1]
