package dev.machine.provisioning.step;

import dev.machine.provisioning.node.FileWrite;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step would change.
 *
 * @param lines for a person, one change each, in the imperative: {@code install docker.io}
 * @param files to be written by it
 */
public record Change(List<String> lines, List<FileWrite> files) {
    public Change {
        lines = List.copyOf(lines);
        files = List.copyOf(files);
    }

    /** The same, with one more line. */
    static Change plus(Change change, String line) {
        List<String> lines = new ArrayList<>(change.lines());
        lines.add(line);
        return new Change(lines, change.files());
    }

    public static Change none() {
        return new Change(List.of(), List.of());
    }

    public static Change of(String... lines) {
        return new Change(List.of(lines), List.of());
    }

    public boolean isNone() {
        return lines.isEmpty();
    }
}
