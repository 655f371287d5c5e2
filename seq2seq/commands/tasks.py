"""``seq2seq tasks``: list installed and broken tasks."""

SUMMARY = "list the installed tasks"


def main(arguments: list[str]) -> int:
    """Print one line for each task; a broken one is named with its cause."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.plugin.registry import surveyed

    Parser("tasks", "List the installed tasks. A broken one is named with its cause.").parse_args(arguments)
    plugins = surveyed().plugins
    if not plugins:
        print("No tasks are installed.")
    names = max((len(found.name) for found, _ in plugins), default=0)
    versions = max((len(found.version) for found, _ in plugins), default=0)
    for found, task in plugins:
        line = f"broken: {task}" if isinstance(task, str) else task.summary
        print(f"{found.name:<{names}}  {found.version:<{versions}}  {line}")
    return 0
