package dev.machine.cli.output;

/**
 * The output of {@code --dry-run}: planned changes on standard output, one {@code NODE | step:
 * change} per line. Everything else goes to standard error.
 */
public final class PlanPrinter implements ProgressPrinter {
    private final Console console;
    private final ProgressPrinter others;

    public PlanPrinter(Console console, boolean quiet) {
        this.console = console;
        this.others = new PlainProgress(console, quiet);
    }

    @Override
    public void event(Event event) {
        if (event instanceof Planned planned) {
            StringBuilder text = new StringBuilder();
            for (String change : planned.changes()) {
                text.append(Lines.of(planned.node(), planned.step().title() + ": " + change));
            }
            console.out().print(text);
            console.out().flush();
        } else {
            others.event(event);
        }
    }

    @Override
    public void say(String node, String message) {
        others.say(node, message);
    }

    @Override
    public void finished(String node, String message) {
        others.finished(node, message);
    }

    @Override
    public void failed(String node, String text) {
        others.failed(node, text);
    }

    @Override
    public void close() {
        others.close();
    }
}
