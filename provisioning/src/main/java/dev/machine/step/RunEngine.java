package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.engine.EngineFiles;
import dev.machine.facts.Facts;
import dev.machine.ssh.Result;
import dev.machine.ssh.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the engine, now and at boot, and restarts it only when something was written that it has
 * not read. When it does not come up, the configuration from before is put back and its last words
 * are shown.
 */
final class RunEngine implements Step {
    private static final Duration RESTART = Duration.ofMinutes(5);

    /** An engine that comes late is better than one put back to how it was. */
    private static final Duration ANSWER = Duration.ofSeconds(90);

    @Override
    public String title() {
        return "run engine";
    }

    @Override
    public Change plan(NodeContext node) {
        Facts facts = node.facts();
        List<String> lines = new ArrayList<>();
        if (!facts.engineRuns()) {
            lines.add("start the engine");
        } else if (node.restartNeeded()) {
            lines.add("restart the engine");
        }
        if (!facts.text("engine.enabled").equals("enabled")) {
            lines.add("start the engine at boot");
        }
        return new Change(lines, List.of());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        boolean restart = change.lines().stream().anyMatch(line -> line.endsWith("the engine"));
        boolean systemd = node.facts().init() == Facts.Init.SYSTEMD;
        Script script = new Script();
        if (systemd) {
            script.run("systemctl daemon-reload; systemctl -q enable docker.service 2>&1");
        } else {
            script.run(
                    "update-rc.d docker defaults >/dev/null; update-rc.d docker enable >/dev/null");
        }
        if (restart) {
            script.run(restart(systemd)).run("rm -f {}", EngineFiles.RESTART_PENDING);
        }
        Result result = node.shell().asRoot(script, RESTART);
        if (result.status() == 0 && answers(node)) {
            return;
        }
        String words = lastWords(node, systemd);
        rollBack(node, systemd);
        throw new MachineException(
                "the engine did not come up with the new configuration, and the old one was put back; it said: "
                        + words,
                "mend it on the node or choose other --engine-opt values, then run `machine provision "
                        + node.record().name()
                        + "`",
                ExitCode.ERROR);
    }

    private static String restart(boolean systemd) {
        // A unit that failed too often does not start again before reset-failed.
        return systemd
                ? "systemctl reset-failed docker.service docker.socket 2>/dev/null || true; systemctl restart docker.service"
                : "service docker restart </dev/null >/var/log/machine-restart.log 2>&1 || service docker start"
                        + " </dev/null >>/var/log/machine-restart.log 2>&1";
    }

    private static boolean answers(NodeContext node) {
        long end = System.nanoTime() + ANSWER.toNanos();
        String url = node.record().url().orElseThrow();
        while (true) {
            try {
                node.tools().engines().ask(url, "/version", Duration.ofSeconds(10));
                return true;
            } catch (IOException e) {
                if (System.nanoTime() >= end) {
                    node.note("no answer at " + url + ": " + e.getMessage());
                    return false;
                }
                node.tools().pause().pause(Duration.ofMillis(200));
            }
        }
    }

    private static String lastWords(NodeContext node, boolean systemd) {
        String command =
                systemd
                        ? "journalctl -u docker.service -n 20 --no-pager -o cat 2>/dev/null || true"
                        : "tail -n 20 /var/log/docker.log 2>/dev/null || true";
        String log = node.shell().asRoot(new Script().run(command)).out();
        return log.lines()
                // systemd says last that the unit failed; why it did is what dockerd said before.
                .filter(line -> !line.matches("(Failed to start |docker\\.service: ).*"))
                .filter(line -> line.matches("(?i).*(level=(fatal|error)|failed|unable|cannot).*"))
                .reduce((first, second) -> second)
                .orElse(log.strip());
    }

    private static void rollBack(NodeContext node, boolean systemd) {
        Facts before = node.factsBefore();
        Script script = new Script();
        putBack(script, EngineFiles.DAEMON_JSON, before.file("daemon.json"));
        putBack(script, EngineFiles.MANAGED, before.file("managed.json"));
        if (before.file("default").isPresent()) {
            putBack(script, EngineFiles.DEFAULT, before.file("default"));
        }
        if (systemd) {
            putBack(script, EngineFiles.DROP_IN, before.file("dropin"));
            script.run("systemctl daemon-reload");
        }
        script.run(restart(systemd));
        Result result = node.shell().asRoot(script, RESTART);
        if (result.status() != 0) {
            node.note("the old configuration does not start either: " + result.lastWords());
        }
    }

    private static void putBack(Script script, String file, Optional<String> content) {
        if (content.isPresent()) {
            script.write(file, content.get().getBytes(StandardCharsets.UTF_8), "0644");
        } else {
            script.run("rm -f {}", file);
        }
    }
}
