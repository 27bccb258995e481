package dev.machine.cli.command;

import dev.machine.cli.output.Column;
import java.util.List;
import java.util.Map;

/**
 * One machine as {@code ls} shows it.
 *
 * @param active whether DOCKER_HOST points at it
 * @param state as {@link dev.machine.provisioning.lifecycle.Lifecycle.State#word}; empty when it
 *     was not asked
 * @param swarm its master's name; {@code NAME (master)} for the master itself
 * @param master the master's name alone, for filters
 * @param docker the engine's version with a leading v; {@code Unknown} if the engine does not
 *     report it
 * @param labels the engine labels that the user set
 * @param millis how long the answer took
 */
record MachineRow(
        String name,
        boolean active,
        String driver,
        String state,
        String url,
        String swarm,
        String master,
        String platform,
        String docker,
        String error,
        Map<String, String> labels,
        long millis) {

    /** The columns of {@code ls}; the template fields are docker-machine's, and Platform. */
    static final List<Column<MachineRow>> COLUMNS =
            List.of(
                    Column.of("NAME", "Name", "name", MachineRow::name),
                    new Column<>(
                            "ACTIVE",
                            "Active",
                            "active",
                            row -> row.active ? "*" : "",
                            MachineRow::active),
                    Column.of("DRIVER", "DriverName", "driver", MachineRow::driver),
                    Column.of("STATE", "State", "state", MachineRow::state),
                    Column.of("URL", "URL", "url", MachineRow::url),
                    new Column<>("SWARM", "Swarm", "swarm", MachineRow::swarm, MachineRow::master),
                    Column.ofJson("master", row -> row.swarm.endsWith("(master)")),
                    Column.of("PLATFORM", "Platform", "platform", MachineRow::platform),
                    Column.of("DOCKER", "DockerVersion", "docker", MachineRow::docker),
                    Column.of("ERRORS", "Error", "error", MachineRow::error),
                    Column.ofTemplates("ActiveHost", MachineRow::active),
                    Column.ofTemplates("ResponseTime", row -> row.millis + "ms"),
                    Column.ofTemplates("EngineLabels", MachineRow::labels));
}
