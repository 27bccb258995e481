package dev.machine.provisioning.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.node.FactsScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions themselves, with a process that listens and answers as an engine does. */
class EngineShellTest {
    /** Listens on the sockets it is given and answers every request on each of them. */
    private static final String ENGINE =
            """
            $| = 1; my @listening = map { IO::Socket::UNIX->new(Local => $_, Listen => 5) or die } @ARGV; print "up\\n";
            my $select = IO::Select->new(@listening);
            while (my @ready = $select->can_read) { for my $one (@ready) {
                my $client = $one->accept; while (<$client>) { last if /^\\r?$/ }
                print $client "HTTP/1.0 200 OK\\r\\n\\r\\n", q({"ID":"AB:CD","Containers":3,"ContainersRunning":2,"Images":4,"Driver":"overlay2","LiveRestoreEnabled":true,"DockerRootDir":"/srv/data","Labels":["x=\\"LocalNodeState\\":\\"active\\""],"Swarm":{"NodeID":"","LocalNodeState":"inactive"}});
                close $client;
            } }
            """;

    @TempDir private Path folder;

    private String others = ResourceText.read(FactsScript.class, "others.sh");

    private final List<Process> engines = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Process engine : engines) {
            engine.destroyForcibly().waitFor();
        }
    }

    private long engine(String... sockets) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of("perl", "-MIO::Socket::UNIX", "-MIO::Select", "-e", ENGINE));
        command.addAll(List.of(sockets));
        Process engine = new ProcessBuilder(command).redirectErrorStream(true).start();
        engines.add(engine);
        assertThat(engine.inputReader().readLine()).isEqualTo("up");
        return engine.pid();
    }

    private static String ask(String script) throws Exception {
        Process shell =
                new ProcessBuilder("sh", "-c", "set -eu\n" + EngineShell.FUNCTIONS + "\n" + script)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }

    @Test
    void findsTheSocketsOfTheProcessWhereverTheyAre() throws Exception {
        Path one = folder.resolve("one.sock");
        Path two = folder.resolve("two.sock");
        long pid = engine(one.toString(), two.toString());

        assertThat(ask("engine_sockets " + pid)).isEqualTo(one + " own\n" + two + " own");
    }

    @Test
    void leavesOutTheOnesByWhichAnEngineTalksToItself() throws Exception {
        Path metrics = folder.resolve("metrics.sock");
        long pid = engine(metrics.toString());

        assertThat(ask("engine_sockets " + pid)).isEmpty();
    }

    @Test
    void readsItsAnswerByTheSocketThatIsStillThere() throws Exception {
        Path lost = folder.resolve("a-lost.sock");
        Path there = folder.resolve("there.sock");
        long pid = engine(lost.toString(), there.toString());
        Files.delete(lost);

        String values =
                "info=$(engine_info %d); for key in ID Containers ContainersRunning Images Driver DockerRootDir LocalNodeState LiveRestoreEnabled; do printf '%%s ' \"$(echo \"$info\" | info_value $key)\"; done"
                        .formatted(pid);
        assertThat(ask(values)).isEqualTo("AB:CD 3 2 4 overlay2 /srv/data inactive true");
    }

    @Test
    void failsWhereNobodyOnTheNodeCanAskIt() throws Exception {
        Path lost = folder.resolve("lost.sock");
        long pid = engine(lost.toString());
        Files.delete(lost);

        assertThat(ask("if engine_info %d; then echo answers; else echo silent; fi".formatted(pid)))
                .isEqualTo("silent");
    }

    private String initScript(String engines, String then) throws Exception {
        String functions =
                EngineShell.FUNCTIONS
                        .replace("/etc/init.d/docker", folder + "/init")
                        .replace("/etc/default/docker", folder + "/default")
                        .replace("/run/docker-ssd.pid", folder + "/ssd.pid")
                        .replace("/run/systemd/system", folder + "/no-systemd");
        return ask(
                functions
                        + "\nengine_processes() { printf '%s\\n' "
                        + engines
                        + "; }; process_user() { echo 0; }\n"
                        + then);
    }

    @Test
    void withoutSystemdTheEngineIsTheOneThatItsScriptStarted() throws Exception {
        String which = "echo \"<$(engine_pid)>\"";
        assertThat(initScript("41 42", which)).as("no script").isEqualTo("<>");

        Files.writeString(folder.resolve("init"), "DOCKER_SSD_PIDFILE=/var/run/$BASE-ssd.pid\n");
        assertThat(initScript("41 42", which)).as("both by hand").isEqualTo("<>");

        Files.writeString(folder.resolve("ssd.pid"), "42\n");
        assertThat(initScript("41 42", which)).isEqualTo("<42>");
        assertThat(initScript("41", which)).as("by hand, its book is old").isEqualTo("<>");

        Files.writeString(folder.resolve("other.pid"), "41\n");
        Files.writeString(
                folder.resolve("default"),
                "#DOCKER_SSD_PIDFILE=/x\nDOCKER_SSD_PIDFILE=\"%s/other.pid\"\n".formatted(folder));
        assertThat(initScript("41 42", which)).isEqualTo("<41>");

        Files.writeString(folder.resolve("init"), "#!/bin/sh\n[ $1 = status ]\n");
        assertThat(folder.resolve("init").toFile().setExecutable(true)).isTrue();
        assertThat(initScript("42", which)).as("a script of another kind").isEqualTo("<42>");
        Files.writeString(folder.resolve("init"), "#!/bin/sh\nexit 3\n");
        assertThat(initScript("42", which)).isEqualTo("<>");
    }

    /** What is said of a second engine beside process 1. */
    private String beside(long second, String changes) throws Exception {
        return ask(
                "say() { printf '%s=%s\\n' \"$1\" \"$2\"; }\n"
                        + others
                        + "\ndocker_sock="
                        + folder
                        + "/docker.sock; process_user() { echo 0; }; engine_processes() { printf '%s\\n' 1 "
                        + second
                        + "; }; other_listener() { :; }\n"
                        + changes
                        + "other_engines 1");
    }

    private long sleeping(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("perl", "-e", "sleep 100", "--"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).start();
        engines.add(process);
        return process.pid();
    }

    @Test
    void namesAnotherEngineThatReadsTheSameDaemonJson() throws Exception {
        assertThat(beside(sleeping("-H", "unix:///srv/h.sock"), ""))
                .contains("engine.other.1=", "reads /etc/docker/daemon.json too");
        assertThat(beside(sleeping("--config-file=/etc/docker/daemon.json"), ""))
                .contains("reads /etc/docker/daemon.json too");
        assertThat(beside(sleeping("--config-file", "/srv/second.json"), "")).isEmpty();
        assertThat(beside(sleeping("--config-file=/srv/second.json", "-D"), "")).isEmpty();
    }

    @Test
    void anEngineInAContainerHasItsOwnRun() throws Exception {
        long pid = engine(folder.resolve("docker.sock").toString());
        String ownFile = "reads_ours() { return 1; }\n";

        assertThat(beside(pid, ownFile)).contains("engine.other.1=");
        others = others.replace("-ef /run/.", "-ef " + folder + "/.");
        assertThat(beside(pid, ownFile)).isEmpty();
    }
}
