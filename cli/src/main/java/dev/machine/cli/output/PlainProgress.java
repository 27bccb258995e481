package dev.machine.cli.output;

/** {@code NODE | step: message}, one line per event, for logs and pipes. */
final class PlainProgress implements ProgressPrinter {
    private final Console console;
    private final boolean quiet;

    PlainProgress(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Planned planned ->
                    planned.changes()
                            .forEach(
                                    change ->
                                            line(
                                                    event.node(),
                                                    event.step().title() + ": " + change));
            case Applied applied -> line(event.node(), event.step().title() + ": done");
            case Note note -> line(event.node(), event.step().title() + ": " + note.message());
            case Applying applying -> {
                // The plan was printed just before.
            }
            case Failed failed -> {
                // The error is thrown and printed later, with its hint.
            }
        }
    }

    @Override
    public void say(String node, String message) {
        line(node, message);
    }

    @Override
    public void finished(String node, String message) {
        line(node, message);
    }

    @Override
    public void failed(String node, String text) {
        print(text);
    }

    @Override
    public void close() {
        console.err().flush();
    }

    private void line(String node, String message) {
        if (!quiet) {
            print(Lines.of(node, message));
        }
    }

    private void print(String text) {
        console.err().print(text);
        console.err().flush();
    }
}
