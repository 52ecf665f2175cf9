"""The command line: `flowloom open | worker | run | check | evaluate | import | export | diff | store | backup`."""

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from flowloom import __version__, garbage
from flowloom.errors import FlowloomError, Problem

if TYPE_CHECKING:
    from flowloom.exchange.fidelity import Fidelity
    from flowloom.run.events import RunEvent
    from flowloom.store.templates import Template
    from flowloom.workspace import Workspace

DONE, FAILED, WRONG = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{message[:1].upper()}{message[1:]}. Try `flowloom --help`.", file=sys.stderr)
        raise SystemExit(WRONG)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 the run failed or flows differ, 2 the flow or the call is wrong."""
    call = _parser().parse_args(arguments)
    garbage.pause()  # each command is mostly imports
    try:
        return int(call.command(call))
    except FlowloomError as error:
        return _say(error.problem)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        return FAILED
    except (OSError, sqlite3.Error) as error:
        return _say(_refused(error), FAILED)
    finally:
        garbage.go_on()


def _refused(error: Exception) -> Problem:
    """What this computer did not do, in a sentence."""
    from flowloom.services.disk_failures import disk_problem

    unknown = Problem.of(
        "cli.system",
        "This computer reported an error: {reason}.",
        "Check the disk and the folder of FLOWLOOM_HOME, then try again.",
        reason=getattr(error, "strerror", "") or type(error).__name__,
    )
    return disk_problem(error) or unknown


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="flowloom", description="Weave your own GPT from blocks.")
    parser.add_argument("--version", action="version", version=f"flowloom {__version__}")
    commands = parser.add_subparsers(
        required=True,
        metavar="open | worker | run | check | evaluate | import | export | diff | store | backup",
        parser_class=_Parser,
    )
    opening = commands.add_parser("open", help="start the app and print its address")
    opening.add_argument("--port", type=_port, help="where to answer; the first free one from 8501 on if left out")
    opening.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name it answers to beside localhost; repeatable",
    )
    opening.add_argument("--browser", action="store_true", help="show it in your browser as well")
    opening.add_argument(
        "--team", action="store_true", help="for several people: each signs in with an account of their own"
    )
    opening.set_defaults(command=_open)
    working = commands.add_parser(
        "worker", help="run what nobody waits for, beside the app, on any machine that shares its PostgreSQL"
    )
    working.add_argument(
        "--at-once", type=_count, default=8, metavar="N", help="how many runs go at a time here; 8 if left out"
    )
    working.set_defaults(command=_work)
    running = commands.add_parser("run", help="run a flow with one message and print the answer")
    running.add_argument("flow", type=Path, metavar="FLOW.json")
    running.add_argument("--message", required=True, help="what to say to it; - reads standard input")
    how = running.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print one object: answer, run_id, events")
    how.add_argument("--events", action="store_true", help="print each event as one line of JSON")
    running.set_defaults(command=_run)
    checking = commands.add_parser("check", help="say everything that would stop a flow")
    checking.add_argument("flow", type=Path, metavar="FLOW.json")
    checking.set_defaults(command=_check)
    _add_evaluate(commands)
    importing = commands.add_parser(
        "import", help="keep the GPT of a capsule, a flow file, or a flow of another builder; runs nothing"
    )
    importing.add_argument("file", type=Path, metavar="FILE | FOLDER")
    importing.add_argument("--password", action="store_true", help="ask for the password of a locked capsule")
    importing.add_argument(
        "--report", action="store_true", help="print what came of each part of another builder’s flow"
    )
    importing.set_defaults(command=_import)
    exporting = commands.add_parser("export", help="write a GPT to a capsule, a flow file, a program, …")
    exporting.add_argument("name", metavar="NAME", help="its name, or its id")
    exporting.add_argument("file", type=Path, metavar="FILE")
    exporting.add_argument(
        "--as",
        dest="form",
        default="",
        metavar="FORM",
        help="capsule, json, python, mermaid, words, or a builder; else the ending of FILE tells",
    )
    exporting.add_argument("--report", action="store_true", help="print what comes across and what differs")
    knowledge = exporting.add_mutually_exclusive_group()
    knowledge.add_argument(
        "--without-documents",
        dest="knowledge",
        action="store_const",
        const="none",
        help="leave its documents out of the capsule",
    )
    knowledge.add_argument(
        "--only-index",
        dest="knowledge",
        action="store_const",
        const="index",
        help="of its documents, only what they are found by: passages, whose text can still be read, and vectors",
    )
    exporting.add_argument("--author", default="", help="its author’s name; the capsule is then signed")
    exporting.add_argument("--password", action="store_true", help="ask for a password that opens the capsule")
    exporting.set_defaults(command=_export)
    comparing = commands.add_parser("diff", help="say what is different between two versions, in words")
    comparing.add_argument("flow", type=Path, metavar="A.json")
    comparing.add_argument(
        "other", type=Path, metavar="B.json", nargs="?", help="left out: print A itself in words"
    )
    comparing.set_defaults(command=_diff)
    stores = commands.add_parser("store", help="offer what is in the store to other stores").add_subparsers(
        required=True, metavar="export", parser_class=_Parser
    )
    offering = stores.add_parser("export", help="write its feed and capsules to a folder for any web host")
    offering.add_argument("folder", type=Path, metavar="FOLDER")
    offering.set_defaults(command=_export_store)
    backups = commands.add_parser("backup", help="save everything as one file, or restore it").add_subparsers(
        required=True, metavar="save | list | restore", parser_class=_Parser
    )
    saving = backups.add_parser("save", help="save everything but keys and passwords as one file")
    saving.add_argument("file", type=Path, metavar="FILE")
    saving.set_defaults(command=_save_all)
    backups.add_parser("list", help="print every backup, the newest first").set_defaults(command=_backups)
    restoring = backups.add_parser("restore", help="put a backup in the place of what is kept now")
    restoring.add_argument(
        "name", metavar="NAME", help="a saved file, or a name that `flowloom backup list` prints"
    )
    restoring.set_defaults(command=_restore)
    return parser


def _add_evaluate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    trying = commands.add_parser(
        "evaluate", help="try a flow on the rows of a file; 0 fine, 1 worse or failed rows, 2 cannot run"
    )
    trying.add_argument("flow", metavar="FLOW", help="a flow file, or a GPT by its name")
    trying.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="FILE",
        help="CSV, XLSX or JSONL; also a folder or ZIP file with it and the files of its rows",
    )
    trying.add_argument("--baseline", default="", metavar="V", help="a flow file, or a version by name or number")
    trying.add_argument("--ask", default="", metavar="TEXT", help="what each row asks, with {{column}}")
    trying.add_argument("--expected", default="", metavar="COLUMN", help="the column with the expected answer")
    trying.add_argument("--files", default="", metavar="COLUMN", help="the column that names the files of each row")
    trying.add_argument(
        "--measure", action="append", default=[], metavar="NAME", help="exact, contains, similar, …; repeatable"
    )
    trying.add_argument(
        "--least", type=float, metavar="SHARE", help="1 below this share, such as 0.9, of any share"
    )
    trying.add_argument("--budget", type=float, metavar="DOLLARS", help="spend no more than this")
    trying.add_argument("--at-once", type=int, default=4, metavar="N", help="model calls at the same time, 1 to 32")
    trying.set_defaults(command=_evaluate)


def _port(text: str) -> int:
    if text.isdecimal() and len(text) < 6 and 0 < int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no port: take a number from 1 to 65535")


def _count(text: str) -> int:
    if text.isdecimal() and len(text) < 4 and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no such number: take one from 1 to 999")


def _say(problem: Problem, code: int = WRONG) -> int:
    print(problem.describe(), file=sys.stderr)
    return code


def _open(call: argparse.Namespace) -> int:
    from flowloom.ui.server import make_app, options

    port = {} if call.port is None else {"server.port": call.port}
    if refusal := call.port and _refusal(call.port):
        print(f"Port {call.port} cannot be used: {refusal}. Choose another, or leave out --port.", file=sys.stderr)
        return WRONG
    # Own machine only, also with names of its own: those are for a web server on this machine that leads here.
    make_app(call.host, call.browser, call.team).run(config=options() | port | {"server.address": "localhost"})
    return DONE


def _work(call: argparse.Namespace) -> int:
    from flowloom.serve.leaving import drain_seconds
    from flowloom.worker import Worker, serve_until_told

    garbage.go_on()
    home = _workspace()
    try:
        worker = Worker(home, call.at_once)
        print(f"This worker runs up to {call.at_once} at a time. Ctrl-C stops it.", flush=True)
        serve_until_told(worker, drain_seconds())
    finally:
        home.close()
    return DONE


def _refusal(port: int) -> str:
    """Why this computer does not give us the port; empty where it does."""
    import socket

    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _diff(call: argparse.Namespace) -> int:
    from flowloom.differences import differences
    from flowloom.exchange.outlines import in_words
    from flowloom.flow.file import load_flow

    before = load_flow(call.flow)
    if call.other is None:
        print(in_words(before, before.language))
        return DONE
    after = load_flow(call.other)
    changes = differences(before, after, after.language)
    print("\n".join(changes) or "There is no difference.")
    return FAILED if changes else DONE


def _export_store(call: argparse.Namespace) -> int:
    from flowloom.store_feed import StoreFeed

    home = _workspace()
    try:
        count = StoreFeed(home).write(call.folder)
    finally:
        home.close()
    print(f"{count} GPTs are in {call.folder}. Put it on a web host: others add the address of its feed.json.")
    return DONE


def _backups(call: argparse.Namespace) -> int:
    from datetime import datetime

    home = _workspace()
    try:
        for backup in home.backups.all():
            made = datetime.fromtimestamp(backup.made).strftime("%Y-%m-%d %H:%M")
            print(f"{backup.name}  {made}  {max(1, backup.size // 1000)} kB")
    finally:
        home.close()
    return DONE


def _save_all(call: argparse.Namespace) -> int:
    home = _workspace()
    try:
        saved = home.backups.save_all(call.file)
    finally:
        home.close()
    size = sum(part.size for part in saved.parts.values())
    print(f"Saved as {call.file}: {len(saved.parts)} files, {max(1, size // 1000)} kB before packing.")
    print("Keys, passwords and model files are not in it.")
    return DONE


def _restore(call: argparse.Namespace) -> int:
    home = _workspace()
    try:
        path = Path(call.name)
        is_daily = path.name == call.name and any(each.name == call.name for each in home.backups.all())
        if is_daily or not path.is_file():
            kept = home.take_back(call.name)
        else:
            kept = f"backups/{home.backups.restore_all(path).name}"
    finally:
        home.close()
    print(f"{call.name} is in use now. What was there before is kept as {kept}.")
    return DONE


def _workspace() -> "Workspace":
    """What this installation keeps; what a person has to know of it is said first."""
    from flowloom.workspace import open_workspace

    home = open_workspace()
    for problem in home.notices():
        print(problem.describe(), file=sys.stderr)
    return home


def _import(call: argparse.Namespace) -> int:
    from flowloom.file_exchange import take_in_path

    home = _workspace()
    try:
        flow, notes, report = take_in_path(home, call.file, _password() if call.password else "")
    finally:
        home.close()
    for note in notes:
        print(note.describe(), file=sys.stderr)
    if report:
        _print_report(report, flow.name, whole=call.report)
    print(f"“{flow.name}” is kept under the id {flow.id}.")
    return DONE


def _password() -> str:
    """A password from the terminal, or a line of standard input."""
    from getpass import getpass

    return getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _export(call: argparse.Namespace) -> int:
    from flowloom.exchange.contents import Label
    from flowloom.exchange.packing import CapsuleOptions
    from flowloom.file_exchange import forms, hand_out

    if call.form and call.form not in forms():
        print(f"“{call.form}” is no form: take one of {', '.join(forms())}.", file=sys.stderr)
        return WRONG
    options = CapsuleOptions(
        knowledge=call.knowledge or "sources",
        password=_password() if call.password else "",
        label=Label(author=call.author),
    )
    home = _workspace()
    try:
        handed = hand_out(home, call.name, call.file, options, call.form)
    finally:
        home.close()
    if handed.report:
        _print_report(handed.report, call.name, whole=call.report)
    if handed.held:
        print(f"Look through what leaves: there are keys or personal data in {handed.held}.", file=sys.stderr)
    more = f" and only the search index of {handed.indexed}" if handed.indexed else ""
    print(f"Saved {call.file} with {handed.documents} document{'' if handed.documents == 1 else 's'}{more}.")
    return DONE


def _print_report(report: "Fidelity", name: str, *, whole: bool) -> None:
    from flowloom.exchange.fidelity import GRADES

    if whole:
        print(report.markdown(name))
    else:
        print(", ".join(report.told(grade) for grade in GRADES if report.count(grade)), file=sys.stderr)


def _check(call: argparse.Namespace) -> int:
    from flowloom.flow.file import load_flow
    from flowloom.kinds.registry import all_kinds
    from flowloom.run.planning.check import blocking, find_problems

    problems = find_problems(load_flow(call.flow), all_kinds())
    for problem in problems:
        place = f"[{problem.node}] " if problem.node else ""
        print(f"{place}{problem.describe()}", file=sys.stderr)
    if blocking(problems):
        return WRONG
    print(f"{call.flow.name} is ready to run.")
    return DONE


def _run(call: argparse.Namespace) -> int:
    from flowloom.runner import problems_of
    from flowloom.store.templates import read_template

    message = sys.stdin.read() if call.message == "-" else call.message
    template = read_template(call.flow)
    problems = problems_of(template.flow)
    if problems:
        return _say(problems[0])
    home = _workspace()
    garbage.go_on()
    try:
        return _answer(home, template, message, call)
    finally:
        home.close()


def _evaluate(call: argparse.Namespace) -> int:
    from flowloom.terminal_evaluation import evaluate
    from flowloom.terminal_rows import Wish

    wish = Wish(
        flow=call.flow,
        data=call.data,
        baseline=call.baseline,
        asks=call.ask,
        expected=call.expected,
        files=call.files,
        measures=call.measure,
        least=call.least,
        budget=call.budget,
        at_once=call.at_once,
    )
    home = _workspace()
    garbage.go_on()
    try:
        return evaluate(home, wish)
    finally:
        home.close()


def _answer(home: "Workspace", template: "Template", message: str, call: argparse.Namespace) -> int:
    from flowloom.run.events import event_facts
    from flowloom.store.saved_files import saved_by
    from flowloom.terminal import answer_at_terminal

    events: list[dict[str, Any]] = []

    def on_event(event: "RunEvent") -> None:
        events.append(event_facts(event))
        if call.events:
            print(json.dumps(events[-1], ensure_ascii=False, separators=(",", ":")), flush=True)

    flow = home.intake.flow_of_file(call.flow, template)
    conversation = home.runs.new_conversation(flow.id)
    run_id = home.runner.start(flow, message, conversation, on_event=on_event)
    view = home.runner.finished(run_id)
    while view.state == "paused" and answer_at_terminal(home, conversation):
        view = home.runner.finished(run_id)
    files = saved_by(home.runs, home.files, flow.id, conversation, run_id)
    if call.json:
        told = {"answer": view.text, "run_id": run_id, "files": files, "events": events}
        print(json.dumps(told, ensure_ascii=False))
    elif not call.events:
        print(view.text)
    for file in files:
        print(f"Saved {file['path']}", file=sys.stderr)
    if view.state == "finished":
        return DONE
    if view.state == "paused":
        home.runner.cancel(run_id)
        return _say(
            Problem.of("run.paused", "The run is waiting for approval.", "Run it in a terminal, or in the app."),
            FAILED,
        )
    return _say(view.problem or Problem.of("run.cancelled", "The run was stopped."), FAILED)


if __name__ == "__main__":
    raise SystemExit(main())
