package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.api.Route.AnsweredBy;
import dev.machine.swarm.api.Route.Refused;
import dev.machine.swarm.api.Route.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of all calls in docs/endpoint.md comes from the routes. */
class ApiTableTest {
    private static final Path PAGE =
            Path.of("").toAbsolutePath().getParent().resolve("docs/endpoint.md");
    private static final String BEGIN =
            "<!-- The table up to the next comment is what ApiTableTest makes of the routes. -->\n";
    private static final String END = "<!-- End of the table. -->\n";

    /** Calls with the same methods and the same answer. */
    private record Row(String methods, List<String> paths, String answer) {
        @Override
        public String toString() {
            String shown =
                    paths.stream().map(path -> "`" + path + "`").collect(Collectors.joining(", "));
            return "| " + methods + " | " + shown + " | " + answer + " |\n";
        }
    }

    @Test
    void theTableInTheDocumentationIsThatOfTheRoutes() throws IOException {
        String table = table();
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        assertThat(page).contains(BEGIN, END);
        assertThat(page.substring(begin, page.indexOf(END)))
                .as("put this into %s:\n%s", PAGE, table)
                .isEqualTo(table);
    }

    private static String table() {
        List<Row> rows = new ArrayList<>();
        for (Route route : RequestBodiesTest.routes()) {
            Row row = new Row(methods(route), new ArrayList<>(List.of(path(route))), answer(route));
            Row last = rows.isEmpty() ? row : rows.getLast();
            if (last != row && last.methods.equals(row.methods) && last.answer.equals(row.answer)) {
                last.paths.addAll(row.paths);
            } else {
                rows.add(row);
            }
        }
        return "| method | path | answered by |\n|---|---|---|\n"
                + rows.stream().map(Row::toString).collect(Collectors.joining());
    }

    private static String methods(Route route) {
        return route.methods().size() > 2
                ? "any"
                : route.methods().stream().sorted().collect(Collectors.joining(", "));
    }

    private static String path(Route route) {
        return route.path().replaceAll("\\*+", "NAME");
    }

    private static String answer(Route route) {
        String answer =
                switch (route.handling()) {
                    case Served(AnsweredBy by, _) ->
                            switch (by) {
                                case ENDPOINT -> "the endpoint itself";
                                case ONE_NODE -> "one node";
                                case ALL_NODES -> "all nodes, merged";
                            };
                    case Refused(int status, Unsupported why) -> status + ": " + why.reason();
                };
        return route.hijacks() ? answer + "; the connection becomes a stream" : answer;
    }
}
