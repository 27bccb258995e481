package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCommandsTest {
    @TempDir Path base;
    private Desk desk;

    @BeforeEach
    void aBoard() {
        desk = new Desk(base);
        // Nothing listens there: platforms stay unknown.
        desk.machine("rack-1-node-4", "tcp://127.0.0.1:1", false);
        desk.machine("master", "tcp://127.0.0.1:2", true);
    }

    private String said(String line) {
        desk.console = new TestConsole();
        assertThat(desk.type(line)).as(line + ": " + desk.told()).isEqualTo(ExitCode.OK);
        return desk.answer();
    }

    private int fails(String line) {
        desk.console = new TestConsole();
        return desk.type(line);
    }

    @Test
    void setsListsAndForgetsWhatANameMeans() {
        said("image set hello amd64=hello-world arm=hypriot/armhf-hello-world");
        said("image set hello arm64=me/hello:64");
        assertThat(said("image ls"))
                .containsPattern("hello +amd64 +hello-world")
                .containsPattern("hello +arm64 +me/hello:64");
        assertThat(said("image ls -o json")).contains("\"arm\": \"hypriot/armhf-hello-world\"");
        said("image rm hello");
        assertThat(said("image ls")).doesNotContain("hello");
        assertThat(fails("image rm hello")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(desk.told()).contains("the table has no name \"hello\"");
    }

    @Test
    void theRulesOfAiyaraAreAddedOnceAndSayWhatDecided() {
        assertThat(said("image resolve debian --node rack-1-node-4"))
                .contains("debian", "as typed; unknown platforms");
        said("image rules add aiyara");
        said("image rules add aiyara");
        assertThat(said("image rules ls").lines().filter(l -> l.matches("[0-9].*"))).hasSize(2);
        assertThat(said("image resolve debian --node rack-1-node-4"))
                .contains("linux/arm/v7", "aiyara/debian:latest.arm", "rule 1: ^(");
        assertThat(said("image resolve chanwit/zookeeper:3.4.6 -o json"))
                .contains("\"image\": \"aiyara/chanwit_zookeeper:3.4.6.arm\"")
                .contains("\"node\": \"rack-1-node-4\"")
                .doesNotContain("master");
        said("image rules rm 1");
        assertThat(said("image resolve debian")).contains("as typed");
        assertThat(fails("image rules rm 7")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void keysOfOthersSurvive() throws Exception {
        Files.writeString(
                base.resolve("images.yaml"), "future: {a: 1}\nmode: canonical\nimages: {}\n");
        said("image set x default=y");
        assertThat(base.resolve("images.yaml")).content().contains("future:", "canonical", "y");
    }

    @Test
    void exportsWhatImportTakes() throws Exception {
        said("image set hello amd64=hello-world");
        said("image rules add aiyara");
        Path file = base.resolve("exported.yaml");
        Files.writeString(file, said("image export"));
        said("image rm hello");
        said("image set other arm=z");
        said("image import " + file);
        assertThat(said("image ls")).contains("hello", "other");
        assertThat(said("image rules ls -o yaml")).contains("aiyara/$1:$2.$arch");
    }

    @Test
    void refusesWhatAnEndpointCouldNotRead() throws Exception {
        assertThat(fails("image set hello")).isEqualTo(ExitCode.USAGE);
        assertThat(fails("image set hello arm")).isEqualTo(ExitCode.USAGE);
        assertThat(fails("image set hello pdp11=x")).isEqualTo(ExitCode.USAGE);
        assertThat(fails("image set hello arm=BAD")).isEqualTo(ExitCode.USAGE);
        assertThat(fails("image set Hello arm=x")).isEqualTo(ExitCode.USAGE);
        assertThat(desk.type(List.of("image", "rules", "add", "(", "default=x"))).isEqualTo(1);
        assertThat(desk.told())
                .contains("a rule 1 whose match cannot be used", "missing closing ): (");
        assertThat(base.resolve("images.yaml")).doesNotExist();
        Files.writeString(base.resolve("images.yaml"), "rules: 7\n");
        assertThat(fails("image set hello arm=x")).isEqualTo(ExitCode.ERROR);
        assertThat(base.resolve("images.yaml")).hasContent("rules: 7");
    }

    @Test
    void aSwarmManagerIsToldWhenToAsk() {
        assertThat(fails("swarm manage --master master --image-check sometimes"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(desk.told()).contains("--image-check takes always or never");
    }
}
