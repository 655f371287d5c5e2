"""``seq2seq tasks``: list installed and broken tasks; ``seq2seq new-task NAME``: generate a plugin skeleton."""

from pathlib import Path

from seq2seq.errors import UserError

SUMMARY = "list the installed tasks"


def main(arguments: list[str]) -> int:
    """Print one line per task; for a broken task it gives the cause."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.plugin.registry import surveyed

    Parser("tasks", "List the installed tasks. A broken one is named with its cause.").parse_args(arguments)
    plugins = surveyed().plugins
    if not plugins:
        print("No tasks are installed.")
    names = max((len(plugin.name) for plugin, _ in plugins), default=0)
    versions = max((len(plugin.version) for plugin, _ in plugins), default=0)
    for plugin, task in plugins:
        line = f"broken: {task}" if isinstance(task, str) else task.summary
        print(f"{plugin.name:<{names}}  {plugin.version:<{versions}}  {line}")
    return 0


class NewTask:
    """The subcommand ``new-task``."""

    SUMMARY = "write a plugin of your own to start from"

    @staticmethod
    def main(arguments: list[str]) -> int:
        """Write the plugin, and print the next steps.

        Raises:
            UserError: If the name or verb is invalid or taken, or if the folder is not empty.
        """
        from seq2seq.command_line.arguments import Parser
        from seq2seq.plugin.new_task import require_free, write

        parser = Parser("new-task", "Write a plugin to start from: seq2seq new-task NAME")
        parser.add_argument("name", metavar="NAME", help="the task's name: letters, digits and _, such as dates")
        parser.add_argument("--verb", metavar="VERB", help="the command that applies a trained model (default: NAME)")
        parser.add_argument("--folder", metavar="FOLDER", help="a new folder for it (default: seq2seq-NAME)")
        options = parser.parse_args(arguments)
        name, verb = options.name, options.verb or options.name
        require_free(name, verb)
        folder = Path(options.folder or f"seq2seq-{name.replace('_', '-')}").expanduser()
        if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
            raise UserError(f"{folder} exists already: choose another place with --folder, or remove it.")
        write(folder, name, verb)
        print(f"{folder} contains the task '{name}'. Next:\n")
        print(f"  cd {folder}\n  pip install -e '.[dev]'\n  pytest\n  seq2seq fit {name} --data.train FILE.tsv\n")
        print("docs/plugins.md describes what a task can do.")
        return 0
