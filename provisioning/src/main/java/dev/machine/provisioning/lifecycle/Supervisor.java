package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A shell around an endpoint's JVM that starts it again when it has run out of memory or crashed,
 * with growing pauses. It goes on only as long as {@code endpoint.wanted} of the master's folder
 * holds the word that it was given: stopping, another start and the removal of the master end it.
 */
final class Supervisor {
    private static final Duration GOOD_START = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Path wanted;
    private final Duration goodStart;

    Supervisor(Path machineFolder) {
        this(machineFolder, GOOD_START);
    }

    /**
     * @param goodStart an end before that, the first time, is a start that failed
     */
    Supervisor(Path machineFolder, Duration goodStart) {
        this.wanted = machineFolder.resolve("endpoint.wanted");
        this.goodStart = goodStart;
    }

    /** The command that runs the given one under supervision, from now on the only one. */
    List<String> over(List<String> command) {
        String token = UUID.randomUUID().toString();
        AtomicFiles.write(wanted, token + "\n", AtomicFiles.PRIVATE);
        List<String> line = new ArrayList<>(List.of("sh", "-c"));
        line.add(Script.packed(Supervisor.class, "supervise.sh"));
        line.add("supervise");
        line.add(wanted.toAbsolutePath().toString());
        line.add(token);
        line.add(Long.toString(goodStart.toSeconds()));
        line.add(Long.toString(FIRST_PAUSE.toSeconds()));
        line.addAll(command);
        return line;
    }

    /** Nobody wants the endpoint any more. */
    void end() {
        try {
            Files.deleteIfExists(wanted);
        } catch (IOException e) {
            throw new MachineException("cannot remove " + wanted + ": " + AtomicFiles.reason(e), e);
        }
    }
}
