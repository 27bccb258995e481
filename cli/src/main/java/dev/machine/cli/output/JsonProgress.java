package dev.machine.cli.output;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON object per line on standard output: {@code event} (plan, apply, applied, note, failed,
 * done), {@code node}, and depending on the event {@code step}, {@code changes}, {@code message}.
 * These keys must not change.
 */
public final class JsonProgress implements ProgressPrinter {
    private final Console console;

    public JsonProgress(Console console) {
        this.console = console;
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Planned planned ->
                    line("plan", event.node(), event.step().title(), "changes", planned.changes());
            case Applying applying ->
                    line("apply", event.node(), event.step().title(), "", List.of());
            case Applied applied ->
                    line("applied", event.node(), event.step().title(), "", List.of());
            case Note note ->
                    line("note", event.node(), event.step().title(), "message", note.message());
            case Failed failed ->
                    line("failed", event.node(), event.step().title(), "message", failed.message());
        }
    }

    @Override
    public void say(String node, String message) {
        line("note", node, "", "message", message);
    }

    @Override
    public void finished(String node, String message) {
        line("done", node, "", "message", message);
    }

    @Override
    public void failed(String node, String text) {
        console.err().print(text);
        console.err().flush();
    }

    @Override
    public void close() {
        console.out().flush();
    }

    private void line(String kind, String node, String step, String key, Object value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", kind);
        fields.put("node", node);
        if (!step.isEmpty()) {
            fields.put("step", step);
        }
        if (!key.isEmpty()) {
            fields.put(key, value);
        }
        console.out().print(Structured.json(fields) + '\n');
        console.out().flush();
    }
}
