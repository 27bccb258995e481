package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageChoice.Refuse;
import dev.machine.swarm.image.ImageChoice.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDecisionTest {
    private static final String AIYARA =
            """
            rules:
              - match: '^([\\w.-]+):([\\w.-]+)$'
                except: [amd64]
                default: 'aiyara/$1:$2.$arch'
              - match: '^([\\w.-]+)/([\\w.-]+):([\\w.-]+)$'
                except: [amd64]
                default: 'aiyara/$1_$2:$3.$arch'
            """;
    private static final String HELLO =
            "images:\n  hello: {amd64: hello-world, arm: hypriot/armhf-hello-world}\n";

    @TempDir Path folder;
    private ImageSettings settings = ImageSettings.NONE;
    private boolean check = true;
    private Map<String, KnownPlatforms> known;

    @BeforeEach
    void aRegistry() {
        known =
                Map.of(
                        "debian:latest", has("linux/amd64"),
                        "multi:latest", has("linux/amd64 linux/arm/v6 linux/arm/v7 linux/arm64"),
                        "v6:latest", has("linux/arm/v6"),
                        "aiyara/debian:latest.arm", has("linux/amd64"),
                        "aiyara/multi:latest.arm", KnownPlatforms.MISSING,
                        "gone:latest", KnownPlatforms.MISSING,
                        "local:latest", new KnownPlatforms.OnlyOn("ocean-1"));
    }

    private static KnownPlatforms has(String platforms) {
        return new KnownPlatforms.Platforms(
                Arrays.stream(platforms.split(" "))
                        .map(Platform::parse)
                        .collect(Collectors.toSet()));
    }

    private void say(String yaml) throws Exception {
        Path file = folder.resolve("images.yaml");
        Files.writeString(file, yaml);
        settings = ImagesFile.read(file);
    }

    private ImageChoice decide(String image, String node, String asked) {
        return new ImageDecision(
                        settings,
                        image,
                        ImageName.parse(image),
                        asked == null ? null : Platform.parse(asked),
                        check)
                .on(
                        new ImageNode("node", Platform.parse(node)),
                        name -> known.getOrDefault(name, KnownPlatforms.UNKNOWN));
    }

    private String image(String image, String node) {
        return decide(image, node, null) instanceof Use use ? use.image() : null;
    }

    private String reason(String image, String node) {
        return decide(image, node, null) instanceof Refuse refuse ? refuse.reason() : null;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "debian,linux/amd64,debian",
                "multi,linux/arm/v7,multi",
                "multi,linux/arm/v6,multi",
                "multi,linux/arm/v5,none",
                "v6,linux/arm/v7,v6",
                "v6,linux/amd64,none",
                "debian,linux/arm/v7,none",
                "nobody/knows,linux/arm/v7,nobody/knows",
                "gone,linux/arm/v7,gone",
                "local,linux/arm/v7,none",
            })
    void withoutSettingsTheNameGoesWhereItHasAPlatform(String name, String node, String gets) {
        assertThat(image(name, node)).isEqualTo(gets);
    }

    @Test
    void aRefusalNamesTheImageTheNodeAndThePlatformsThereAre() {
        assertThat(reason("docker.io/library/debian", "linux/arm/v7"))
                .isEqualTo("debian: no image for linux/arm/v7 (node); have linux/amd64");
        assertThat(reason("local", "linux/amd64"))
                .isEqualTo("local: in no registry, so not for node; it is on ocean-1");
    }

    @ParameterizedTest
    @CsvSource({
        "debian,linux/amd64,debian",
        "debian,linux/arm/v7,aiyara/debian:latest.arm",
        "debian:latest,linux/arm/v6,aiyara/debian:latest.arm",
        "docker.io/library/debian,linux/arm/v7,aiyara/debian:latest.arm",
        "hello-world,linux/arm64,aiyara/hello-world:latest.arm64",
        "nginx,linux/386,aiyara/nginx:latest.386",
        "chanwit/zookeeper:3.4.6,linux/arm/v7,aiyara/chanwit_zookeeper:3.4.6.arm",
        "aiyara/debian:latest.arm,linux/arm/v7,aiyara/debian:latest.arm",
        "aiyara/nginx:latest.arm64,linux/arm64,aiyara/nginx:latest.arm64",
        "aiyara/chanwit_zookeeper:3.4.6.arm,linux/arm/v7,aiyara/chanwit_zookeeper:3.4.6.arm",
        // the rule's image is known to be missing: the list itself has one
        "multi,linux/arm/v7,multi",
    })
    void theRulesOfAiyara(String name, String node, String gets) throws Exception {
        say(AIYARA);
        assertThat(image(name, node)).isEqualTo(gets);
    }

    @Test
    void aDigestIsNeverRewritten() throws Exception {
        say(AIYARA);
        String digest = "debian@sha256:" + "ab".repeat(32);
        assertThat(image(digest, "linux/arm/v7")).isEqualTo(digest);
    }

    @Test
    void aRulesImageIsUsedWithoutACheckIfChecksAreOff() throws Exception {
        say(AIYARA);
        check = false;
        assertThat(image("multi", "linux/arm/v7")).isEqualTo("aiyara/multi:latest.arm");
    }

    @Test
    void aRewrittenNameOfAnotherNodeStaysAndItsPlatformsAreChecked() throws Exception {
        say(AIYARA);
        known = Map.of("aiyara/debian:latest.arm", has("linux/arm/v7"));
        assertThat(reason("aiyara/debian:latest.arm", "linux/amd64"))
                .isEqualTo(
                        "aiyara/debian:latest.arm: no image for linux/amd64 (node); have linux/arm/v7");
    }

    @ParameterizedTest
    @CsvSource({
        "hello,linux/amd64,hello-world",
        "hello:latest,linux/amd64,hello-world",
        "docker.io/library/hello,linux/arm/v7,hypriot/armhf-hello-world",
        "hello,linux/arm/v6,hypriot/armhf-hello-world",
        "hello,linux/arm64,hello",
        "hello-world,linux/arm/v7,hello-world",
    })
    void theTable(String name, String node, String gets) throws Exception {
        say(HELLO);
        assertThat(image(name, node)).isEqualTo(gets);
    }

    @ParameterizedTest
    @CsvSource({
        "'{arm: loose, arm/v7: near, linux/arm/v7: exact}',exact",
        "'{arm: loose, arm/v7: near}',near",
        "'{armv7l: uname, arm: loose}',loose",
        "'{armhf: debian, armv7l: uname}',uname",
        "'{arm32v7: official, default: other}',official",
        "'{amd64: no, default: other}',other",
    })
    void fieldsAreTriedFromExactToLoose(String fields, String gets) throws Exception {
        say("images: {x: " + fields + "}\n");
        assertThat(image("x", "linux/arm/v7")).isEqualTo(gets);
    }

    @Test
    void theTableComesBeforeTheRules() throws Exception {
        say(HELLO + AIYARA);
        assertThat(image("hello", "linux/arm/v7")).isEqualTo("hypriot/armhf-hello-world");
        assertThat(image("hello", "linux/arm64")).isEqualTo("aiyara/hello:latest.arm64");
    }

    @Test
    void inCanonicalModeTheTableGivesEveryArchitecture() throws Exception {
        say("mode: canonical\n" + HELLO);
        assertThat(reason("hello", "linux/arm64"))
                .isEqualTo("hello: the table has no image for linux/arm64 (node)");
        assertThat(image("debian", "linux/amd64")).isEqualTo("debian");
    }

    @Test
    void aTableMayGiveAnArchitectureTheNameItself() throws Exception {
        say("images: {nginx: {amd64: nginx, arm: foo/nginx}}\n");
        assertThat(image("nginx", "linux/arm/v7")).isEqualTo("foo/nginx");
        assertThat(image("nginx", "linux/amd64")).isEqualTo("nginx");
    }

    @ParameterizedTest
    @CsvSource({
        "'{match: ''^(.+):(.+)$'', arm: ''arm32v7/$1:$2'', arm64: ''arm64v8/$1:$2''}',arm32v7/debian:latest",
        "'{match: ''^(.+):(.+)$'', default: ''$1:$2-$arch$variant''}',debian:latest-armv7",
        "'{match: ''^(.+):(.+)$'', default: ''$1:$2'', arm: ''rpi-$1:$2''}',rpi-debian:latest",
        "'{match: ''^debian'', default: ''x''}',debian",
    })
    void rulesOfOtherKinds(String rule, String gets) throws Exception {
        known = Map.of();
        say("rules: [" + rule + "]\n");
        assertThat(image("debian", "linux/arm/v7")).isEqualTo(gets);
        assertThat(image(gets, "linux/arm/v7")).isEqualTo(gets);
    }

    @Test
    void theFirstRuleThatMatchesWins() throws Exception {
        say(
                "rules: [{match: 'debian:.*', except: [armhf], default: one}, {match: '.*', default: two}]");
        known = Map.of();
        assertThat(image("debian", "linux/arm/v7")).isEqualTo("debian");
        assertThat(image("debian", "linux/arm64")).isEqualTo("one");
        assertThat(image("nginx", "linux/arm64")).isEqualTo("two");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "multi,linux/amd64,linux/amd64,multi",
                "multi,linux/amd64,linux/arm/v7,none",
                "multi,linux/arm/v7,linux/arm/v7,multi",
                "multi,linux/arm64,linux/arm/v7,multi",
                "multi,linux/arm/v7,linux/arm/v5,none",
                "debian,linux/arm/v7,linux/amd64,none",
                "multi,linux/arm/v7,linux,multi",
            })
    void anAskedPlatformMustBeTheNodesAndTheImages(
            String name, String node, String asked, String gets) {
        ImageChoice choice = decide(name, node, asked);
        assertThat(choice instanceof Use use ? use.image() : null).isEqualTo(gets);
    }

    @Test
    void asksOnlyForWhatItNeedsToKnow() throws Exception {
        say(HELLO + AIYARA);
        Platform arm = Platform.parse("arm");
        Platform amd64 = Platform.parse("amd64");
        assertThat(questions("hello", arm)).isEmpty();
        assertThat(questions("debian", amd64)).containsExactly("debian:latest");
        assertThat(questions("debian", arm))
                .containsExactly("aiyara/debian:latest.arm", "debian:latest");
        check = false;
        assertThat(questions("debian", arm)).isEmpty();
    }

    private Set<String> questions(String image, Platform platform) {
        return new ImageDecision(settings, image, ImageName.parse(image), null, check)
                .questions(platform);
    }
}
