package dev.machine.facts;

import static org.assertj.core.api.Assertions.assertThat;

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
}
