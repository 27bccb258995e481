package dev.machine.provisioning.node;

import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;

/**
 * Finds why an engine did not start, in what it and the tool that started it have printed since.
 */
public final class EngineFailure {
    /** Runs before the start; prints from where on the log is new. */
    public static final String MARK =
            """
            echo "since=$(date +%s)"
            echo "log=$(cat /var/log/docker.log 2>/dev/null | wc -c)"
            """;

    private static final String SYSTEMDS_OWN =
            "(Failed to start |docker\\.service: (Main process exited|Failed with result|Scheduled restart|Start request|Consumed)).*";

    private EngineFailure() {}

    /**
     * Returns the line that says why.
     *
     * @param started the result of a script that began with {@link #MARK}
     */
    public static String of(NodeShell shell, Facts facts, ScriptResult started) {
        Script script =
                new Script()
                        .run(
                                ServiceManager.of(facts)
                                        .whyItFailed(
                                                number(started, "since"), number(started, "log")));
        String log = shell.asRoot(script).out();
        String tool = started.status() == 0 ? "" : toolsWords(started);
        return log.lines()
                // The last lines are systemd's, that the unit failed; dockerd said the reason
                // before.
                .filter(line -> !line.matches(SYSTEMDS_OWN))
                .filter(line -> line.matches("(?i).*(level=(fatal|error)|failed|unable|cannot).*"))
                .reduce((first, second) -> second)
                .orElse(tool.isEmpty() ? lastLine(log) : tool);
    }

    private static String toolsWords(ScriptResult started) {
        String said =
                started.out()
                        .lines()
                        .filter(line -> !line.matches("(since|log)=\\d+"))
                        .filter(line -> !line.isBlank())
                        .reduce("", (first, second) -> first.isEmpty() ? second : first);
        return said.isEmpty() ? started.err().strip() : said.strip();
    }

    private static String lastLine(String log) {
        return log.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
    }

    private static String number(ScriptResult started, String key) {
        return started.out()
                .lines()
                .filter(line -> line.matches(key + "=\\d{1,15}"))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("0");
    }
}
