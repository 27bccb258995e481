package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.engine.DaemonConfig;
import dev.machine.engine.EngineFiles;
import dev.machine.engine.UnitCommand;
import dev.machine.facts.Facts;
import dev.machine.ssh.Result;
import dev.machine.ssh.Script;
import dev.machine.step.Change.FileWrite;
import dev.machine.template.Templates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes daemon.json and, under systemd, the drop-in that takes {@code -H} off the command line.
 * Containers that run are kept: live-restore is written alone and taken by SIGHUP first, because an
 * engine that is restarted while it is being turned on still kills them.
 */
final class ConfigureEngine implements Step {
    private static final String USUAL_COMMAND =
            "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS";

    @Override
    public String title() {
        return "configure engine";
    }

    @Override
    public Change plan(NodeContext node) {
        Facts facts = node.facts();
        boolean swarmMode = facts.find("engine.swarm").isPresent();
        DaemonConfig config =
                DaemonConfig.merge(
                        facts.file("daemon.json"),
                        facts.file("managed.json"),
                        node.wish(),
                        !swarmMode);
        List<String> lines = new ArrayList<>();
        List<FileWrite> files = new ArrayList<>();
        if (!config.changedKeys().isEmpty()) {
            lines.add("set " + String.join(", ", config.diff()) + " in " + EngineFiles.DAEMON_JSON);
            files.add(new FileWrite(EngineFiles.DAEMON_JSON, config.content(), "0644"));
        }
        if (facts.init() == Facts.Init.SYSTEMD) {
            String dropIn = dropIn(facts);
            if (!facts.file("dropin").equals(java.util.Optional.of(dropIn))) {
                lines.add("write " + EngineFiles.DROP_IN);
                files.add(new FileWrite(EngineFiles.DROP_IN, dropIn, "0644"));
            }
        }
        boolean managedDiffers =
                !facts.file("managed.json").equals(java.util.Optional.of(config.managed()));
        if (managedDiffers) {
            lines.add("write " + EngineFiles.MANAGED);
            // Last, so that a run cut short still knows what it set before.
            files.add(new FileWrite(EngineFiles.MANAGED, config.managed(), "0644"));
        }
        if (!lines.isEmpty()) {
            node.needRestart();
        }
        return new Change(lines, files);
    }

    private static String dropIn(Facts facts) {
        String command = UnitCommand.withoutHosts(facts.unit()).orElse(USUAL_COMMAND);
        return Templates.render("10-machine.conf", Map.of("command", command));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Facts facts = node.facts();
        Script script = Original.remember(new Script());
        if (facts.engineRuns() && facts.runningContainers() > 0) {
            keepContainers(node, script);
        }
        script.run("touch {}", EngineFiles.RESTART_PENDING);
        change.files().forEach(file -> script.write(file.path(), file.bytes(), file.mode()));
        Result result = node.shell().asRoot(script, Duration.ofSeconds(90));
        if (result.status() != 0) {
            throw new MachineException(
                    "the engine's configuration could not be written: " + result.lastWords(),
                    "its containers and its old configuration are as they were",
                    ExitCode.ERROR);
        }
    }

    private static void keepContainers(NodeContext node, Script script) {
        Facts facts = node.facts();
        if (facts.find("engine.swarm").isPresent()) {
            throw new MachineException(
                    "%d containers run on an engine in swarm mode, which has no live-restore: a restart would stop them"
                            .formatted(facts.runningContainers()),
                    "stop them first, or leave swarm mode (docker swarm leave)",
                    ExitCode.PRE_CREATE_CHECK);
        }
        script.write(
                        EngineFiles.DAEMON_JSON,
                        DaemonConfig.withLiveRestore(facts.file("daemon.json"), true)
                                .getBytes(StandardCharsets.UTF_8),
                        "0644")
                .run(
                        """
                        # perl-base is essential on Debian; curl and the docker CLI are not.
                        live() { perl -MIO::Socket::UNIX -e '
                            my $s = IO::Socket::UNIX->new(Peer => "/var/run/docker.sock") or exit 1;
                            print $s "GET /info HTTP/1.0\\r\\n\\r\\n"; local $/; exit(<$s> =~ /"LiveRestoreEnabled":true/ ? 0 : 1)'; }
                        if ! live; then
                            kill -HUP {}
                            for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                                if live; then break; fi
                                sleep 0.25
                            done
                            live || { echo "the running engine did not turn live-restore on; a restart would stop its containers" >&2; exit 75; }
                        fi
                        """,
                        facts.text("engine.pid"));
    }
}
