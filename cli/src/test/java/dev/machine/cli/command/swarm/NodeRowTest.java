package dev.machine.cli.command.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.cli.output.Report;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeRowTest {
    private static List<NodeRow> rows() throws Exception {
        return NodeRow.of(
                new ObjectMapper()
                        .readTree(
                                """
                                {"SystemStatus": [["Role", "primary"], ["Strategy", "spread"],
                                 ["Filters", "health"], ["Nodes", "2"],
                                 [" ocean-1", "10.0.0.1:2376"], ["  └ Containers", "3"],
                                 ["  └ Reserved CPUs", "1 / 2"],
                                 ["  └ Reserved Memory", "512 MiB / 2.1 GiB"],
                                 ["  └ Status", "Healthy"], ["  └ Platform", "linux/amd64"],
                                 ["  └ ServerVersion", "20.10.24"], ["  └ New", "x"],
                                 [" 10.0.0.2:2376", "(unknown)"], ["  └ Status", "Pending"],
                                 ["  └ Error", "refused"], "odd", ["", ""]]}
                                """));
    }

    @Test
    void readsTheNodesOfInfo() throws Exception {
        Report report = Report.of(NodeRow.COLUMNS, rows());
        assertThat(report.render(Optional.empty(), Optional.empty(), "Node"))
                .isEqualTo(
                        """
                        NODE            ADDRESS         STATUS    PLATFORM      CONTAINERS   CPUS    MEMORY              ENGINE     ERROR
                        ocean-1         10.0.0.1:2376   Healthy   linux/amd64   3            1 / 2   512 MiB / 2.1 GiB   20.10.24
                        10.0.0.2:2376   (unknown)       Pending                                                                     refused
                        """);
        assertThat(report.render(Optional.empty(), Optional.of("name"), "Node"))
                .isEqualTo("ocean-1\n10.0.0.2:2376\n");
        assertThat(report.render(Optional.of("{{.Node}}={{.Memory}}"), Optional.empty(), "Node"))
                .isEqualTo("ocean-1=512 MiB / 2.1 GiB\n10.0.0.2:2376=\n");
    }

    @Test
    void splitsWhatIsReservedForPrograms() throws Exception {
        assertThat(Report.of(NodeRow.COLUMNS, rows()).structured().getFirst())
                .containsEntry("node", "ocean-1")
                .containsEntry("cpus", Map.of("reserved", "1", "total", "2"));
    }

    @Test
    void hasNoNodesWhereNothingIsSaid() throws Exception {
        assertThat(NodeRow.of(new ObjectMapper().readTree("{}"))).isEmpty();
    }
}
