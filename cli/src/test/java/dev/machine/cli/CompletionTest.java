package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real shells complete; zsh and fish where they are installed. */
class CompletionTest {
    @TempDir Path base;
    @TempDir Path home;
    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(base);
        desk.machine("rack-1-node-4", "tcp://10.0.0.1:2376", false);
        desk.machine("master", "tcp://127.0.0.1:3376", true);
    }

    private String script(String shell) {
        desk.console = new TestConsole();
        assertThat(desk.type("completion " + shell)).isZero();
        assertThat(desk.told()).isEmpty();
        return desk.answer();
    }

    private List<String> run(String shell, String flag, String program) throws Exception {
        Path file = home.resolve("program." + shell);
        Files.writeString(file, program);
        ProcessBuilder builder =
                new ProcessBuilder(
                                flag.isEmpty()
                                        ? List.of(shell, file.toString())
                                        : List.of(shell, flag, file.toString()))
                        .redirectErrorStream(true);
        builder.environment().put("MACHINE_STORAGE_PATH", base.toString());
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().sorted().toList();
    }

    private static boolean installed(String shell) {
        try {
            return new ProcessBuilder(shell, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** What bash offers for a line; its last word is the one that is being typed. */
    private List<String> bash(String line) throws Exception {
        return run(
                "bash",
                "",
                script("bash")
                        + """
                        set -u
                        line=%s
                        COMP_WORDS=(${line%%|})
                        case $line in *' |') COMP_WORDS+=('') ;; esac
                        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                        _machine
                        [ ${#COMPREPLY[@]} = 0 ] || printf '%%s\\n' "${COMPREPLY[@]}"
                        """
                                .formatted("'" + line + "|'"));
    }

    @Test
    void bashCompletesCommandsOptionsAndNames() throws Exception {
        assertThat(bash("machine ")).contains("create", "ls", "swarm", "completion", "help");
        assertThat(bash("machine co")).containsExactly("completion", "config", "context");
        assertThat(bash("machine swarm ")).containsExactly("list", "manage", "status");
        assertThat(bash("machine config ")).containsExactly("master", "rack-1-node-4");
        assertThat(bash("machine config ra")).containsExactly("rack-1-node-4");
        assertThat(bash("machine -s /x --debug ssh ra")).containsExactly("rack-1-node-4");
        assertThat(bash("machine swarm status ")).containsExactly("master", "rack-1-node-4");
        assertThat(bash("machine swarm manage --tls"))
                .containsExactly("--tls", "--tlscacert", "--tlscert", "--tlskey", "--tlsverify");
        assertThat(bash("machine ls --ca")).containsExactly("--cached");
        assertThat(bash("machine swarm manage --master ma")).containsExactly("master");
        assertThat(bash("machine swarm manage --tlscert ")).as("files, by bash itself").isEmpty();
        assertThat(bash("machine create ")).as("a new name").isEmpty();
        assertThat(bash("machine completion ")).containsExactly("bash", "fish", "zsh");
        assertThat(bash("machine nosuch ")).isEmpty();
    }

    @Test
    void bashIsSilentWithoutAStore() throws Exception {
        base = home.resolve("none");
        assertThat(bash("machine config ")).isEmpty();
    }

    /** What the script hands to zsh's own functions, which need a terminal. */
    private List<String> zsh(String words) throws Exception {
        return run(
                "zsh",
                "-f",
                """
                compdef() { : }
                _files() { print -r -- FILES }
                compadd() { shift; print -rl -- "$@" }
                _describe() { print -rl -- ${${(P)@[-1]}%%%%:*} }
                """
                                .replace("%%%%", "%%")
                        + script("zsh")
                        + "words=("
                        + words
                        + ")\nCURRENT=${#words}\n_machine\n");
    }

    @Test
    void zshCompletesCommandsOptionsAndNames() throws Exception {
        assumeTrue(installed("zsh"), "zsh is not installed");
        assertThat(zsh("machine ''")).contains("create", "swarm", "completion", "help");
        assertThat(zsh("machine swarm ''")).containsExactly("list", "manage", "status");
        assertThat(zsh("machine -s /x config ''")).containsExactly("master", "rack-1-node-4");
        assertThat(zsh("machine swarm manage -")).contains("--tlsverify", "--strategy", "-H");
        assertThat(zsh("machine swarm manage --tlscert ''")).containsExactly("FILES");
        assertThat(zsh("machine swarm manage --master ''"))
                .containsExactly("master", "rack-1-node-4");
        assertThat(zsh("machine completion ''")).containsExactly("bash", "fish", "zsh");
    }

    private List<String> fish(String line) throws Exception {
        return run("fish", "-N", script("fish") + "complete -C '" + line + "'\n").stream()
                .map(offer -> offer.replaceFirst("\t.*", ""))
                .toList();
    }

    @Test
    void fishCompletesCommandsOptionsAndNames() throws Exception {
        assumeTrue(installed("fish"), "fish is not installed");
        assertThat(fish("machine ")).contains("create", "swarm", "completion", "help");
        assertThat(fish("machine swarm ")).containsExactly("list", "manage", "status");
        assertThat(fish("machine config ")).containsExactly("master", "rack-1-node-4");
        assertThat(fish("machine -s /x config ra")).containsExactly("rack-1-node-4");
        assertThat(fish("machine swarm manage --tls"))
                .containsExactly("--tls", "--tlscacert", "--tlscert", "--tlskey", "--tlsverify");
        assertThat(fish("machine swarm manage --master ma")).containsExactly("master");
        assertThat(fish("machine completion ")).containsExactly("bash", "fish", "zsh");
    }
}
