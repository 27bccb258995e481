package dev.machine.provisioning.node;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Restarts an engine that exits at boot because its address is not there yet, until it stays up.
 * Under systemd our drop-in does that; without systemd this shell does, which the init script reads
 * through {@link EngineFiles#DEFAULT}.
 */
public final class RetryAtBoot {
    private static final String CONTENT = ResourceText.read(RetryAtBoot.class, "retry.sh");
    private static final String LINE =
            "if [ -r %1$s ]; then . %1$s; fi # written by machine: the engine is started again until its address is there"
                    .formatted(EngineFiles.RETRY);

    private RetryAtBoot() {}

    public static boolean isMissing(Facts facts) {
        return ServiceManager.find(facts).filter(it -> !it.startsAgain()).isPresent()
                && !(facts.file("retry").equals(Optional.of(CONTENT))
                        && facts.file("default").filter(it -> it.contains(LINE)).isPresent());
    }

    public static void addTo(Script script) {
        ManagedFile.RETRY.write(script, CONTENT.getBytes(StandardCharsets.UTF_8));
        script.include(RetryAtBoot.class, "retry-hook.sh", LINE, EngineFiles.DEFAULT);
    }
}
