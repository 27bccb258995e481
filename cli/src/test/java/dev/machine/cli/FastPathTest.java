package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FastPathTest {
    private static final List<String> NAMES =
            List.of(
                    "node",
                    "master",
                    "failed",
                    "creating",
                    "newer",
                    "torn",
                    "trailing",
                    "empty",
                    "missing",
                    "v6",
                    "a/b",
                    "..",
                    "-x",
                    "");

    @TempDir Path base;

    @BeforeEach
    void fillTheStore() throws IOException {
        machine("node", record("node", "1", "READY", "\"tcp://192.168.1.4:2376\"", false));
        machine("v6", record("v6", "1", "READY", "\"tcp://[fd00::4]:2376\"", false));
        machine("master", record("master", "1", "READY", "\"tcp://127.0.0.1:3376\"", true));
        machine("failed", record("failed", "1", "FAILED", "\"tcp://192.168.1.5:2376\"", false));
        machine("creating", record("creating", "1", "CREATING", "null", false));
        machine("newer", record("newer", "2", "READY", "\"tcp://192.168.1.6:2376\"", false));
        String whole = record("torn", "1", "READY", "\"tcp://192.168.1.7:2376\"", false);
        machine("torn", whole.substring(0, whole.length() - 30));
        machine("trailing", record("trailing", "1", "READY", "\"tcp://1.1.1.1:1\"", false) + "}");
        machine("empty", "");
    }

    static List<List<String>> everyForm() {
        List<List<String>> forms = new ArrayList<>();
        for (String name : NAMES) {
            for (String verb : List.of("config", "url", "ip", "env")) {
                forms.add(List.of(verb, name));
                forms.add(List.of(verb, "--swarm", name));
                forms.add(List.of(verb, name, "--swarm"));
                forms.add(List.of(verb, "--", name));
                forms.add(List.of(verb, name, name));
            }
            for (String shell :
                    List.of("bash", "fish", "tcsh", "cmd", "powershell", "emacs", "?")) {
                forms.add(List.of("env", "--shell", shell, name));
                forms.add(List.of("env", "--swarm", name, "--shell", shell));
            }
            forms.add(List.of("env", "--shell=fish", name));
            forms.add(List.of("env", name, "--shell"));
            forms.add(List.of("env", "--shell", "sh", "--shell", "fish", name));
        }
        forms.add(List.of("config"));
        forms.add(List.of("env", "-u"));
        forms.add(List.of());
        return forms;
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void answersAsTheFullCommandLine(List<String> arguments) {
        TestConsole fast = console();
        TestConsole full = console();

        boolean answered = FastPath.answered(arguments.toArray(String[]::new), fast.console());
        int exit = Wiring.commandLine(full.console()).run(arguments);

        if (answered) {
            assertThat(exit).isZero();
            assertThat(fast.answer()).isEqualTo(full.answer());
            assertThat(fast.told()).isEqualTo(full.told());
        } else {
            assertThat(fast.answer()).isEmpty();
            assertThat(fast.told()).isEmpty();
        }
    }

    @Test
    void answersTheFormsThatStandInsideSubstitutions() {
        for (String form :
                List.of(
                        "config node",
                        "config master --swarm",
                        "config --swarm master",
                        "url node",
                        "ip v6",
                        "env node",
                        "env --shell fish node",
                        "env --swarm master")) {
            assertThat(FastPath.answered(form.split(" "), console().console())).as(form).isTrue();
        }
    }

    @Test
    void leavesWhatIsUnusualToTheFullCommandLine() {
        for (String form :
                List.of(
                        "config newer",
                        "config torn",
                        "config trailing",
                        "config failed",
                        "config node --swarm",
                        "config --check node",
                        "env -u",
                        "ls",
                        "config")) {
            assertThat(FastPath.answered(form.split(" "), console().console())).as(form).isFalse();
        }
    }

    @Test
    void leavesAStoreWithABlankToTheFullCommandLine() {
        TestConsole console = new TestConsole().with("MACHINE_STORAGE_PATH", base + "/a b");
        assertThat(FastPath.answered(new String[] {"config", "node"}, console.console())).isFalse();
        assertThat(Wiring.commandLine(console.console()).run(List.of("config", "node")))
                .isEqualTo(2);
        assertThat(console.told()).contains("contains a blank");
    }

    private TestConsole console() {
        return new TestConsole()
                .with("MACHINE_STORAGE_PATH", base.toString())
                .with("SHELL", "/bin/bash");
    }

    private void machine(String name, String content) throws IOException {
        Path folder = Files.createDirectories(base.resolve("machines").resolve(name));
        Files.writeString(folder.resolve("machine.json"), content);
    }

    private static String record(
            String name, String schema, String phase, String url, boolean master) {
        return """
        {"schema": %s, "name": "%s", "driver": "none", "driverState": {"url": "tcp://x:1", "phase": "READY"},
         "phase": "%s", "future": {"url": "tcp://wrong:1", "list": [1, {"phase": "FAILED"}]}, "url": %s,
         "hostKeys": [], "engine": {"labels": {"schema": "9"}, "registryMirrors": [],
         "insecureRegistries": [], "options": {}, "tlsSans": [], "install": "distro"},
         "swarm": {"cluster": "default", "member": true, "master": %s, "strategy": "spread"}}
        """
                .formatted(schema, name, phase, url, master);
    }
}
