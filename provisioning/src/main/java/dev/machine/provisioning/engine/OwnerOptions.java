package dev.machine.provisioning.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The options of dockerd that a node's owner set on its command line: in the unit, in another
 * tool's drop-in, in {@code DOCKER_OPTS}. They move into daemon.json, where they can stand beside
 * machine's.
 *
 * @param settings keys of daemon.json
 * @param command the command line for machine's drop-in
 * @param defaultFile {@code /etc/default/docker} without the moved options; empty if it does not
 *     change
 */
public record OwnerOptions(ObjectNode settings, String command, Optional<String> defaultFile) {
    private static final String VARIABLE = "$DOCKER_OPTS";

    /**
     * Reads them.
     *
     * @param unit as {@code systemctl cat docker.service} prints it; empty without systemd
     * @param usual the command line if there is no unit yet
     * @throws MachineException for options that cannot be moved; it names the file
     */
    public static OwnerOptions of(
            String unit, boolean systemd, Optional<String> defaultFile, String usual) {
        UnitCommand.after(unit)
                .ifPresent(
                        file -> {
                            throw new MachineException(
                                    "%s on the node sets the engine's command line after our %s would"
                                            .formatted(file, EngineFiles.DROP_IN),
                                    "move its options into /etc/docker/daemon.json and remove it, or rename it to"
                                            + " 05-…; nothing was changed on the node",
                                    ExitCode.PRE_CREATE_CHECK);
                        });
        List<String> words =
                Arrays.asList(UnitCommand.withoutHosts(unit).orElse(usual).split("\\s+"));
        DaemonFlags flags = DaemonFlags.of(words.subList(1, words.size()), "docker.service");
        String command = words.getFirst() + " " + String.join(" ", flags.rest());
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.setAll(flags.settings());
        Optional<DefaultFile> file =
                !systemd || command.contains(VARIABLE)
                        ? DefaultFile.of(defaultFile)
                        : Optional.empty();
        Optional<String> rewritten = Optional.empty();
        if (file.isPresent()) {
            DaemonFlags more = DaemonFlags.of(file.get().words(), EngineFiles.DEFAULT);
            DaemonConfig.join(settings, more.settings());
            rewritten =
                    Optional.of(file.get().with(more.rest()))
                            .filter(text -> more.rest().size() < file.get().words().size());
        }
        return new OwnerOptions(settings, command.strip(), rewritten);
    }

    /** No options. */
    static OwnerOptions none() {
        return new OwnerOptions(JsonNodeFactory.instance.objectNode(), "", Optional.empty());
    }
}
