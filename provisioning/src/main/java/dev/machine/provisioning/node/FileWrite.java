package dev.machine.provisioning.node;

import dev.machine.provisioning.ssh.Script;
import java.nio.charset.StandardCharsets;

/** A file that a step writes on a node. */
public record FileWrite(ManagedFile file, String content) {
    /** Adds shell that writes it. */
    public void addTo(Script script) {
        file.write(script, content.getBytes(StandardCharsets.UTF_8));
    }
}
