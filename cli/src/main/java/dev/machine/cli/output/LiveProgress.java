package dev.machine.cli.output;

import dev.machine.common.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One live line per node on a terminal: a spinner, the node, its step and the seconds. Drawn with
 * three control sequences of ECMA-48 (cursor up, erase in line, and colours unless NO_COLOR is
 * set). Notes scroll away above these lines.
 */
final class LiveProgress implements ProgressPrinter {
    private static final String[] SPINNER = {"|", "/", "-", "\\"};
    private static final int FRAME_MILLIS = 120;
    private static final int MIN_WIDTH = 40;

    private final Console console;
    private final int width;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final ScheduledExecutorService painter =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private int drawn;
    private int frame;

    private enum Mark {
        RUNNING,
        DONE,
        FAILED
    }

    /** The line of a node; times are of {@link System#nanoTime}. */
    private record Line(Mark mark, String text, long since, long until) {}

    private LiveProgress(Console console, int width) {
        this.console = console;
        this.width = width;
    }

    static LiveProgress start(Console console) {
        int columns = console.variable("COLUMNS").map(LiveProgress::number).orElse(80);
        LiveProgress progress = new LiveProgress(console, Math.max(MIN_WIDTH, columns));
        var _ =
                progress.painter.scheduleAtFixedRate(
                        progress::paint, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
        return progress;
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Planned planned -> update(event.node(), Mark.RUNNING, event.step().title());
            case Applying applying -> update(event.node(), Mark.RUNNING, event.step().title());
            case Applied applied ->
                    update(event.node(), Mark.RUNNING, event.step().title() + ": done");
            case Note note ->
                    above(Lines.of(event.node(), event.step().title() + ": " + note.message()));
            case Failed failed ->
                    update(event.node(), Mark.FAILED, event.step().title() + ": failed");
        }
    }

    @Override
    public void say(String node, String message) {
        update(node, Mark.RUNNING, message);
    }

    @Override
    public void finished(String node, String message) {
        update(node, Mark.DONE, message);
    }

    @Override
    public void failed(String node, String text) {
        update(node, Mark.FAILED, "failed");
        above(text);
    }

    @Override
    public char @Nullable [] standingStill(Supplier<char @Nullable []> question) {
        lock.lock();
        try {
            drawn = 0;
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (painter.isShutdown()) {
            return;
        }
        painter.shutdownNow();
        paint();
    }

    private void update(String node, Mark mark, String text) {
        lock.lock();
        try {
            long now = System.nanoTime();
            Line old = lines.get(node);
            lines.put(node, new Line(mark, text, old == null ? now : old.since, now));
        } finally {
            lock.unlock();
        }
    }

    private void above(String text) {
        lock.lock();
        try {
            StringBuilder screen = new StringBuilder();
            if (drawn > 0) {
                screen.append("\u001b[").append(drawn).append('A');
            }
            for (String line : text.lines().toList()) {
                screen.append("\u001b[2K").append(Printable.line(line)).append('\n');
            }
            drawn = 0;
            print(screen);
        } finally {
            lock.unlock();
        }
        paint();
    }

    private void paint() {
        lock.lock();
        try {
            StringBuilder screen = new StringBuilder();
            if (drawn > 0) {
                screen.append("\u001b[").append(drawn).append('A');
            }
            frame++;
            lines.forEach(
                    (node, line) ->
                            screen.append("\u001b[2K").append(draw(node, line)).append('\n'));
            drawn = lines.size();
            print(screen);
        } finally {
            lock.unlock();
        }
    }

    private String draw(String node, Line line) {
        long end = line.mark == Mark.RUNNING ? System.nanoTime() : line.until;
        String seconds = TimeUnit.NANOSECONDS.toSeconds(end - line.since) + " s";
        String text = node + "  " + Printable.line(line.text);
        int room = width - seconds.length() - 6;
        String fitting = text.length() > room ? text.substring(0, room - 1) + "~" : text;
        return mark(line.mark) + " " + fitting + "  " + seconds;
    }

    private String mark(Mark mark) {
        return switch (mark) {
            case RUNNING -> SPINNER[frame % SPINNER.length];
            case DONE -> colour("32", "+");
            case FAILED -> colour("31", "x");
        };
    }

    private String colour(String code, String text) {
        return console.colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private void print(CharSequence text) {
        console.err().append(text);
        console.err().flush();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 80;
        }
    }
}
