package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.common.ResourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A shell that runs an endpoint's JVM and starts it again after a crash or when it ran out of
 * memory, with growing pauses. It runs only as long as {@code endpoint.wanted} in the master's
 * folder holds its token: a stop, another start or the removal of the master ends it.
 */
final class Supervisor {
    private static final Duration FAILED_START_LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Path wanted;
    private final Duration failedStartLimit;

    Supervisor(Path machineFolder) {
        this(machineFolder, FAILED_START_LIMIT);
    }

    /**
     * @param failedStartLimit a first run that ends sooner is a failed start, which is not repeated
     */
    Supervisor(Path machineFolder, Duration failedStartLimit) {
        this.wanted = machineFolder.resolve("endpoint.wanted");
        this.failedStartLimit = failedStartLimit;
    }

    /** The command line that runs a command under supervision; an earlier supervisor ends. */
    List<String> over(List<String> command) {
        String token = UUID.randomUUID().toString();
        AtomicFiles.write(wanted, token + "\n", AtomicFiles.PRIVATE);
        List<String> line = new ArrayList<>(List.of("sh", "-c"));
        line.add(ResourceText.read(Supervisor.class, "supervise.sh"));
        line.add("supervise");
        line.add(wanted.toAbsolutePath().toString());
        line.add(token);
        line.add(Long.toString(failedStartLimit.toSeconds()));
        line.add(Long.toString(FIRST_PAUSE.toSeconds()));
        line.addAll(command);
        return line;
    }

    /** Ends the supervision: the endpoint is not started again. */
    void end() {
        try {
            Files.deleteIfExists(wanted);
        } catch (IOException e) {
            throw new MachineException("cannot remove " + wanted + ": " + AtomicFiles.reason(e), e);
        }
    }
}
