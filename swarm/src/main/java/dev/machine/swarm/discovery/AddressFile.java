package dev.machine.swarm.discovery;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file with one address, or a range of addresses, on each line (classic swarm's {@code file://}).
 * {@code #} begins a comment; blank lines are ignored. It is read again every heartbeat. If it
 * cannot be read, the last addresses stay valid; a line that is no address is skipped. {@code
 * docker info} shows both as errors.
 */
public final class AddressFile implements AddressSource {
    private final Path file;
    private final Duration heartbeat;
    private final InstantSource clock;
    private @Nullable Instant next;
    private Addresses last = new Addresses(List.of(), Map.of());

    public AddressFile(Path file, Duration heartbeat, InstantSource clock) {
        this.file = file;
        this.heartbeat = heartbeat;
        this.clock = clock;
    }

    @Override
    public Addresses read() {
        Instant now = clock.instant();
        if (next == null || !now.isBefore(next)) {
            next = now.plus(heartbeat);
            last = readFile();
        }
        return last;
    }

    private Addresses readFile() {
        Set<EngineAddress> engines = new LinkedHashSet<>();
        Map<String, String> errors = new TreeMap<>();
        try {
            int number = 0;
            for (String line :
                    new String(AtomicFiles.read(file), StandardCharsets.UTF_8).lines().toList()) {
                number++;
                int comment = line.indexOf('#');
                String item = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!item.isEmpty()) {
                    expand(item, number, engines, errors);
                }
            }
        } catch (IOException e) {
            return new Addresses(
                    last.engines(),
                    Map.of(file.toString(), "cannot read it: " + AtomicFiles.reason(e)));
        }
        return new Addresses(List.copyOf(engines), errors);
    }

    private void expand(
            String item, int number, Set<EngineAddress> engines, Map<String, String> errors) {
        try {
            engines.addAll(EngineAddress.expand(item));
        } catch (MachineException e) {
            errors.put(file + ":" + number, e.sentence());
        }
    }
}
